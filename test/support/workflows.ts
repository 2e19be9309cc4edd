import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { parse } from "yaml";
import { files, read } from "./pages";

/** A step of a job, as far as the tests look. */
export interface WorkflowStep {
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  with?: Record<string, unknown>;
  "working-directory"?: string;
  "continue-on-error"?: boolean;
}

/** A job of a workflow. */
export interface WorkflowJob {
  "timeout-minutes"?: number;
  permissions?: Record<string, string>;
  environment?: string;
  steps: WorkflowStep[];
}

/** A workflow of GitHub with its text. */
export interface Workflow {
  path: string;
  text: string;
  name: string;
  on: unknown;
  permissions?: Record<string, string>;
  concurrency?: { group: string; "cancel-in-progress": boolean };
  jobs: Record<string, WorkflowJob>;
}

/** Every workflow that the examples hold. */
export const workflows: Workflow[] = files
  .filter((path) => /^examples\/.*\.yaml$/.test(path) && /^jobs:/m.test(read(path)))
  .map((path) => ({ path, text: read(path), ...(parse(read(path)) as Omit<Workflow, "path" | "text">) }));

/** Steps of all jobs of a workflow. */
export function stepsOf({ jobs }: Workflow): WorkflowStep[] {
  return Object.values(jobs).flatMap(({ steps }) => steps);
}

/** A call of an npm script or of the command line in a script of the shell: its words without quotes. */
export interface ToolCall {
  /** Name of the npm script; undefined where the command line is called without npm. */
  script: string | undefined;
  words: string[];
}

const CALL = /(?:npm run ([\w-]+)|node \S*cli\/bootstrap\.js mlstack)(?: --)?((?: [^\n|;&>]*)?)/g;

/** Calls in a script, with what its arrays can hold in their place. */
export function callsIn(script: string): ToolCall[] {
  const whole = script.replaceAll(/\\\n\s*/g, "");
  const arrays = new Map(
    [...whole.matchAll(/(\w+)=\(([^)\s][^)]*)\)/g)].map(([, name = "", words = ""]) => [name, words]),
  );
  return [...whole.matchAll(CALL)].map(([, name, rest = ""]) => {
    const filled = rest.replaceAll(/"\$\{(\w+)\[@\]\}"/g, (_, array: string) => arrays.get(array) ?? "");
    const words = filled.split(/\s+/).filter((word) => word !== "");
    return { script: name, words: words.map((word) => word.replace(/^"(.*)"$/, "$1")) };
  });
}

/** Runs the script of a step as GitHub's runners do by default, and tells with what it ended. */
export async function runStep(
  workspace: string,
  { run = "", ...step }: WorkflowStep,
  variables: Record<string, string> = {},
): Promise<number | null> {
  const child = spawn("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", run], {
    cwd: join(workspace, step["working-directory"] ?? ""),
    env: { ...process.env, ...variables, INIT_CWD: undefined },
    stdio: "ignore",
  });
  const [code] = (await once(child, "close")) as [number | null];
  return code;
}
