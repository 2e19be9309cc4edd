import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { plannedPools, type PlannedPool } from "../../../preflight/pools";
import { goldenStack, stackOf } from "./written-stack";

const only = (resources: PlannedResource[]): PlannedPool => {
  const pools = plannedPools(resources);
  expect(pools).toHaveLength(1);
  return pools[0]!;
};

const resource = (type: string, name: string, properties: TreeObject, links: Partial<PlannedResource> = {}) => ({
  type,
  name,
  urn: `${type}::${name}`,
  properties,
  ...links,
});

const SHAPE = {
  name: "train",
  instanceType: "g5.12xlarge",
  instanceTypes: ["g5.12xlarge"],
  architecture: "amd64",
  capacityType: "on-demand",
  gpuResource: "nvidia.com/gpu",
  gpusPerNode: 4,
  gpuModel: "a10g",
  gpuMemoryMib: 22888,
  vcpus: 48,
  memoryGib: 192,
  ephemeralStorageGib: 100,
  efaInterfaces: 0,
  availabilityZones: ["us-east-1a", "us-east-1b"],
  labels: { "mlstack.dev/pool": "train" },
  taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
  minNodes: 1,
  maxNodes: 4,
};

const component = (shape: TreeObject = SHAPE) => resource("mlstack:index:GpuNodePool", "train", { shape });
const COMPONENT_URN = "mlstack:index:GpuNodePool::train";

const groupOf = (properties: TreeObject, links: Partial<PlannedResource> = {}) =>
  resource("aws:eks/nodeGroup:NodeGroup", "train-nodes", properties, links);

const nodeOf = (name: string, more: TreeObject = {}, labels: TreeObject = {}) =>
  resource("kubernetes:core/v1:Node", name, {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
    status: { allocatable: { cpu: "3920m", memory: "14Gi", pods: "110" } },
    ...more,
  });

describe("a pool component", () => {
  it("is one pool with what it creates, however deep that lies", () => {
    const inner = resource("mlstack:index:Inner", "inner", {}, { parent: COMPONENT_URN });
    const group = groupOf({ labels: { "mlstack.dev/pool": "train" } }, { parent: inner.urn });
    expect(only([component(), inner, group]).resources).toEqual([COMPONENT_URN, group.urn]);
  });

  it("has what its shape says", () => {
    expect(only([component()])).toMatchObject({
      name: "train",
      shape: SHAPE,
      minNodes: 1,
      maxNodes: 4,
      zones: ["us-east-1a", "us-east-1b"],
      daemons: [],
      unknowns: [],
    });
  });

  it("has labels that only its node group says", () => {
    const group = groupOf({ labels: { "example.com/extra": "yes" } }, { parent: COMPONENT_URN });
    expect(only([component(), group]).nodeAt("us-east-1a", 1).labels).toMatchObject({
      "mlstack.dev/pool": "train",
      "example.com/extra": "yes",
    });
  });

  it("takes from what it creates what is not known of itself", () => {
    const bare = resource("mlstack:index:GpuNodePool", "train", { instanceType: UNKNOWN, maxNodes: UNKNOWN });
    const group = groupOf(
      { instanceTypes: ["g5.xlarge"], scalingConfig: { minSize: 0, maxSize: 3 } },
      { parent: COMPONENT_URN },
    );
    const pool = only([bare, group]);
    expect(pool.shape).toMatchObject({ instanceType: "g5.xlarge", vcpus: 4, maxNodes: 3 });
    expect(pool).toMatchObject({ name: "train", minNodes: 0, maxNodes: 3 });
  });

  it("keeps what it says itself where both are known", () => {
    const group = groupOf({ instanceTypes: ["g5.xlarge"], scalingConfig: { maxSize: 9 } }, { parent: COMPONENT_URN });
    expect(only([component(), group])).toMatchObject({
      maxNodes: 4,
      shape: { instanceType: "g5.12xlarge", vcpus: 48 },
    });
  });

  it("takes in what carries its name and has no parent, as manifests do", () => {
    const group = groupOf({ labels: { "mlstack.dev/pool": "train" } });
    expect(only([component(), group]).resources).toEqual([COMPONENT_URN, group.urn]);
  });

  it("leaves alone what carries its name and belongs to something else", () => {
    const group = groupOf({ labels: { "mlstack.dev/pool": "train" } }, { parent: "urn:other" });
    expect(plannedPools([component(), group]).map(({ name }) => name)).toEqual(["train", "train-2"]);
  });

  it("has as many nodes as it creates where these are objects, as nothing starts more", () => {
    const node = { ...nodeOf("train-0", {}, { "mlstack.dev/pool": "train" }), parent: COMPONENT_URN };
    const pool = only([component(), node]);
    expect(pool).toMatchObject({ minNodes: 1, maxNodes: 1 });
    expect(pool.nodeAt("", 1).name).toBe("train-0");
  });
});

describe("a component with nodes", () => {
  const nodes = [false, true].map((unschedulable, index) => ({
    ...nodeOf(`train-${index}`, { spec: { unschedulable } }),
    parent: COMPONENT_URN,
  }));

  it("takes pods while one of its nodes does", () => {
    expect(only([component(), ...nodes]).nodeAt("", 1)).not.toHaveProperty("unschedulable");
    expect(only([component(), nodes[1]!]).nodeAt("", 1).unschedulable).toBe(true);
    expect(only([component()]).nodeAt("", 1)).not.toHaveProperty("unschedulable");
  });
});

describe("a component with a NodePool", () => {
  it("has the operating system of the node class", () => {
    const shape = { ...SHAPE, instanceTypes: ["p5.48xlarge"], vcpus: 192, memoryGib: 2048, efaInterfaces: 32 };
    const [nodeClass, pool] = stackOf(`
apiVersion: karpenter.k8s.aws/v1
kind: EC2NodeClass
metadata: { name: train }
spec: { amiSelectorTerms: [{ alias: bottlerocket@1.2.3 }] }
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: train }
spec: { template: { spec: { nodeClassRef: { group: karpenter.k8s.aws, kind: EC2NodeClass, name: train } } } }
`);
    const planned = only([component(shape), nodeClass!, { ...pool!, parent: COMPONENT_URN }]);
    expect(planned.free.get("hugepages-2Mi")).toBe(220 * 192 * 2 ** 20);
  });
});

describe("nodes that are objects", () => {
  it("are one pool where they are equal but for their names", () => {
    const pool = only([nodeOf("a"), nodeOf("b"), nodeOf("c")]);
    expect(pool).toMatchObject({ minNodes: 3, maxNodes: 3, zones: [""], openLabels: [] });
    expect([1, 2, 3].map((number) => pool.nodeAt("", number).name)).toEqual(["a", "b", "c"]);
    expect(pool.nodeAt("", 2).labels).toEqual({ "kubernetes.io/hostname": "b" });
  });

  it.each<[string, TreeObject, TreeObject]>([
    ["labels", {}, { "example.com/rack": "7" }],
    ["taints", { spec: { taints: [{ key: "a", effect: "NoSchedule" }] } }, {}],
    ["cordons", { spec: { unschedulable: true } }, {}],
    ["resources", { status: { allocatable: { cpu: "2" } } }, {}],
    ["simulated resources", { metadata: { annotations: { "mlstack.dev/simulated-resources": "{}" } } }, {}],
  ])("are several pools where their %s differ", (_, more, labels) => {
    expect(plannedPools([nodeOf("a"), nodeOf("b", more, labels)])).toHaveLength(2);
  });

  it("take no pods where they are cordoned", () => {
    expect(only([nodeOf("a", { spec: { unschedulable: true } })]).nodeAt("", 1).unschedulable).toBe(true);
    expect(only([nodeOf("a")]).nodeAt("", 1)).not.toHaveProperty("unschedulable");
  });

  it("are called after their pool, and else after the first of them", () => {
    expect(only([nodeOf("a", {}, { "mlstack.dev/pool": "train" })]).name).toBe("train");
    expect(only([nodeOf("a"), nodeOf("b")]).name).toBe("a");
  });

  it("are read from the golden files of the simulated back end", () => {
    const pool = only(goldenStack("example-gpu-node-pool"));
    expect(pool).toMatchObject({ name: "train", minNodes: 1, maxNodes: 1, unknowns: [], openLabels: [] });
    expect(Object.fromEntries(pool.free)).toEqual({
      cpu: 47810,
      memory: 180297 * 2 ** 20,
      "ephemeral-storage": 3185 * 2 ** 30,
      "nvidia.com/gpu": 4,
      pods: 110,
    });
  });

  it("are read from lists", () => {
    const list = resource("kubernetes:core/v1:NodeList", "nodes", {
      apiVersion: "v1",
      kind: "NodeList",
      items: [{ metadata: { name: "a" }, status: { allocatable: { cpu: "1" } } }],
    });
    expect(plannedPools([{ ...list, type: "kubernetes:core/v1:Node" }])).toMatchObject([{ name: "a" }]);
  });
});

describe("a node group of EKS", () => {
  it("is a pool with the size of its scaling", () => {
    const [group] = goldenStack("example-system-node-pool-managed").filter(({ type }) => type.endsWith(":NodeGroup"));
    expect(only([group!])).toMatchObject({ name: "system", minNodes: 3, maxNodes: 6 });
  });

  const template = resource("aws:ec2/launchTemplate:LaunchTemplate", "nodes", {
    name: "nodes",
    blockDeviceMappings: [{ ebs: { volumeSize: 200 } }],
  });
  const other = resource("aws:ec2/launchTemplate:LaunchTemplate", "other", {
    name: "other",
    id: "lt-1",
    blockDeviceMappings: [{ ebs: { volumeSize: 300 } }],
  });

  it.each<[string, TreeObject, Partial<PlannedResource>, number | undefined]>([
    ["that it waits for", { launchTemplate: { id: UNKNOWN } }, { dependencies: [template.urn] }, 200],
    ["of the name that it gives", { launchTemplate: { name: "nodes" } }, {}, 200],
    ["of the id that it gives", { launchTemplate: { id: "lt-1" } }, {}, 300],
    ["of nobody where it names one that is not there", { launchTemplate: { name: "gone" } }, {}, undefined],
  ])("has the disk of the launch template %s", (_, reference, links, size) => {
    const group = groupOf({ instanceTypes: ["m7i.xlarge"], ...reference }, links);
    expect(only([template, other, group]).shape.ephemeralStorageGib).toBe(size);
  });

  it("has the disk of the only launch template beside it", () => {
    const sibling = { ...template, parent: "urn:mine" };
    const group = groupOf({ instanceTypes: ["m7i.xlarge"], launchTemplate: { id: UNKNOWN } }, { parent: "urn:mine" });
    expect(only([other, sibling, group]).shape.ephemeralStorageGib).toBe(200);
    const second = { ...other, parent: "urn:mine" };
    expect(only([second, sibling, group]).shape.ephemeralStorageGib).toBeUndefined();
  });

  it("has no disk of a launch template that nothing connects with it", () => {
    const nameless = resource("aws:ec2/launchTemplate:LaunchTemplate", "t", {
      blockDeviceMappings: [{ ebs: { volumeSize: 9 } }],
    });
    const group = groupOf({ instanceTypes: ["m7i.xlarge"], launchTemplate: { id: UNKNOWN } });
    expect(only([nameless, group]).shape.ephemeralStorageGib).toBeUndefined();
    const elsewhere = { ...nameless, parent: "urn:other" };
    expect(only([elsewhere, { ...group, parent: "urn:mine" }]).shape.ephemeralStorageGib).toBeUndefined();
  });

  it("may have no nodes at all, and never fewer", () => {
    const sized = (minSize: number, maxSize: number) =>
      only([groupOf({ instanceTypes: ["m7i.xlarge"], scalingConfig: { minSize, maxSize } })]);
    expect(sized(0, 0)).toMatchObject({ minNodes: 0, maxNodes: 0 });
    expect(sized(-1, -1)).toMatchObject({ minNodes: 0, maxNodes: undefined });
  });

  it("is called after its resource where the name of its pool is empty", () => {
    expect(only([groupOf({ labels: { "mlstack.dev/pool": "" } })]).name).toBe("train-nodes");
  });

  it("looks for no launch template where it names none", () => {
    const group = groupOf({ instanceTypes: ["m7i.xlarge"] }, { dependencies: [template.urn] });
    expect(only([template, group]).shape.ephemeralStorageGib).toBe(20);
  });

  it("has the zones of the subnets that it waits for", () => {
    const subnets = ["us-east-1a", "us-east-1b", "us-east-1a"].map((availabilityZone, index) =>
      resource("aws:ec2/subnet:Subnet", `s${index}`, { availabilityZone }),
    );
    const group = groupOf({ instanceTypes: ["m7i.xlarge"] }, { dependencies: subnets.map(({ urn }) => urn) });
    expect(only([...subnets, group]).zones).toEqual(["us-east-1a", "us-east-1b"]);
  });

  it("says what is not known yet of its size", () => {
    const group = groupOf({ instanceTypes: ["m7i.xlarge"], scalingConfig: { minSize: UNKNOWN, maxSize: UNKNOWN } });
    expect(only([group])).toMatchObject({
      minNodes: 0,
      maxNodes: undefined,
      unknowns: [
        { property: "minNodes", reason: "the smallest size is not known yet" },
        { property: "maxNodes", reason: "the largest size is not known yet" },
      ],
    });
  });

  it("says that its taints are not known yet, all or some of them", () => {
    const unknown = { property: "taints", reason: "the taints of its nodes are not known yet" };
    const pool = only([groupOf({ instanceTypes: ["m7i.xlarge"], taints: UNKNOWN })]);
    expect(pool.unknowns).toEqual([unknown]);
    const some: TreeObject[] = [
      { key: "a", value: UNKNOWN, effect: "NO_SCHEDULE" },
      { key: "b", effect: "NO_SCHEDULE" },
    ];
    const partly = only([groupOf({ instanceTypes: ["m7i.xlarge"], taints: some })]);
    expect(partly.unknowns).toEqual([unknown]);
    expect(partly.nodeAt("", 1).taints).toEqual([{ key: "b", effect: "NoSchedule" }]);
  });

  it("says that its labels are not known yet, and lets nodes have any", () => {
    const pool = only([groupOf({ instanceTypes: ["m7i.xlarge"], labels: UNKNOWN })]);
    expect(pool.unknowns).toContainEqual({ property: "labels", reason: "the labels of its nodes are not known yet" });
    expect(pool.openLabels).toContain("");
  });
});

describe("a NodePool of Karpenter", () => {
  const [nodeClass, nodePool] = ["EC2NodeClass", "NodePool"].map((kind) =>
    goldenStack("karpenter-pool").find(({ properties }) => properties["kind"] === kind)!,
  ) as [PlannedResource, PlannedResource];

  it("has the disk of its node class", () => {
    const withClass = only([nodeClass, nodePool]).shape.ephemeralStorageGib;
    expect(withClass).toBeGreaterThan(0);
    expect(only([nodePool]).shape.ephemeralStorageGib).toBeUndefined();
  });

  it("is without bound where its limits name none", () => {
    const unbounded = stackOf(`
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: { name: any }
spec: { template: { spec: { requirements: [] } } }
`);
    expect(only(unbounded)).toMatchObject({
      name: "any",
      minNodes: 0,
      maxNodes: undefined,
      unknowns: [
        { property: "gpusPerNode", reason: "it names no instance type" },
        { property: "vcpus", reason: "it names no instance type" },
        { property: "memoryGib", reason: "it names no instance type" },
        { property: "ephemeralStorageGib", reason: "nothing tells the disk of its nodes" },
      ],
    });
  });
});

describe("any stack", () => {
  it("has pools of different names", () => {
    const groups = [1, 2, 3].map((number) => ({
      ...groupOf({ labels: { "mlstack.dev/pool": "train" } }),
      urn: `urn:${number}`,
    }));
    expect(plannedPools(groups).map(({ name }) => name)).toEqual(["train", "train-2", "train-3"]);
  });

  it("has no pools where it declares none", () => {
    expect(plannedPools(goldenStack("gpu-job-minimal"))).toEqual([]);
  });

  it("never makes it throw, whatever the resources hold", () => {
    const types = [
      "mlstack:index:GpuNodePool",
      "mlstack:index:SystemNodePool",
      "aws:eks/nodeGroup:NodeGroup",
      "aws:ec2/launchTemplate:LaunchTemplate",
      "kubernetes:karpenter.sh/v1:NodePool",
      "kubernetes:core/v1:Node",
      "kubernetes:apps/v1:DaemonSet",
      "kubernetes:core/v1:ConfigMap",
      "kubernetes:nvidia.com/v1:ClusterPolicy",
      "kubernetes:helm.sh/v3:Release",
      "aws:eks/addon:Addon",
    ];
    const keys = `apiVersion kind metadata name labels annotations spec template requirements key operator values status
      allocatable capacity cpu memory pods nvidia.com/gpu shape instanceTypes instanceType vcpus memoryGib minNodes maxNodes
      scalingConfig minSize maxSize taints availabilityZones containers volumes configMap env value data config chart mig
      strategy devicePlugin launchTemplate id nodeClassRef group items nvidia.com/mig.config limits amiType userData`.split(
      /\s+/,
    );
    const leaf = fc.oneof(
      fc.constantFrom<unknown>(UNKNOWN, null, undefined, true, -1, 0, 3, 1.5, NaN, "", "4", "g5.xlarge", "x9.huge"),
      fc.constantFrom<unknown>("v1", "apps/v1", "Node", "NodePool", "DaemonSet", "NodeList", "us-east-1a", "{", "[1]"),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom(...keys), tie("tree"), { maxKeys: 6 }),
      ),
    }));
    const resources = fc.array(
      fc.record({
        type: fc.constantFrom(...types),
        name: fc.constantFrom("a", "nvidia-device-plugin"),
        urn: fc.constantFrom("u1", "u2", "u3"),
        properties: fc.dictionary(fc.constantFrom(...keys), tree, { maxKeys: 8 }),
        parent: fc.constantFrom("u1", "u2", "u3"),
        dependencies: fc.constantFrom([], ["u1", "u2"]),
      }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(resources, (given) => {
        const pools = plannedPools(given as unknown as PlannedResource[]);
        expect(new Set(pools.map(({ name }) => name)).size).toBe(pools.length);
        for (const pool of pools) {
          expect(pool.zones.length).toBeGreaterThan(0);
          expect(pool.minNodes).toBeGreaterThanOrEqual(0);
          for (const amount of pool.free.values()) expect(amount).toBeGreaterThanOrEqual(0);
          pool.nodeAt(pool.zones[0]!, 1);
        }
      }),
      { numRuns: 300, seed: 8 },
    );
  });
});

describe("objects of one kind and name", () => {
  const nodePool = (urn: string, limits: TreeObject = { nodes: 2 }): PlannedResource => ({
    ...resource("kubernetes:karpenter.sh/v1:NodePool", urn, {
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { name: "dup" },
      spec: {
        limits,
        template: {
          spec: {
            requirements: [{ key: "node.kubernetes.io/instance-type", operator: "In", values: ["g5.xlarge"] }],
          },
        },
      },
    }),
  });
  const doublesOf = ({ unknowns }: PlannedPool) => unknowns.filter(({ reason }) => reason.includes("times"));

  it("are one pool, as the cluster has only one of them", () => {
    const pool = only([nodePool("a"), nodePool("b"), nodePool("c")]);
    expect([pool.name, pool.maxNodes, pool.resources]).toEqual(["dup", 2, ["kubernetes:karpenter.sh/v1:NodePool::a"]]);
    const reason = "the stack declares NodePool dup 3 times, and the cluster has it once, so it is counted once";
    expect(doublesOf(pool)).toEqual([{ property: "usdPerNodeHour", reason }]);
  });

  it("leave it open what the pool is where they differ", () => {
    const reason = "the stack declares NodePool dup 2 times, of which the one that is applied last replaces the others";
    expect(doublesOf(only([nodePool("a"), nodePool("b", { nodes: 3 })]))).toEqual([{ property: "taints", reason }]);
    expect(doublesOf(only([nodePool("a"), nodePool("b", { nodes: UNKNOWN })]))).toEqual([
      { property: "taints", reason },
    ]);
    expect(doublesOf(only([nodePool("a", { nodes: UNKNOWN }), nodePool("b", { nodes: UNKNOWN })]))).toMatchObject([
      { property: "usdPerNodeHour" },
    ]);
  });

  it("are nodes that are there once", () => {
    const pool = only([nodeOf("n1"), nodeOf("n2"), { ...nodeOf("n1"), urn: "other" }]);
    expect([pool.minNodes, pool.maxNodes]).toEqual([2, 2]);
    expect(doublesOf(pool)).toEqual([
      {
        property: "usdPerNodeHour",
        reason: "the stack declares Node n1 2 times, and the cluster has it once, so it is counted once",
      },
    ]);
  });

  it("are several pools where the stack has several clusters", () => {
    const clusters = ["a", "b"].map((name) => resource("aws:eks/cluster:Cluster", name, {}));
    expect(plannedPools([...clusters, nodePool("a"), nodePool("b")]).map(({ name }) => name)).toEqual(["dup", "dup-2"]);
    expect(plannedPools([clusters[0]!, nodePool("a"), nodePool("b")])).toHaveLength(1);
  });

  it("are told apart where the API server makes up their names", () => {
    const nameless = (urn: string) => ({ ...nodeOf("x", { metadata: { generateName: "x-" } }), urn });
    expect(only([nameless("a"), nameless("b")]).maxNodes).toBe(2);
  });
});
