import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { isTreeObject, type Tree, type TreeObject } from "../components/model";
import { PROFILES } from "../policies/engine/rule";
import { settingsOf } from "../policies/engine/settings";
import { ALL_RULES } from "../policies/packs";
import { Problem } from "../rehearsal/problem";

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
  const given = chosen === undefined ? {} : await contentOf(chosen);
  const content = { ...given, ...(profile === undefined ? {} : { profile }) };
  const { problems } = settingsOf(chosen ?? "--profile", ALL_RULES, content);
  if (problems.length > 0) {
    const lines = problems.map(({ path: at, observed, allowed }) => `${at} is ${observed}; allowed: ${allowed}`);
    throw new Problem(
      `the policy file cannot be used:\n${lines.join("\n")}`,
      `It has the keys profile (${PROFILES.join(", ")}), rules, exemptions and guesses; docs/policies.md tells more.`,
    );
  }
  return { path: chosen, content };
}

/** The policy files of an environment: its own, or else the one of all. */
export function policyFilesOf(folder: string, stack: string): string[] {
  return [join(folder, `policies.${stack}.yaml`), join(folder, "policies.yaml")];
}

async function contentOf(path: string): Promise<TreeObject> {
  const remedy = "Name a YAML file with the keys profile, rules, exemptions and guesses; docs/policies.md tells more.";
  const text = await readFile(path, "utf8").catch(() => {
    throw new Problem(`the policy file ${path} cannot be read`, remedy);
  });
  try {
    const content = (parse(text) ?? {}) as Tree;
    if (isTreeObject(content)) return content;
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new Problem(`the policy file ${path} is no YAML: ${error.message.split("\n")[0] ?? ""}`, remedy);
  }
  throw new Problem(`the policy file ${path} holds no object`, remedy);
}
