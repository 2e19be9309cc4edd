import { existsSync } from "node:fs";
import { join } from "node:path";
import { callersPath, checkoutRoot } from "../rehearsal/checkout";
import { Problem } from "../rehearsal/problem";

/** Policy packs that judge every preview and update. */
export const POLICY_PACKS = ["pod-security", "gpu-ml"];

/**
 * Arguments that make the policy packs judge a Pulumi command.
 *
 * @param configuration Items `pack=file`, each a JSON file with levels and parameters of that pack's rules.
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
