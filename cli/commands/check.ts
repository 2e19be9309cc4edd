import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { dayOf } from "../../policies/engine/days";
import { subjectsOf } from "../../policies/engine/written-resource";
import { callersPath, checkoutRoot } from "../../rehearsal/checkout";
import { Problem } from "../../rehearsal/problem";
import { check, isBlocking, type CheckResult } from "../check/checking";
import { explainedRules, explanationOf } from "../check/explanation";
import { writeFixes } from "../check/fixing";
import { asJson } from "../check/formats/json";
import { asJunit } from "../check/formats/junit";
import { asSarif } from "../check/formats/sarif";
import { asTable } from "../check/formats/table";
import { readInput, type CheckedInput } from "../check/input";
import { readPolicyFile } from "../policy-file";

/** Options of `mlstack check`. */
export interface CheckOptions {
  policies?: string;
  profile?: string;
  format: string;
  output?: string;
  fix?: boolean;
  explain?: string;
}

/** Formats of the findings by the name that chooses them. */
const FORMATS: Record<string, (result: CheckResult, input: CheckedInput) => string> = {
  table: asTable,
  json: asJson,
  sarif: (result) => asSarif(result, versionOfThis()),
  junit: (result, input) => asJunit(result, titlesOf(input)),
};

/** Names of the formats. */
export const CHECK_FORMATS = Object.keys(FORMATS);

/** File names at which a policy file is looked for where none is named. */
const POLICY_FILES = ["policies.yaml", join("stacks", "policies.yaml")];

/**
 * Judges manifests outside Pulumi by the rules of all packs.
 *
 * @returns 0 when nothing mandatory was found, 1 otherwise.
 * @throws {Problem} when the input or the policy file cannot be read; the command then ends with 2.
 */
export async function checkManifests(paths: string[], options: CheckOptions): Promise<number> {
  if (options.explain !== undefined) return explain(options.explain);
  if (paths.length === 0) {
    throw new Problem("there is nothing to check", "Name files, folders, or - for the standard input.");
  }
  if (options.fix === true && paths.includes("-")) {
    throw new Problem("--fix cannot write to the standard input", "Name a file, or leave --fix out.");
  }
  const { content } = await readPolicyFile(namedFile(options), POLICY_FILES.map(callersPath), options.profile);
  const today = dayOf(new Date());
  const input = await readInput(paths, () => text(process.stdin));
  let result = check(input.documents, content, today);
  if (options.fix === true) {
    const written = await writeFixes(result.findings, input.files);
    for (const { file, rule, object } of written) process.stderr.write(`fixed ${rule} of ${object} in ${file}\n`);
    result = check((await readInput(paths, () => Promise.resolve(""))).documents, content, today);
  }
  for (const hint of input.hints) process.stderr.write(`${hint}\n`);
  process.stderr.write(`${coverage(input)}\n`);
  const output = (FORMATS[options.format] ?? asTable)(result, input);
  if (options.output === undefined) process.stdout.write(output);
  else await writeFile(callersPath(options.output), output);
  return result.findings.some(isBlocking) ? 1 : 0;
}

function namedFile({ policies }: CheckOptions): string | undefined {
  return policies === undefined ? undefined : callersPath(policies);
}

/** Prints all that there is to say of a rule. */
function explain(id: string): number {
  const all = explainedRules();
  const found = all.find((rule) => rule.id === id.toUpperCase());
  if (found === undefined) {
    throw new Problem(`there is no rule "${id}"`, `The rules are ${all.map((rule) => rule.id).join(", ")}.`);
  }
  process.stdout.write(explanationOf(found));
  return 0;
}

function coverage({ documents, files, passedOver }: CheckedInput): string {
  const rest = passedOver > 0 ? `; ${passedOver} documents are no resources` : "";
  return `${documents.length} ${documents.length === 1 ? "resource" : "resources"} in ${files.length} ${files.length === 1 ? "file" : "files"}${rest}`;
}

function titlesOf({ documents }: CheckedInput): { file: string; title: string }[] {
  const subjects = subjectsOf(documents.map(({ resource }) => resource));
  return subjects.map(({ title }, index) => ({ file: documents[index]?.file ?? "", title }));
}

function versionOfThis(): string {
  const manifest = JSON.parse(readFileSync(join(checkoutRoot(), "package.json"), "utf8")) as { version: string };
  return manifest.version;
}
