import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { POLICY_PACKS } from "../cli/policy-packs";
import { checkoutRoot } from "../rehearsal/checkout";

/** A pack that is measured. */
export interface Pack {
  name: string;
  folder: string;
}

/** The packs of this project. */
export function ownPacks(): Pack[] {
  return POLICY_PACKS.map((name) => ({ name, folder: join(checkoutRoot(), "policies", name) }));
}

/** A pack whose only policy does nothing. */
export function emptyPack(scratch: string): Promise<Pack> {
  const program = `const policy = { name: "nothing", description: "Nothing.", validateResource: () => undefined };
new PolicyPack("empty", { policies: [policy] });`;
  return writtenPack(scratch, "empty", program);
}

/** The packs of this project with a policy for each rule, as most packs are written. */
export function packsOfSinglePolicies(scratch: string): Promise<Pack[]> {
  const compiled = (file: string) => JSON.stringify(join(checkoutRoot(), "bin", "policies", file));
  return Promise.all(
    POLICY_PACKS.map((name) => {
      const program = `const { policiesOf } = require(${compiled("engine/family.js")});
const { RULES } = require(${compiled(`${name}/rules.js`)});
const policies = RULES.flatMap((rule, index) =>
  policiesOf([rule])
    .filter((policy) => "judge" in rule === "validateResource" in policy)
    .map((policy) => ({ ...policy, name: rule.id + "-" + index })),
);
new PolicyPack("${name}-single", { policies });`;
      return writtenPack(scratch, `${name}-single`, program);
    }),
  );
}

async function writtenPack(scratch: string, name: string, program: string): Promise<Pack> {
  const folder = join(scratch, `${name}-pack`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "PulumiPolicy.yaml"), "runtime: nodejs\n");
  await writeFile(join(folder, "package.json"), JSON.stringify({ name, version: "0.0.1", main: "index.js" }));
  const start = 'const { PolicyPack } = require("@pulumi/policy");\n';
  await writeFile(join(folder, "index.js"), `${start}${program}\nrequire("node:module").flushCompileCache();\n`);
  return { name: `${name} pack`, folder };
}
