import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GoRunner } from "./go-runner";
import { PINS } from "./pins";

/**
 * Puts the two data files that the provider's main program embeds beside it: its schema, with the version filled in,
 * and the names of its Terraform cousin. They are 8 MB of generated text, so the checkout does not carry them.
 */
export async function addProviderData(sources: string, go: GoRunner): Promise<void> {
  const module = `github.com/pulumi/pulumi-kubernetes/provider/v4@${PINS.kubernetesProviderModule}`;
  const { Dir } = JSON.parse(await go(["mod", "download", "-json", module])) as { Dir: string };
  const data = join(Dir, "cmd", "pulumi-resource-kubernetes");
  await copyFile(join(data, "terraform-mapping.json"), join(sources, "terraform-mapping.json"));
  const schema = JSON.parse(await readFile(join(data, "schema.json"), "utf8")) as Record<string, unknown>;
  await writeFile(join(sources, "schema.json"), JSON.stringify({ ...schema, version: PINS.kubernetesProvider }));
}
