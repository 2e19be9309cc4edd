import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { packConfiguration } from "../policies/policy-file";
import { PACKS } from "../policies/packs";
import { callersPath, checkoutRoot } from "../rehearsal/checkout";
import { Problem } from "../rehearsal/problem";
import { policyFilesOf, readPolicyFile } from "./policy-file";

/** Policy packs that judge every preview and update. */
export const POLICY_PACKS = Object.keys(PACKS);

/** Options of the commands that policy packs judge. */
export interface PolicyOptions {
  /** Items `pack=file`, each a JSON file with levels and parameters of that pack's rules. */
  policyConfig: string[];
  /** Policy file for all packs in place of the stack's own. */
  policies?: string;
  /** Profile in place of the one in the policy file. */
  policyProfile?: string;
}

/** How the policy packs are to judge one Pulumi command. */
export interface StackPolicies {
  /** Arguments of the command. */
  arguments: string[];
  /** Removes the files that the arguments name and that were written for them. */
  remove: () => Promise<void>;
}

/**
 * Makes the policy packs judge a Pulumi command on a stack, as its policy file says: the one that was named, or else
 * `stacks/policies.<stack>.yaml` or `stacks/policies.yaml`.
 *
 * @throws {Problem} when an item names no pack or no file, or the policy file has mistakes.
 */
export async function stackPolicies(options: PolicyOptions, stack: string): Promise<StackPolicies> {
  const { policyConfig, policies, policyProfile } = options;
  const named = policies === undefined ? undefined : callersPath(policies);
  const candidates = policyFilesOf(join(checkoutRoot(), "stacks"), stack);
  const file = await readPolicyFile(named, candidates, policyProfile);
  const nothing = () => Promise.resolve();
  if (Object.keys(file.content).length === 0) return { arguments: policyArguments(policyConfig), remove: nothing };
  // Items of the command line first: where they are wrong, no folder is left.
  policyArguments(policyConfig);
  const folder = await mkdtemp(join(tmpdir(), "mlstack-policies-"));
  const written = await Promise.all(
    POLICY_PACKS.map(async (pack) => {
      const path = join(folder, `${pack}.json`);
      await writeFile(path, `${JSON.stringify(packConfiguration(pack, file.content), undefined, 2)}\n`);
      return `${pack}=${path}`;
    }),
  );
  // Of two items for one pack the later counts.
  return {
    arguments: policyArguments([...written, ...policyConfig]),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/**
 * Arguments that make the policy packs judge a Pulumi command.
 *
 * @param configuration items `pack=file`, each a JSON file with levels and parameters of that pack's rules.
 * @throws {Problem} when an item names no pack or no file.
 */
export function policyArguments(configuration: string[]): string[] {
  const files = new Map(configuration.map(parseItem));
  const folder = join(checkoutRoot(), "policies");
  // Pulumi matches configurations to packs by their order, so that one for a pack takes one for each.
  return POLICY_PACKS.flatMap((pack) => [
    "--policy-pack",
    join(folder, pack),
    ...(files.size > 0 ? ["--policy-pack-config", files.get(pack) ?? join(folder, "defaults.json")] : []),
  ]);
}

function parseItem(item: string): [pack: string, file: string] {
  const [, pack, file] = /^([^=]+)=(.+)$/.exec(item) ?? [];
  const remedy = `Write --policy-config PACK=FILE with PACK one of ${POLICY_PACKS.join(", ")}.`;
  if (pack === undefined || file === undefined || !POLICY_PACKS.includes(pack)) {
    throw new Problem(`--policy-config "${item}" names no policy pack`, remedy);
  }
  if (!existsSync(callersPath(file))) throw new Problem(`--policy-config "${item}": ${file} does not exist`, remedy);
  return [pack, callersPath(file)];
}
