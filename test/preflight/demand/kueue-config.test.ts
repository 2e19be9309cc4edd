import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { kueueConfigOf } from "../../../preflight/demand/kueue-config";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { stackIndexOf } from "../../../preflight/pools/stack-index";

const resource = (type: string, properties: TreeObject): PlannedResource => ({
  type,
  name: "a",
  urn: type,
  properties,
});
const map = (data: Tree): PlannedResource =>
  resource("kubernetes:core/v1:ConfigMap", { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "a" }, data });
const file = (resources: string): string =>
  `apiVersion: config.kueue.x-k8s.io/v1beta2\nkind: Configuration\n${resources}`;
const release = (values: Tree, chart = "oci://registry.example/charts/kueue"): PlannedResource =>
  resource("kubernetes:helm.sh/v3:Release", { chart, values });
const component = (args: TreeObject = {}): PlannedResource => resource("mlstack:index:Kueue", args);

const LEAVES_OUT = file("resources: { excludeResourcePrefixes: [cpu, example.com/] }");
const IGNORES = file("resources: { quotaCheckStrategy: IgnoreUndeclared }");

/** Whether quotas count CPUs, memory, huge pages and another resource, and whether what is not covered is refused. */
const configOf = (...resources: PlannedResource[]) => {
  const { counts, refusesUncovered } = kueueConfigOf(stackIndexOf(resources));
  return [...["cpu", "memory", "hugepages-2Mi", "example.com/a"].map(counts), refusesUncovered];
};
const DEFAULT = [true, true, true, true, true];

describe("the configuration of Kueue", () => {
  it("counts everything and refuses what is not covered, where the stack declares none", () => {
    expect(configOf()).toEqual(DEFAULT);
    expect(configOf(map({ a: "b" }), map(null), map(UNKNOWN), map({ a: file("") }))).toEqual(DEFAULT);
  });

  it("is read from the ConfigMap of the controller", () => {
    expect(configOf(map({ other: "x", "controller_manager_config.yaml": LEAVES_OUT }))).toEqual([
      ...[false, true, true, false],
      true,
    ]);
    expect(configOf(map({ a: IGNORES }))).toEqual([true, true, true, true, false]);
    expect(configOf(map({ a: file("resources: { quotaCheckStrategy: BlockUndeclared }") }))).toEqual(DEFAULT);
    expect(configOf(map({ a: `${LEAVES_OUT}\n  - : [` }))).toEqual(DEFAULT);
    expect(configOf(map({ a: "apiVersion: v1\nkind: List\nnote: config.kueue.x-k8s.io/v1beta2" }))).toEqual(DEFAULT);
  });

  it("is read from the values of Kueue's chart", () => {
    const values = { managerConfig: { controllerManagerConfigYaml: LEAVES_OUT } };
    expect(configOf(release(values))).toEqual([false, true, true, false, true]);
    expect(configOf(release(values, "kueue"))).toEqual([false, true, true, false, true]);
    expect(configOf(release(values, "other"))).toEqual(DEFAULT);
    expect(configOf(resource("kubernetes:apps/v1:Deployment", { chart: "kueue", values }))).toEqual(DEFAULT);
    expect(configOf(release({}))).toEqual(DEFAULT);
    expect(configOf(release({ managerConfig: { controllerManagerConfigYaml: UNKNOWN } }))).toEqual(
      Array(5).fill(UNKNOWN),
    );
  });

  it("is read from the arguments of this project's component, which leaves huge pages out by default", () => {
    expect(configOf(component())).toEqual([true, true, false, true, true]);
    expect(configOf(component({ excludedResources: ["cpu"] }))).toEqual([false, true, true, true, true]);
    expect(configOf(component({ config: { resources: { quotaCheckStrategy: "IgnoreUndeclared" } } }))).toEqual([
      ...[true, true, false, true],
      false,
    ]);
    const over = { resources: { excludeResourcePrefixes: ["memory"] } };
    expect(configOf(component({ excludedResources: ["cpu"], config: over }))).toEqual([true, false, true, true, true]);
    expect(configOf(component({ config: { resources: UNKNOWN } }))).toEqual(Array(5).fill(UNKNOWN));
  });

  it("is that of the ConfigMap where both are there", () => {
    expect(configOf(component(), map({ a: LEAVES_OUT }))).toEqual([false, true, true, false, true]);
  });

  it("leaves out what is replaced by something else", () => {
    const transformations = [
      { input: "cpu", strategy: "Replace", outputs: {} },
      { input: "memory", strategy: "Retain", outputs: {} },
      { input: "example.com/a", outputs: {} },
    ];
    expect(configOf(component({ transformations }))).toEqual([false, true, false, true, true]);
  });

  it("may count or leave out what it is not known to leave out", () => {
    expect(configOf(component({ excludedResources: ["cpu", UNKNOWN] }))).toEqual([
      ...[false, UNKNOWN, UNKNOWN, UNKNOWN],
      true,
    ]);
    expect(configOf(component({ excludedResources: UNKNOWN }))).toEqual([...Array<symbol>(4).fill(UNKNOWN), true]);
    const transformations: Tree = [{ input: UNKNOWN, strategy: "Replace" }];
    expect(configOf(component({ transformations }))).toEqual([UNKNOWN, UNKNOWN, false, UNKNOWN, true]);
    expect(configOf(component({ config: { resources: { quotaCheckStrategy: UNKNOWN } } }))[4]).toBe(UNKNOWN);
  });
});
