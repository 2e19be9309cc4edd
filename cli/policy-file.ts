import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { arrayAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../components/model";
import { PROFILES } from "../policies/engine/rule";
import { settingsOf } from "../policies/engine/settings";
import { ALL_RULES } from "../policies/packs";
import { callersPath } from "../rehearsal/checkout";
import { Problem } from "../rehearsal/problem";
import { nearest } from "./check/nearest";
import { plain } from "./check/plain";
import { decoded } from "./check/text";
import { FAULTS } from "./check/yaml";

/** A policy file that was read: the settings of all packs together. */
export interface PolicyFile {
  /** Undefined where there is none and every rule is as it is by default. */
  path: string | undefined;
  content: TreeObject;
}

/**
 * Reads a policy file.
 *
 * @param path the file that was asked for; undefined for the first of `candidates` that exists, which may be none.
 * @param profile takes the place of the profile in the file.
 * @throws {Problem} when the file is not there, or is no YAML, or has mistakes; all of them are named.
 */
export async function readPolicyFile(
  path: string | undefined,
  candidates: string[],
  profile?: string,
): Promise<PolicyFile> {
  const chosen = path ?? candidates.find((candidate) => existsSync(candidate));
  const given = Object.entries(chosen === undefined ? {} : await contentOf(chosen));
  // A key with nothing behind it is one that was not filled in.
  const filled = Object.fromEntries(given.filter(([, value]) => value !== null));
  const content = { ...filled, ...(profile === undefined ? {} : { profile }) };
  const { problems } = settingsOf(chosen ?? "--profile", ALL_RULES, content);
  if (problems.length > 0) {
    const lines = problems.map(({ path: at, observed, allowed }) => {
      const wrong = wrongId(at, content);
      const right = wrong === undefined ? allowed : `a rule, such as ${nearest(wrong, RULE_IDS).join(", ")}`;
      return plain(`${at} is ${observed}; allowed: ${right}`);
    });
    throw new Problem(
      `the policy file cannot be used:\n${lines.join("\n")}`,
      `It has the keys profile (${PROFILES.join(", ")}), rules, exemptions and guesses; docs/policies.md tells more.`,
    );
  }
  return { path: chosen, content };
}

/** Where a policy file is looked for, from where the command was called, when no environment is judged. */
export function callersPolicyFiles(): string[] {
  return ["policies.yaml", join("stacks", "policies.yaml")].map(callersPath);
}

/** The policy files of an environment: its own, or else the one of all. */
export function policyFilesOf(folder: string, stack: string): string[] {
  return [join(folder, `policies.${stack}.yaml`), join(folder, "policies.yaml")];
}

const RULE_IDS = [...new Set(ALL_RULES.map(({ id }) => id))];

/** The id at the end of a path into the policy file that no rule has; undefined where the path is about anything else. */
function wrongId(path: string, content: TreeObject): string | undefined {
  const index = /\.exemptions\[(\d+)\]\.rule$/.exec(path)?.[1];
  const id =
    index === undefined
      ? Object.keys(objectAt(content, "rules") ?? {}).find((key) => path.endsWith(`.rules.${key}`))
      : stringAt(arrayAt(content, "exemptions")[Number(index)], "rule");
  return id === undefined || RULE_IDS.includes(id) ? undefined : id;
}

async function contentOf(path: string): Promise<TreeObject> {
  const remedy = "Name a YAML file with the keys profile, rules, exemptions and guesses; docs/policies.md tells more.";
  const bytes = await readFile(path).catch(() => {
    throw new Problem(`the policy file ${path} cannot be read`, remedy);
  });
  const content = decoded(bytes);
  if ("fault" in content) throw new Problem(`the policy file ${path} cannot be read: ${content.fault}`, remedy);
  const document = parseDocument(content.text, { logLevel: "error", prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    throw new Problem(`the policy file ${path} is no YAML: in line ${line}, ${FAULTS[error.code]}`, remedy);
  }
  const tree = treeOf(document);
  if (tree === undefined) throw new Problem(`the policy file ${path} has an alias without an anchor`, remedy);
  if (!isTreeObject(tree)) throw new Problem(`the policy file ${path} holds no object`, remedy);
  return tree;
}

function treeOf(document: ReturnType<typeof parseDocument>): Tree {
  try {
    return (document.toJS() ?? {}) as Tree;
  } catch {
    return undefined;
  }
}
