import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { describe, expect, it } from "vitest";
import * as components from "../../components";
import { componentSchema } from "../../packaging/component-schema";
import { expectGolden } from "../support/golden";
import { type PackageSchema, platformArguments } from "../support/platform-arguments";

describe("the package's schema, as Pulumi's own analyser reads it", () => {
  it("has every component, with arguments that all Pulumi languages can express", () => {
    const schema = componentSchema(components);

    const names = getPulumiComponents(components).map(({ name }) => `mlstack:index:${name}`);
    expect(Object.keys(schema.resources).sort()).toEqual(names.sort());
    expectGolden("../../packaging/schema.json", `${JSON.stringify(schema, undefined, 2)}\n`);
    const platform = platformArguments(schema as unknown as PackageSchema);
    expectGolden("../../stacks/config/platform-arguments.json", `${JSON.stringify(platform, undefined, 1)}\n`);
    // The analyser type-checks the whole project, which takes its time on a busy machine.
  }, 180_000);
});
