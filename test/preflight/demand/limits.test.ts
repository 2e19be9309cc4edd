import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { namespaceQuotasOf, plannedQueuesOf } from "../../../preflight/demand";
import { flavorsFor } from "../../../preflight/demand/queue";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { stackIndexOf } from "../../../preflight/pools/stack-index";
import { goldenStack, stackOf } from "../pools/written-stack";

const GPU = "nvidia.com/gpu";

const object = (apiVersion: string, kind: string, name: string, spec: Tree, namespace?: string): PlannedResource => ({
  type: `kubernetes:${apiVersion}:${kind}`,
  name,
  urn: `urn:${kind}:${name}:${namespace ?? ""}`,
  properties: {
    apiVersion: apiVersion.replace("core/", ""),
    kind,
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    spec,
  },
});

describe("ClusterQueues", () => {
  const queue = (name: string, flavors: Tree, more: TreeObject = {}) =>
    object("kueue.x-k8s.io/v1beta2", "ClusterQueue", name, {
      resourceGroups: [{ coveredResources: [GPU], flavors }],
      ...more,
    });
  const flavor = (name: Tree, nominalQuota: Tree, more: TreeObject = {}, resource: Tree = GPU): TreeObject => ({
    name,
    resources: [{ name: resource, nominalQuota, ...more }],
  });
  const ceiling = (resources: PlannedResource[], name = "a", resource = GPU) =>
    plannedQueuesOf(stackIndexOf(resources)).ceilingOf(name, resource);
  const cohort = { cohortName: "all" };

  it("have all of their flavors together", () => {
    expect(ceiling([queue("a", [flavor("x", "4"), flavor("y", 3)])])).toBe(7);
  });

  it("count CPUs in millicores and memory in bytes", () => {
    const given = [queue("a", [flavor("x", "7410m", {}, "cpu"), flavor("x", "1Gi", {}, "memory")])];
    expect([ceiling(given, "a", "cpu"), ceiling(given, "a", "memory")]).toEqual([7410, 2 ** 30]);
  });

  it("have no bound in what they do not cover, and are none where the stack does not declare them", () => {
    expect(ceiling([queue("a", [flavor("x", "4")])], "a", "cpu")).toBeUndefined();
    expect(ceiling([queue("a", [flavor("x", "4")])], "b")).toBeUndefined();
  });

  it("borrow what others of their cohort lend, of the same flavor", () => {
    const others = [queue("b", [flavor("x", "3"), flavor("y", "50")], cohort), queue("c", [flavor("x", "2")], cohort)];
    expect(ceiling([queue("a", [flavor("x", "4")], cohort), ...others])).toBe(9);
    expect(ceiling([queue("a", [flavor("x", "4")], { cohort: "all" }), ...others])).toBe(9);
    expect(ceiling([queue("a", [flavor("x", "4")], { cohortName: "else" }), ...others])).toBe(4);
    expect(ceiling([queue("a", [flavor("x", "4")], { cohortName: "" }), ...others])).toBe(4);
    const cohortless = ["a", "b"].map((name) => queue(name, [flavor("x", "4")], { cohortName: "" }));
    expect(ceiling(cohortless)).toBe(4);
  });

  it("borrow no more than they may, and lend no more than they would", () => {
    const other = (more: TreeObject) => queue("b", [flavor("x", "8", more)], cohort);
    const own = (more: TreeObject) => queue("a", [flavor("x", "4", more)], cohort);
    expect(ceiling([own({ borrowingLimit: "3" }), other({})])).toBe(7);
    expect(ceiling([own({ borrowingLimit: "0" }), other({})])).toBe(4);
    expect(ceiling([own({ borrowingLimit: "30" }), other({})])).toBe(12);
    expect(ceiling([own({}), other({ lendingLimit: "2" })])).toBe(6);
  });

  it("have no bound where their cohort has quotas of its own or a parent", () => {
    const given = [queue("a", [flavor("x", "4")], cohort)];
    const deep = (spec: TreeObject) => object("kueue.x-k8s.io/v1beta2", "Cohort", "all", spec);
    for (const spec of [{ parentName: "root" }, { parent: "root" }, { resourceGroups: [] }]) {
      expect(ceiling([...given, deep(spec)])).toBeUndefined();
    }
    expect(ceiling([...given, deep({ fairSharing: { weight: "1" }, parentName: null })])).toBe(4);
    const nameless: PlannedResource = {
      ...deep({}),
      properties: { ...deep({ parentName: "root" }).properties, metadata: {} },
    };
    expect(ceiling([queue("a", [flavor("x", "4")]), nameless])).toBe(4);
    const hidden: TreeObject = { cohortName: UNKNOWN };
    const unnamed: PlannedResource = {
      ...nameless,
      properties: { ...nameless.properties, metadata: { name: UNKNOWN } },
    };
    expect(ceiling([queue("a", [flavor("x", "4")], hidden), unnamed])).toBe(UNKNOWN);
  });

  it("have no more together than all queues of their cohort, beyond what each keeps for itself", () => {
    const queueOf = (resources: PlannedResource[], name = "a") =>
      plannedQueuesOf(stackIndexOf(resources)).queueOf(name);
    const together = (resources: PlannedResource[], name = "a", resource = GPU, by = "x") =>
      queueOf(resources, name)?.cohort?.ceilingOf(by, resource);
    const own = queue("a", [flavor("x", "4"), flavor("y", "1")], cohort);
    const other = queue("b", [flavor("x", "3", { lendingLimit: "1" })], cohort);
    expect(queueOf([own])?.cohort?.name).toBe("all");
    expect([together([own]), together([own, other]), together([own, other], "b")]).toEqual([4, 5, 5]);
    expect([together([own, other], "a", GPU, "y"), together([own, other], "b", GPU, "y")]).toEqual([1, 1]);
    expect(together([own, queue("b", [flavor("x", "3")], { cohortName: "else" })])).toBe(4);
    expect([together([own, other], "a", "cpu"), together([own, other], "a", GPU, "z")]).toEqual([undefined, undefined]);
    expect(together([queue("a", [flavor("x", "4")]), queue("b", [flavor("x", "4")])])).toBeUndefined();
    expect(queueOf([own], "c")).toBeUndefined();
    const deep = object("kueue.x-k8s.io/v1beta2", "Cohort", "all", { parentName: "root" });
    expect(together([own, other, deep])).toBeUndefined();
    const hidden = (spec: TreeObject) => queue("b", [flavor("x", "3")], spec);
    expect(together([own, hidden({ cohortName: UNKNOWN })])).toBeUndefined();
    expect(together([own, hidden({ ...cohort, resourceGroups: UNKNOWN })])).toBeUndefined();
    expect(together([own, queue("b", [flavor("x", UNKNOWN)], cohort)])).toBeUndefined();
    expect(together([own, queue("b", [flavor(UNKNOWN, "3")], cohort)])).toBeUndefined();
    expect(together([own, queue("b", [flavor("x", "3", {}, UNKNOWN)], cohort)])).toBeUndefined();
    expect(together([hidden({ cohortName: UNKNOWN })], "b")).toBeUndefined();
  });

  it("keep for themselves what they do not lend", () => {
    const kept = (more: TreeObject, nominal: Tree = "4") => {
      const queues = plannedQueuesOf(stackIndexOf([queue("a", [flavor("x", nominal, more)], cohort)]));
      return flavorsFor(queues.queueOf("a"), GPU)[0]!.quotaOf(GPU);
    };
    expect(kept({ lendingLimit: "1" })).toMatchObject({ kept: 3, nominal: 4, most: 4 });
    expect(kept({ lendingLimit: "9" })).toMatchObject({ kept: 0 });
    expect(kept({})).toMatchObject({ kept: 0 });
    expect(kept({ lendingLimit: UNKNOWN })).toMatchObject({ kept: 0 });
    expect(kept({ lendingLimit: "1" }, UNKNOWN)).toMatchObject({ kept: 0, nominal: UNKNOWN, most: UNKNOWN });
  });

  it("have bounds that are not known where a part of them is not", () => {
    expect(ceiling([queue("a", [flavor("x", UNKNOWN)])])).toBe(UNKNOWN);
    expect(ceiling([queue("a", UNKNOWN)])).toBe(UNKNOWN);
    expect(ceiling([queue("a", [flavor(UNKNOWN, "1")])])).toBe(UNKNOWN);
    expect(ceiling([queue("a", [flavor("x", "1", {}, UNKNOWN)])])).toBe(UNKNOWN);
    expect(ceiling([queue("a", [flavor("x", "1"), flavor(UNKNOWN, "1", {}, "cpu")])])).toBe(1);
    const limited = queue("a", [flavor("x", "4", { borrowingLimit: "1" })], cohort);
    expect(ceiling([limited, queue("b", [flavor("x", UNKNOWN)], cohort)])).toBe(UNKNOWN);
    expect(ceiling([queue("a", [flavor("x", "4")], { cohortName: UNKNOWN })])).toBe(UNKNOWN);
    const own = queue("a", [flavor("x", "4")], cohort);
    expect(ceiling([own, queue("b", [flavor("x", "4")], { cohortName: UNKNOWN })])).toBe(UNKNOWN);
    expect(ceiling([own, queue("b", [flavor("x", UNKNOWN)], cohort)])).toBe(UNKNOWN);
    expect(ceiling([own, queue("b", [flavor("y", UNKNOWN)], cohort)])).toBe(4);
    expect(ceiling([own, queue("b", [flavor(UNKNOWN, "1")], cohort)])).toBe(UNKNOWN);
    const bounded = queue("a", [flavor("x", "4", { borrowingLimit: UNKNOWN })], cohort);
    expect(ceiling([bounded, queue("b", [flavor("x", "4")], cohort)])).toBe(UNKNOWN);
  });

  it("count as nothing what is no quantity", () => {
    expect(ceiling([queue("a", [flavor("x", "much"), flavor("y", "2")])])).toBe(2);
  });

  it("have a bound by each flavor, of which those of a cohort that adds quotas have none", () => {
    const other = queue("b", [flavor("x", 3), flavor("y", 1, { lendingLimit: 0 }), flavor("z", 5)], cohort);
    const own = queue("a", [flavor("x", 4), flavor("y", 2)], cohort);
    const bounds = (resources: PlannedResource[]) =>
      flavorsFor(plannedQueuesOf(stackIndexOf(resources)).queueOf("a"), GPU).map(({ name, quotaOf }) => [
        name,
        quotaOf(GPU).most,
      ]);
    expect(bounds([own, other])).toEqual([
      ["x", 7],
      ["y", 2],
    ]);
    const deep = object("kueue.x-k8s.io/v1beta2", "Cohort", "all", { parentName: "root" });
    expect(bounds([queue("a", [flavor("x", 4)], cohort), deep])).toEqual([["x", undefined]]);
    expect(bounds([queue("a", [flavor("x", 4, { borrowingLimit: 3 })], cohort), deep])).toEqual([["x", 7]]);
  });

  it("count others exactly, however much the queue itself lends", () => {
    const small = queue("a", [flavor("x", "0", { lendingLimit: "8Ei" })], cohort);
    expect(ceiling([small, queue("b", [flavor("x", "3")], cohort)])).toBe(3);
  });

  it.each([
    [100, 100],
    [1000, 10],
  ])("are known at once for a cohort of %i queues with %i flavors", (queues, flavors) => {
    const names = Array.from({ length: queues }, (_, index) => `queue-${index}`);
    const list = Array.from({ length: flavors }, (_, index) => flavor(`flavor-${index}`, 1));
    const stack = stackIndexOf(names.map((name) => queue(name, list, cohort)));
    const before = performance.now();
    const { ceilingOf } = plannedQueuesOf(stack);
    expect(new Set(names.map((name) => ceilingOf(name, GPU)))).toEqual(new Set([queues * flavors]));
    expect(performance.now() - before).toBeLessThan(5000);
  });

  it("are found by the LocalQueue of a namespace", () => {
    const local = object("kueue.x-k8s.io/v1beta2", "LocalQueue", "default", { clusterQueue: "a" }, "ml");
    const { clusterQueueOf } = plannedQueuesOf(stackIndexOf([local]));
    expect(clusterQueueOf("ml", "default")).toBe("a");
    expect(clusterQueueOf("other", "default")).toBeUndefined();
    expect(clusterQueueOf("ml", "night")).toBeUndefined();
  });

  it("give their pods the nodes of their flavors, in order", () => {
    const flavors = stackOf(`
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: x }
spec:
  nodeLabels: { mlstack.dev/pool: train }
  nodeTaints:
    - { key: team, value: a, effect: NoSchedule }
    - { key: other, effect: NoExecute }
    - { key: strange, effect: Sometimes }
    - { effect: NoSchedule }
  tolerations: [{ key: example.com/team, operator: Exists }]
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: plain }
`);
    const given = [queue("a", [flavor("x", "4"), flavor("gone", "2"), flavor("plain", UNKNOWN)]), ...flavors];
    const of = (resources: PlannedResource[], name = "a", resource = GPU) =>
      flavorsFor(plannedQueuesOf(stackIndexOf(resources)).queueOf(name), resource);
    expect(of(given).map(({ quotaOf, ...rest }) => ({ ...rest, most: quotaOf(GPU).most }))).toEqual([
      {
        name: "x",
        nodeLabels: { "mlstack.dev/pool": "train" },
        taints: [
          { key: "team", value: "a", effect: "NoSchedule" },
          { key: "other", effect: "NoExecute" },
        ],
        tolerations: [{ key: "example.com/team", operator: "Exists" }],
        most: 4,
      },
      { name: "gone", nodeLabels: undefined, taints: [], tolerations: [], most: 2 },
      { name: "plain", nodeLabels: {}, taints: [], tolerations: [], most: UNKNOWN },
    ]);
    expect(of(given)[0]!.quotaOf("cpu")).toEqual({ nominal: 0, most: 0, kept: 0 });
    const hidden = object("kueue.x-k8s.io/v1beta2", "ResourceFlavor", "x", { nodeLabels: UNKNOWN });
    expect(of([given[0]!, hidden])[0]!.nodeLabels).toBeUndefined();
    expect(of(given, "a", "cpu")).toEqual([]);
    expect(of(given, "b")).toEqual([]);
    expect(of([queue("a", UNKNOWN)])).toEqual([]);
  });

  it("cover resources in groups, as far as these are known", () => {
    const groups = (spec: TreeObject) =>
      plannedQueuesOf(stackIndexOf([object("kueue.x-k8s.io/v1beta2", "ClusterQueue", "a", spec)])).queueOf("a")!.groups;
    const group = (coveredResources: Tree, flavors: Tree = []): TreeObject => ({
      resourceGroups: [{ coveredResources, flavors }],
    });
    expect(groups(group(["cpu", GPU]))).toEqual([{ resources: ["cpu", GPU], isOpen: false, flavors: [] }]);
    expect(groups(group(["cpu", UNKNOWN]))).toEqual([{ resources: ["cpu"], isOpen: true, flavors: [] }]);
    expect(groups(group(UNKNOWN))).toEqual([{ resources: [], isOpen: true, flavors: [] }]);
    expect(groups(group(["cpu"], [{ name: UNKNOWN }]))).toEqual([
      { resources: ["cpu"], isOpen: false, flavors: UNKNOWN },
    ]);
    expect(groups({ resourceGroups: UNKNOWN })).toBe(UNKNOWN);
    expect(groups({ resourceGroups: [UNKNOWN] })).toBe(UNKNOWN);
    expect(groups({})).toEqual([]);
  });

  it("borrow last only where they say so", () => {
    const last = (flavorFungibility: Tree) =>
      plannedQueuesOf(stackIndexOf([queue("a", [], { flavorFungibility })])).queueOf("a")!.borrowsLast;
    expect([
      last(undefined),
      last({ whenCanBorrow: "MayStopSearch" }),
      last({ whenCanBorrow: "TryNextFlavor" }),
    ]).toEqual([false, false, true]);
  });

  it("are read from the golden file of this project", () => {
    const { ceilingOf } = plannedQueuesOf(stackIndexOf(goldenStack("queues")));
    expect(ceilingOf("research", GPU)).toBeGreaterThan(24);
    expect(ceilingOf("research", "cpu")).toBeGreaterThan(572_850);
  });
});

describe("quotas of a namespace", () => {
  const quota = (hard: Tree, more: TreeObject = {}, namespace = "ml", name = "q") =>
    object("core/v1", "ResourceQuota", name, { hard, ...more }, namespace);
  const ceiling = (resources: PlannedResource[], resource = GPU, namespace = "ml") =>
    namespaceQuotasOf(stackIndexOf(resources)).ceilingOf(namespace, resource);

  it.each<[string, TreeObject, number]>([
    [GPU, { "requests.nvidia.com/gpu": "16" }, 16],
    ["cpu", { "requests.cpu": "2500m" }, 2500],
    ["cpu", { cpu: "3" }, 3000],
    ["cpu", { cpu: "3", "requests.cpu": "2" }, 2000],
    ["memory", { memory: "1Gi" }, 2 ** 30],
    ["memory", { "requests.memory": "1Gi" }, 2 ** 30],
    ["ephemeral-storage", { "requests.ephemeral-storage": "1Ki" }, 1024],
    ["ephemeral-storage", { "ephemeral-storage": "1Ki" }, 1024],
    ["hugepages-2Mi", { "requests.hugepages-2Mi": "1Ki" }, 1024],
    ["pods", { pods: "50" }, 50],
    ["pods", { "count/pods": "40", pods: 50 }, 40],
  ])("bound %s by %o", (resource, hard, most) => {
    expect(ceiling([quota(hard)], resource)).toBe(most);
  });

  it("bound nothing else, and nobody else", () => {
    expect(ceiling([quota({ "requests.cpu": "1", "limits.nvidia.com/gpu": "1" })])).toBeUndefined();
    expect(ceiling([quota({ "requests.nvidia.com/gpu": "1" }, {}, "other")])).toBeUndefined();
    expect(ceiling([])).toBeUndefined();
    expect(ceiling([quota({ "requests.nvidia.com/gpu": "many" })])).toBeUndefined();
    expect(ceiling([quota(null)])).toBeUndefined();
    const other = object("example.com/v1", "ResourceQuota", "q", { hard: { "requests.nvidia.com/gpu": "1" } }, "ml");
    expect(ceiling([other])).toBeUndefined();
  });

  it("count by the smallest of several", () => {
    const given = [quota({ "requests.nvidia.com/gpu": "8" }), quota({ "requests.nvidia.com/gpu": "5" }, {}, "ml", "r")];
    expect(ceiling(given)).toBe(5);
  });

  it("are not known where one of them is not", () => {
    expect(ceiling([quota(UNKNOWN)])).toBe(UNKNOWN);
    expect(ceiling([quota({ "requests.nvidia.com/gpu": UNKNOWN })])).toBe(UNKNOWN);
    expect(ceiling([quota({ "requests.nvidia.com/gpu": "8" }), quota(UNKNOWN, {}, "ml", "r")])).toBe(UNKNOWN);
  });

  it("are left out where they hold for some of the pods only", () => {
    const hard = { "requests.nvidia.com/gpu": "1" };
    expect(ceiling([quota(hard, { scopes: ["BestEffort"] })])).toBeUndefined();
    expect(ceiling([quota(hard, { scopeSelector: { matchExpressions: [] } })])).toBeUndefined();
    expect(ceiling([quota(hard, { scopes: [], scopeSelector: null })])).toBe(1);
  });

  it("are those of a profile for the namespace of its name", () => {
    const profile = object("kubeflow.org/v1", "Profile", "ml", {
      resourceQuotaSpec: { hard: { "requests.nvidia.com/gpu": "2" } },
    });
    expect(ceiling([profile])).toBe(2);
  });

  it("are read from the golden file of this project", () => {
    const tenant = goldenStack("tenant-all-arguments");
    expect(ceiling(tenant, GPU, "vision-team")).toBe(16);
    expect(ceiling(tenant, "pods", "vision-team")).toBe(50);
  });
});
