import { relative } from "node:path";
import { buffer } from "node:stream/consumers";
import { dayOf } from "../../policies/engine/days";
import { subjectsOf } from "../../policies/engine/written-resource";
import { callersPath } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { check, isBlocking, type CheckResult } from "../check/checking";
import { ENGINE_IDS, engineExplanationOf } from "../check/engine-findings";
import { explainedRules, explanationOf } from "../check/explanation";
import { leftOutLine, planFixes, writeFixes } from "../check/fixing";
import { asJson } from "../check/formats/json";
import { asJunit } from "../check/formats/junit";
import { asSarif } from "../check/formats/sarif";
import { asTable } from "../check/formats/table";
import { readInput, type CheckedInput } from "../check/input";
import { nearest } from "../check/nearest";
import { plain } from "../check/plain";
import { refuseUnwritable, writeOutput } from "../output-file";
import { callersPolicyFiles, readPolicyFile } from "../policy-file";
import { versionOfThis } from "../version";

/** Options of `mlstack check`. */
export interface CheckOptions {
  policies?: string;
  profile?: string;
  format: string;
  output?: string;
  fix?: boolean;
  dryRun?: boolean;
  showExempted?: boolean;
  allowEmpty?: boolean;
  explain?: string;
}

/** What a check found, with all that a format may tell. */
interface Outcome {
  result: CheckResult;
  input: CheckedInput;
  policyFile: string | undefined;
  showExempted: boolean | undefined;
}

/** Formats of the findings by the name that chooses them. */
const FORMATS: Record<string, (outcome: Outcome) => string> = {
  table: ({ result }) => asTable(result),
  json: ({ result }) => asJson(result),
  sarif: ({ result, policyFile, showExempted }) =>
    asSarif(result, { version: versionOfThis(), policyFile, showExempted }),
  junit: ({ result, input }) => asJunit(result, titlesOf(input)),
};

/** Names of the formats. */
export const CHECK_FORMATS = Object.keys(FORMATS);

/**
 * Judges manifests outside Pulumi by the rules of all packs.
 *
 * @returns 0 when nothing mandatory was found, 1 otherwise.
 * @throws {Problem} when the input or the policy file cannot be read, or a file not be written; the command then ends
 * with 2.
 */
export async function checkManifests(paths: string[], options: CheckOptions): Promise<number> {
  if (options.explain !== undefined) return explain(options.explain);
  const { output, fix = false, dryRun = false, allowEmpty = false, showExempted } = options;
  refuseContradictions(paths, options);
  const { content, path } = await readPolicyFile(namedFile(options), callersPolicyFiles(), options.profile);
  const file = output === undefined ? undefined : { path: output, content: "the findings", option: "--output" };
  if (file !== undefined) await refuseUnwritable(file);
  const today = dayOf(new Date());
  let input = await readInput(paths, () => buffer(process.stdin));
  if (input.empty.length > 0 && !allowEmpty) {
    throw new Problem([...input.hints, ...input.empty].join("\n"), "Name what holds resources, or say --allow-empty.");
  }
  let result = check(input.documents, content, today);
  if (fix) {
    const plan = planFixes(result.findings, input.files);
    if (!dryRun) await writeFixes(plan);
    for (const { file, rule, object } of plan.fixes) {
      tell(`${dryRun ? "would fix" : "fixed"} ${rule} of ${plain(object)} in ${plain(file)}`);
    }
    const leftOut = leftOutLine(plan);
    if (leftOut !== undefined) tell(leftOut);
    if (!dryRun && plan.texts.size > 0) {
      input = await readInput(paths, () => Promise.resolve(""));
      result = check(input.documents, content, today);
    }
  }
  for (const hint of [...input.hints, ...input.empty]) tell(hint);
  tell(coverage(input));
  const policyFile = path === undefined ? undefined : relative(callersPath("."), path);
  const text = (FORMATS[options.format] ?? FORMATS["table"]!)({ result, input, policyFile, showExempted });
  if (file === undefined) process.stdout.write(text);
  else await writeOutput(file, text);
  return result.findings.some(isBlocking) ? 1 : 0;
}

function refuseContradictions(paths: string[], { fix = false, dryRun = false }: CheckOptions): void {
  if (paths.length === 0) {
    throw new Problem("there is nothing to check", "Name files, folders, or - for the standard input.");
  }
  if (dryRun && !fix) throw new Problem("--dry-run tells what --fix would do", "Name --fix, too.");
  if (fix && !dryRun && paths.includes("-")) {
    throw new Problem("--fix cannot write to the standard input", "Name a file, or leave --fix out.");
  }
}

function namedFile({ policies }: CheckOptions): string | undefined {
  return policies === undefined ? undefined : callersPath(policies);
}

/** Prints all that there is to say of a rule. */
function explain(given: string): number {
  const id = given.toUpperCase();
  const all = explainedRules();
  const found = all.find((rule) => rule.id === id);
  const page = found === undefined ? engineExplanationOf(id) : explanationOf(found);
  if (page === undefined) {
    const near = nearest(id, [...all.map((rule) => rule.id), ...ENGINE_IDS]);
    throw new Problem(
      `there is no rule "${plain(given)}"`,
      `Did you mean ${near.join(" or ")}? docs/policies/README.md lists all.`,
    );
  }
  process.stdout.write(page);
  return 0;
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

function coverage({ documents, files, passedOver }: CheckedInput): string {
  const rest = passedOver === 1 ? "; 1 document is no resource" : `; ${passedOver} documents are no resources`;
  return `${counted(documents.length, "resource")} in ${counted(files.length, "file")}${passedOver > 0 ? rest : ""}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function titlesOf({ documents }: CheckedInput): { file: string; title: string }[] {
  const subjects = subjectsOf(documents.map(({ resource }) => resource));
  return subjects.map(({ title }, index) => ({ file: documents[index]?.file ?? "", title }));
}
