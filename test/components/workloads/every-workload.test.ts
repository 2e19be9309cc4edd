import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import * as workloads from "../../../components/workloads";
import { podSetsOf } from "../../../components/model";
import { expectGolden, toYaml } from "../../support/golden";
import { problemPathsOf, startMocks } from "../../support/mocks";
import type { Tree } from "../../../components/model/tree";
import { allWorkloadCases } from "./all-cases";

/** Kinds that stand beside pods and have none. */
const PODLESS = [
  ...["ConfigMap", "PersistentVolumeClaim", "Secret", "Service", "ServiceAccount", "Role", "RoleBinding"],
  ...["HorizontalPodAutoscaler", "VerticalPodAutoscaler", "PodDisruptionBudget", "ScaledObject", "NetworkPolicy"],
  ...["VirtualService", "DestinationRule", "HTTPRoute", "ServiceMonitor", "PodMonitor", "Pipeline", "Tensorboard"],
];

const COMMIT = "0123abc";

/** Kinds that outlast runs or serve them all, and would say of one what holds for another. */
const WITHOUT_LINEAGE = ["Secret", "Service", "StatefulSet", "PersistentVolumeClaim"];

const kebab = (name: string) => name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, "-").toLowerCase();

it("has a case for every component", () => {
  const components = getPulumiComponents(workloads).map(({ name }) => name);
  expect(allWorkloadCases.map(({ component }) => component).sort()).toEqual(components.sort());
});

describe.each(allWorkloadCases)("$component", ({ component, create, validate, objects, variants, args, flaws }) => {
  const runs = Math.max(100, Math.ceil(2200 / allWorkloadCases.length));

  it.each(Object.entries(variants))("%s is as its golden file says", (variant, given) => {
    expect(validate("example", given)).toEqual([]);
    expectGolden(`workload-${kebab(component)}-${variant}.yaml`, toYaml(...objects("example", given)));
  });

  it("registers exactly these objects", async () => {
    for (const given of Object.values(variants)) {
      const program = await startMocks();
      create("example", given);
      const registered = (await program.resources()).filter(({ inputs }) => inputs["kind"] !== undefined);
      const told = registered.map(({ inputs }) => `${String(inputs["kind"])} ${nameOf(inputs)}`).sort();
      expect(told).toEqual(
        objects("example", given)
          .map((object) => `${kindOf(object)} ${nameOf(object)}`)
          .sort(),
      );
    }
  });

  it("accepts what is valid", () => {
    fc.assert(
      fc.property(args, (given) => {
        expect(validate("example", given)).toEqual([]);
      }),
      { numRuns: runs },
    );
  });

  it("refuses what is not in its constructor, by a path, and registers none of it", async () => {
    const program = await startMocks();
    for (const { args: given, path } of fc.sample(flaws, runs)) {
      expect(
        problemPathsOf(() => create("example", given)),
        JSON.stringify(given),
      ).toContain(path);
    }
    expect(await program.resources()).toEqual([]);
  });

  it("has its lineage on every object", () => {
    const bare = Object.values(variants)
      .flatMap((given) => objects("example", { ...given, lineage: { commit: COMMIT } }))
      .filter(
        (object) => labelsOf(object)["mlstack.dev/git-commit"] !== COMMIT && !WITHOUT_LINEAGE.includes(kindOf(object)),
      );
    expect(bare.map((object) => `${kindOf(object)} ${nameOf(object)}`)).toEqual([]);
  });

  it("has no object whose pods nobody finds", () => {
    const bare = Object.values(variants)
      .flatMap((given) => objects("example", given))
      .filter((object) => !PODLESS.includes(kindOf(object)) && !refersToTemplate(object))
      .filter((object) => podSetsOf(object as Tree).length === 0);
    expect(bare.map(kindOf)).toEqual([]);
  });
});

/** What runs a WorkflowTemplate has its pods there. */
function refersToTemplate(object: object): boolean {
  const { spec } = object as {
    spec?: { workflowTemplateRef?: object; workflowSpec?: { workflowTemplateRef?: object } };
  };
  return spec?.workflowTemplateRef !== undefined || spec?.workflowSpec?.workflowTemplateRef !== undefined;
}

function kindOf(object: object): string {
  return (object as { kind: string }).kind;
}

function nameOf(object: object): string {
  return (object as { metadata: { name: string } }).metadata.name;
}

function labelsOf(object: object): Record<string, unknown> {
  return (object as { metadata: { labels?: Record<string, unknown> } }).metadata.labels ?? {};
}
