import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import {
  type ExportedState,
  recordedText,
  type StateResource,
  stateOfText,
} from "../../../cli/releases/recorded-state";
import { differenceOf, withDifference } from "../../../cli/releases/tree-difference";
import type { Tree } from "../../../components/model";
import { sdkPackage } from "../../../rehearsal/stand-ins/sdk-package";

const secret = (value: unknown): Tree => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

const scope = "urn:pulumi:prod::mlstack::";
const cluster = `${scope}mlstack:index:Cluster::cluster`;
const provider = `${scope}mlstack:index:Cluster$pulumi:providers:kubernetes::cluster-provider`;
const namespace = `${scope}mlstack:index:Cluster$kubernetes:core/v1:Namespace::ml`;

const resources: StateResource[] = [
  { urn: `${scope}pulumi:pulumi:Stack::mlstack-prod`, type: "pulumi:pulumi:Stack", outputs: { kubeconfig: "none" } },
  {
    urn: cluster,
    type: "mlstack:index:Cluster",
    parent: `${scope}pulumi:pulumi:Stack::mlstack-prod`,
    inputs: { kind: "eks" },
    created: "2026-11-27T00:00:00Z",
  },
  {
    urn: provider,
    type: "pulumi:providers:kubernetes",
    custom: true,
    id: "3378fb2a",
    parent: cluster,
    inputs: { kubeconfig: "/tmp/stack/kubeconfig", version: "4.0.0" },
    outputs: { kubeconfig: "/tmp/stack/kubeconfig", version: "4.0.0" },
  },
  {
    urn: namespace,
    type: "kubernetes:core/v1:Namespace",
    custom: true,
    id: "ml",
    parent: cluster,
    provider: `${provider}::3378fb2a`,
    protect: true,
    retainOnDelete: true,
    inputs: { metadata: { name: "ml", labels: { team: "a" } }, spec: { uid: 1000 } },
    outputs: { metadata: { name: "ml", uid: "fd930d" }, spec: { uid: 1000 }, status: { phase: "Active" } },
    sourcePosition: "project:///index.ts#1,2",
  },
  {
    urn: `${scope}kubernetes:core/v1:Secret::database`,
    type: "kubernetes:core/v1:Secret",
    custom: true,
    id: "ml/database",
    parent: `${scope}pulumi:pulumi:Stack::mlstack-prod`,
    provider: `${provider}::3378fb2a`,
    dependencies: [namespace, cluster],
    propertyDependencies: { metadata: [namespace], data: [] },
    ignoreChanges: ["data"],
    inputs: { metadata: { name: "database" }, data: secret({ user: "cm9vdA==", password: "aHVudGVyMg==" }) },
    outputs: { metadata: { name: "database" }, data: secret({ user: "cm9vdA==", password: "aHVudGVyMg==" }) },
  },
];

const state: ExportedState = { version: 3, deployment: { resources } };
const text = recordedText(state, "/tmp/stack");
const read = stateOfText(text).deployment.resources!;

describe("a recorded state", () => {
  it("is a line for each resource, after one that says what they have in common", () => {
    expect(text.split("\n").map((line) => (line === "" ? "" : (JSON.parse(line) as { name?: string }).name))).toEqual([
      undefined,
      "mlstack-prod",
      "cluster",
      "cluster-provider",
      "ml",
      "database",
      "",
    ]);
  });

  it("is written the same in whichever order resources were made, each after those that it refers to", () => {
    for (const made of [[...resources].reverse(), [...resources.slice(3), ...resources.slice(0, 3)]])
      expect(recordedText({ version: 3, deployment: { resources: made } }, "/tmp/stack")).toBe(text);
  });

  it("is written the same in whichever order a property names the resources that it follows from", () => {
    const follows = (urns: string[]): StateResource => ({ ...resources[4]!, propertyDependencies: { metadata: urns } });
    const [one, other] = [
      [namespace, cluster],
      [cluster, namespace],
    ].map((urns) =>
      recordedText({ version: 3, deployment: { resources: [...resources.slice(0, 4), follows(urns)] } }, ""),
    );
    expect(one).toBe(other);
    expect(one).toContain('"by":{"metadata":[1,3]}');
  });

  it("is written the same whatever the order of keys is", () => {
    const turned = resources.map((each) => Object.fromEntries(Object.entries(each).reverse()) as StateResource);
    expect(recordedText({ version: 3, deployment: { resources: turned } }, "/tmp/stack")).toBe(text);
  });

  it("holds no secret, no path, no time and no trace", () => {
    expect(text).not.toMatch(/cm9vdA|aHVudGVy|\/tmp\/|2026|project:/);
  });

  it("names resources, parents and providers as they were", () => {
    const named = ({ urn, type, parent, provider: by, id }: StateResource) => ({ urn, type, parent, by, id });
    expect(read.map(named)).toEqual(resources.map(named));
  });

  it("has components as such, without arguments that nothing is compared by", () => {
    expect(read[1]).toEqual({
      urn: cluster,
      type: "mlstack:index:Cluster",
      custom: false,
      parent: resources[1]!.parent,
    });
  });

  it("keeps the shape of secrets, and the properties that follow from other resources", () => {
    expect(read[4]).toMatchObject({
      inputs: { metadata: { name: "database" }, data: { user: "secret-removed", password: "secret-removed" } },
      outputs: { data: { user: "secret-removed", password: "secret-removed" } },
      dependencies: [namespace],
      propertyDependencies: { metadata: [namespace] },
      ignoreChanges: ["data"],
    });
  });

  it("keeps what a resource says beside its inputs, but nothing that is made up anew", () => {
    expect(read[3]!["outputs"]).toEqual({
      metadata: { name: "ml" },
      spec: { uid: 1000 },
      status: { phase: "Active" },
    });
    expect(read[3]).toMatchObject({
      inputs: { metadata: { name: "ml", labels: { team: "a" } } },
      retainOnDelete: true,
    });
  });

  it("is not protected, as a preview would end at the first loss", () => {
    expect(read[3]).not.toHaveProperty("protect");
  });

  it("has providers in the installed version", () => {
    const { version } = sdkPackage("kubernetes");
    expect(read[2]).toMatchObject({ inputs: { kubeconfig: "/recorded/kubeconfig", version }, outputs: { version } });
  });

  it("has providers that no program makes under the name of the installed version", () => {
    const made = { urn: `${scope}pulumi:providers:eks::default_4_0_0`, type: "pulumi:providers:eks", custom: true };
    const resource = { ...made, id: "71be", inputs: { version: "4.0.0" } };
    const again = stateOfText(recordedText({ version: 3, deployment: { resources: [resource] } }, "/tmp/stack"));
    const version = sdkPackage("eks").version;
    expect(again.deployment.resources?.[0]).toMatchObject({
      urn: `${scope}pulumi:providers:eks::default_${version.replaceAll(".", "_")}`,
      inputs: { version },
    });
  });
});

describe("a difference of trees", () => {
  const trees = fc.object({
    key: fc.constantFrom("a", "b", "c"),
    values: [fc.boolean(), fc.integer(), fc.string()],
    maxDepth: 3,
  }) as fc.Arbitrary<Tree>;

  test("makes the one tree of the other", () => {
    fc.assert(
      fc.property(trees, trees, (one, other) => {
        expect(withDifference(one, differenceOf(one, other))).toEqual(other);
      }),
    );
  });

  test("is empty between equal trees", () => {
    fc.assert(
      fc.property(trees, (tree) => {
        expect(differenceOf(tree, structuredClone(tree))).toEqual({});
      }),
    );
  });
});
