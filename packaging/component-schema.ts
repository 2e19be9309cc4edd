import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import { checkoutRoot } from "../rehearsal/checkout";

/** What Pulumi's analyser writes of a property that is a provider, and what Pulumi's other languages can read. */
const PROVIDER_REFERENCE = { written: /^(\/([^/]+)\/v[^#]*)#\/resources\/\2$/, read: "$1#/provider" } as const;

/**
 * The schema of the components, as Pulumi's own analyser reads it from the sources; without a version, which changes with
 * each release.
 *
 * The analyser takes the provider of a package for one of its resources, which loads in no language: it has a place of its own
 * in a schema.
 *
 * @param components Exports of the modules that have the components.
 * @see https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ read on 2026-11-27
 */
export function componentSchema(components: object): { resources: Record<string, object> } {
  const names = new Set(getPulumiComponents(components).map(({ name }) => name));
  const manifest = { name: "mlstack", main: "components/index.ts" };
  const {
    components: read,
    typeDefinitions,
    dependencies,
  } = new Analyzer(checkoutRoot(), manifest.name, manifest, names).analyze();
  const schema: unknown = generateSchema(manifest.name, "0.0.0", "", read, typeDefinitions, dependencies);
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === "$ref" && typeof value === "string"
      ? value.replace(PROVIDER_REFERENCE.written, PROVIDER_REFERENCE.read)
      : value,
  ) as { resources: Record<string, object> };
}
