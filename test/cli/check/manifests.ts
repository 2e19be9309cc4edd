import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { check, type CheckedFinding } from "../../../cli/check/checking";
import { explainedRules } from "../../../cli/check/explanation";
import { planFixes, writeFixes, type FixPlan } from "../../../cli/check/fixing";
import { readInput } from "../../../cli/check/input";
import type { TreeObject } from "../../../components/model";

/** Day of these tests. */
export const TODAY = "2026-11-26";

/** A policy file in which all rules but some are disabled, so that new ones do not change what tests expect. */
export function onlyRules(...ids: string[]): TreeObject {
  const others = explainedRules().filter(({ id }) => !ids.includes(id));
  return { rules: Object.fromEntries(others.map(({ id }) => [id, "disabled"])) };
}

/** The rules that most of these tests are about. */
export const SOME: TreeObject = onlyRules("GPU-01", "GPU-02", "POD-01", "POD-22");

/** A pod with a privileged container, an image without a tag, and a GPU without a toleration. */
export const POD = `# my pod
apiVersion: v1
kind: Pod
metadata: {name: mnist, namespace: ml}
spec:
  containers:
    - name: main
      image: registry.example/mnist # floating
      resources: {limits: {nvidia.com/gpu: 1}}
      securityContext: {privileged: true}
`;

/** What GPU-02 says of {@link POD}. */
export const TOLERATION_FINDING =
  "[GPU-02] Pod ml/mnist: spec.tolerations is without a match for the taint nvidia.com/gpu:NoSchedule; " +
  'allowed: tolerations that match every taint of GPU nodes. Add { key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }.';

/** Stands for the standard input where there is none. */
export const none = (): Promise<string> => Promise.resolve("");

/** A folder that is there for one test. */
export interface Scratch {
  readonly folder: string;
  readonly file: (name: string, content: string | Uint8Array) => Promise<string>;
}

/** Makes a folder for each test of a suite. */
export function scratch(): Scratch {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "mlstack-check-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });
  return {
    get folder() {
      return folder;
    },
    file: async (name, content) => {
      const path = join(folder, name);
      await writeFile(path, content);
      return path;
    },
  };
}

/** Findings in some files. */
export async function judged(paths: string[], configuration: TreeObject = SOME): Promise<CheckedFinding[]> {
  return check((await readInput(paths, none)).documents, configuration, TODAY).findings;
}

/** Makes the fixes in a file, as `--fix` does. */
export async function fixed(path: string, configuration: TreeObject = SOME): Promise<FixPlan> {
  const input = await readInput([path], none);
  const plan = planFixes(check(input.documents, configuration, TODAY).findings, input.files);
  await writeFixes(plan);
  return plan;
}
