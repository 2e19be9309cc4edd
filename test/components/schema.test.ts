import { join } from "node:path";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { Analyzer } from "@pulumi/pulumi/provider/experimental/analyzer";
import { generateSchema } from "@pulumi/pulumi/provider/experimental/schema";
import { describe, expect, it } from "vitest";
import * as components from "../../components";
import { expectGolden } from "../support/golden";
import { type PackageSchema, platformArguments } from "../support/platform-arguments";

const root = join(__dirname, "..", "..");
const names = new Set(getPulumiComponents(components).map(({ name }) => name));

describe("the package's schema, as Pulumi's own analyser reads it", () => {
  it("has every component, with arguments that all Pulumi languages can express", () => {
    const manifest = { name: "mlstack", main: "components/index.ts" };
    const analyzed = new Analyzer(root, "mlstack", manifest, names).analyze();
    const schema = generateSchema(
      "mlstack",
      "0.0.0",
      "",
      analyzed.components,
      analyzed.typeDefinitions,
      analyzed.dependencies,
    );

    expect(Object.keys(schema.resources).sort()).toEqual([...names].sort().map((name) => `mlstack:index:${name}`));
    expectGolden("schema.json", `${JSON.stringify(schema, undefined, 2)}\n`);
    const platform = platformArguments(schema as unknown as PackageSchema);
    expectGolden("../../stacks/config/platform-arguments.json", `${JSON.stringify(platform, undefined, 1)}\n`);
    // The analyser type-checks the whole project, which takes its time on a busy machine.
  }, 180_000);
});
