import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { plannedPools, type PlannedPool } from "../../../preflight/pools";

const GIB = 2 ** 30;
const MIB = 2 ** 20;

const resource = (type: string, properties: TreeObject, name = "pool"): PlannedResource => ({
  type,
  name,
  urn: `${type}::${name}`,
  properties,
});

const group = (properties: TreeObject) => resource("aws:eks/nodeGroup:NodeGroup", properties);

const nodePool = (requirements: TreeObject[], classGroup = "karpenter.k8s.aws", kind = "EC2NodeClass") =>
  resource("kubernetes:karpenter.sh/v1:NodePool", {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata: { name: "pool" },
    spec: {
      template: {
        metadata: { labels: { "mlstack.dev/efa": "true" } },
        spec: { requirements, nodeClassRef: { group: classGroup, kind, name: "pool" } },
      },
    },
  });

const types = (...values: string[]) => ({ key: "node.kubernetes.io/instance-type", operator: "In", values });

const nodeClass = (spec: TreeObject, apiVersion = "karpenter.k8s.aws/v1", kind = "EC2NodeClass") =>
  resource(`kubernetes:${apiVersion}:${kind}`, { apiVersion, kind, metadata: { name: "pool" }, spec });

const poolOf = (...resources: PlannedResource[]): PlannedPool => plannedPools(resources)[0]!;
const freeOf = (...resources: PlannedResource[]) => Object.fromEntries(poolOf(...resources).free);
const allocatableOf = (...resources: PlannedResource[]) =>
  Object.fromEntries(poolOf(...resources).nodeAt("", 1).allocatable);

describe("a machine that is not there yet", () => {
  it("has for pods what the kubelet of its type leaves", () => {
    expect(allocatableOf(group({ instanceTypes: ["g5.12xlarge"], diskSize: 100 }))).toEqual({
      cpu: 47810,
      memory: 180297 * MIB,
      "ephemeral-storage": 90 * GIB,
      "nvidia.com/gpu": 4,
      pods: 110,
    });
  });

  it("has no GPUs where its type has none", () => {
    expect(allocatableOf(group({ instanceTypes: ["m7i.xlarge"] }))).not.toHaveProperty("nvidia.com/gpu");
    expect(poolOf(group({ instanceTypes: ["m7i.xlarge"] })).unknowns).toEqual([]);
  });

  it("has as much as the smallest of its types", () => {
    const { cpu, "nvidia.com/gpu": gpus } = allocatableOf(group({ instanceTypes: ["g5.12xlarge", "g5.xlarge"] }));
    expect([cpu, gpus]).toEqual([3920, 1]);
  });

  it("leaves out what a type decides that no table tells", () => {
    const pool = poolOf(group({ instanceTypes: ["x9.large"] }));
    expect(Object.fromEntries(pool.nodeAt("", 1).allocatable)).toEqual({ "ephemeral-storage": 18 * GIB, pods: 110 });
    const reason = "the instance type x9.large is in no table";
    expect(pool.unknowns).toEqual([
      { property: "gpusPerNode", reason },
      { property: "vcpus", reason },
      { property: "memoryGib", reason },
    ]);
  });

  it("names all types that no table tells", () => {
    const [first] = poolOf(group({ instanceTypes: ["x9.large", "g5.xlarge", "y1.metal"] })).unknowns;
    expect(first).toEqual({
      property: "gpusPerNode",
      reason: "the instance types x9.large, y1.metal are in no table",
    });
  });

  it.each<[Tree]>([[UNKNOWN], [["g5.xlarge", UNKNOWN]]])("says that its types are not known yet", (instanceTypes) => {
    const reasons = poolOf(group({ instanceTypes })).unknowns.map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(["its instance types are not known yet"]));
  });

  it("says that a group names no type", () => {
    expect(poolOf(group({ instanceTypes: [] })).unknowns).toContainEqual({
      property: "vcpus",
      reason: "it names no instance type",
    });
  });

  it.each<[Tree]>([[-1], [NaN], [Infinity], ["4"]])("does not take %o for a number of CPUs", (vcpus) => {
    const pool = poolOf(
      resource("mlstack:index:GpuNodePool", { shape: { vcpus, memoryGib: 16, instanceTypes: ["g5.xlarge"] } }),
    );
    expect(pool.free.has("cpu")).toBe(false);
    expect(pool.unknowns.map(({ property }) => property)).toContain("vcpus");
  });

  it.each<[Tree, string]>([
    ["example.com/gpu", "example.com/gpu"],
    [UNKNOWN, "nvidia.com/gpu"],
    [undefined, "nvidia.com/gpu"],
  ])("offers its GPUs as its pool says: %o", (gpuResource, offered) => {
    const shape: TreeObject = { vcpus: 4, memoryGib: 16, gpusPerNode: 2, gpuResource };
    expect(allocatableOf(resource("mlstack:index:GpuNodePool", { shape }))[offered]).toBe(2);
  });

  it("has no GPUs where the requirements of its NodePool leave none", () => {
    const unknown = (...requirements: TreeObject[]) =>
      poolOf(nodePool(requirements)).unknowns.map(({ property }) => property);
    const key = "karpenter.k8s.aws/instance-";
    expect(unknown()).toContain("gpusPerNode");
    expect(unknown({ key: `${key}category`, operator: "In", values: ["c", "m", "r"] })).not.toContain("gpusPerNode");
    expect(unknown({ key: `${key}category`, operator: "In", values: ["c", UNKNOWN] })).toContain("gpusPerNode");
    expect(unknown({ key: `${key}category`, operator: "NotIn", values: ["c"] })).toContain("gpusPerNode");
    expect(unknown({ key: `${key}category`, operator: "In", values: [] })).toContain("gpusPerNode");
    expect(unknown({ key: `${key}category`, operator: "In", values: ["c", "g"] })).toContain("gpusPerNode");
    expect(unknown({ key: `${key}family`, operator: "In", values: ["m7i"] })).not.toContain("gpusPerNode");
    expect(unknown({ key: `${key}family`, operator: "In", values: ["m7i", "gr6"] })).toContain("gpusPerNode");
    expect(unknown({ key: `${key}gpu-count`, operator: "DoesNotExist" })).not.toContain("gpusPerNode");
    expect(unknown({ key: "example.com/team", operator: "In", values: ["m"] })).toContain("gpusPerNode");
  });
});

describe("huge pages", () => {
  const withEfa = { instanceTypes: ["p5.48xlarge"], labels: { "mlstack.dev/efa": "true" } };

  it("are there where fabric adapters are, and are taken off the memory", () => {
    const plain = allocatableOf(group({ instanceTypes: ["p5.48xlarge"] }));
    const efa = allocatableOf(group(withEfa));
    expect(plain).not.toHaveProperty("hugepages-2Mi");
    expect(efa).toMatchObject({ "vpc.amazonaws.com/efa": 32, "hugepages-2Mi": 10256 * MIB });
    expect(efa["memory"]).toBe(plain["memory"]! - 10256 * MIB);
  });

  it.each<[string, PlannedResource[], number]>([
    ["an image of Bottlerocket", [group({ ...withEfa, amiType: "BOTTLEROCKET_x86_64_NVIDIA" })], 220 * 192],
    ["an image of Amazon Linux", [group({ ...withEfa, amiType: "AL2023_x86_64_NVIDIA" })], 10256],
    ["an image that is not known yet", [group({ ...withEfa, amiType: UNKNOWN })], 10256],
    [
      "an alias of Bottlerocket",
      [
        nodePool([types("p5.48xlarge")]),
        nodeClass({ amiSelectorTerms: [{ id: "x" }, { alias: "bottlerocket@1.2.3" }] }),
      ],
      220 * 192,
    ],
    [
      "an alias of Amazon Linux",
      [nodePool([types("p5.48xlarge")]), nodeClass({ amiSelectorTerms: [{ alias: "al2023@latest" }] })],
      10256,
    ],
    [
      "a family without an alias",
      [nodePool([types("p5.48xlarge")]), nodeClass({ amiFamily: "Bottlerocket", amiSelectorTerms: [{ id: "x" }] })],
      220 * 192,
    ],
    ["no node class", [nodePool([types("p5.48xlarge")])], 10256],
    [
      "Auto Mode",
      [
        nodePool([types("p5.48xlarge")], "eks.amazonaws.com", "NodeClass"),
        nodeClass({}, "eks.amazonaws.com/v1", "NodeClass"),
      ],
      220 * 192,
    ],
  ])("are as many as %s sets aside", (_, resources, mib) => {
    expect(allocatableOf(...resources)["hugepages-2Mi"]).toBe(mib * MIB);
  });

  it("are those of the family that a component names", () => {
    const shape = { instanceTypes: ["p5.48xlarge"], vcpus: 192, memoryGib: 2048, efaInterfaces: 32 };
    const pool = (amiFamily?: string) =>
      resource("mlstack:index:GpuNodePool", { shape, ...(amiFamily === undefined ? {} : { amiFamily }) });
    expect(allocatableOf(pool("bottlerocket"))["hugepages-2Mi"]).toBe(220 * 192 * MIB);
    expect(allocatableOf(pool())["hugepages-2Mi"]).toBe(10256 * MIB);
  });
});

describe("the kubelet settings of an EC2NodeClass", () => {
  const GROUP = [types("p5.48xlarge")];
  const setTo = (kubelet: Tree, ...more: [apiVersion: string, kind: string] | []) =>
    poolOf(nodePool(GROUP, ...(more.length === 0 ? [] : (["eks.amazonaws.com", "NodeClass"] as const))), {
      ...nodeClass({ kubelet, amiSelectorTerms: [], blockDeviceMappings: [{ ebs: { volumeSize: "100Gi" } }] }, ...more),
    });
  const has = (pool: PlannedPool) => Object.fromEntries(pool.nodeAt("", 1).allocatable);
  const plain = has(setTo(undefined));
  const [MEMORY, HUGE] = [plain["memory"]!, plain["hugepages-2Mi"]!];
  const WHOLE = Math.floor(2048 * 1024 * 0.925) * MIB;

  it("change nothing where there are none", () => {
    expect([setTo(undefined).unknowns, setTo(null).unknowns, setTo({}).unknowns]).toEqual([[], [], []]);
    expect([has(setTo({})), has(setTo({ clusterDNS: ["10.0.0.10"] }))]).toEqual([plain, plain]);
  });

  it("take off what they keep back, in place of what is kept back by default", () => {
    const pool = setTo({
      maxPods: 5,
      kubeReserved: { cpu: "2", memory: "100Gi", "ephemeral-storage": "1Gi" },
      systemReserved: { cpu: "500m", memory: "10Gi", "ephemeral-storage": "2Gi" },
      evictionHard: { "memory.available": "5%", "nodefs.available": "20%" },
    });
    expect(pool.unknowns).toEqual([]);
    expect(has(pool)).toEqual({
      ...plain,
      cpu: 192_000 - 2500,
      memory: WHOLE - 110 * GIB - Math.ceil(WHOLE * 0.05) - HUGE,
      "ephemeral-storage": (100 - 3 - 20) * GIB,
      pods: 5,
    });
  });

  it.each<[string, TreeObject, TreeObject]>([
    ["the system besides the rest", { systemReserved: { cpu: "1" } }, { cpu: plain["cpu"]! - 1000 }],
    ["what Kubernetes keeps of memory", { kubeReserved: { memory: "0" } }, { memory: WHOLE - 100 * MIB - HUGE }],
    ["the memory to evict at", { evictionHard: { "memory.available": "200Mi" } }, { memory: MEMORY - 100 * MIB }],
    ["no memory to evict at", { evictionHard: { "memory.available": "100%" } }, { memory: MEMORY + 100 * MIB }],
    [
      "the most of both thresholds",
      { evictionHard: { "memory.available": "200Mi" }, evictionSoft: { "memory.available": "300Mi" } },
      { memory: MEMORY - 200 * MIB },
    ],
    ["more than there is", { systemReserved: { cpu: "500" } }, { cpu: 0 }],
    ["what is null", { maxPods: null, systemReserved: { cpu: null } }, {}],
    ["pods by core", { podsPerCore: 2, maxPods: 500 }, { pods: 384 }],
    ["fewer pods than those by core", { podsPerCore: 2, maxPods: 50 }, { pods: 50 }],
    ["as many pods by core as by default", { podsPerCore: 2 }, { pods: 110 }],
    ["no pods by core", { podsPerCore: 0 }, { pods: 110 }],
  ])("can say %s", (_, kubelet, changed) => {
    expect(has(setTo(kubelet))).toEqual({ ...plain, ...changed });
  });

  it.each<[string, Tree, PlannedPool["unknowns"], string[]]>([
    [
      "one amount",
      { kubeReserved: { memory: UNKNOWN }, systemReserved: { memory: "1Gi" } },
      [{ property: "memoryGib", reason: "spec.kubelet.kubeReserved.memory of EC2NodeClass pool is not known yet" }],
      ["memory"],
    ],
    [
      "what is no quantity",
      { systemReserved: { cpu: "some" } },
      [
        {
          property: "vcpus",
          reason: 'spec.kubelet.systemReserved.cpu of EC2NodeClass pool is "some", which is no quantity',
        },
      ],
      ["cpu"],
    ],
    [
      "the number of pods",
      { maxPods: UNKNOWN, podsPerCore: "2" },
      [
        { property: "taints", reason: "spec.kubelet.maxPods of EC2NodeClass pool is not known yet" },
        {
          property: "taints",
          reason: 'spec.kubelet.podsPerCore of EC2NodeClass pool is "2", which is no number of pods',
        },
      ],
      [],
    ],
  ])("say of what cannot be read that it is not known: %s", (_, kubelet, unknowns, hidden) => {
    const pool = setTo(kubelet);
    expect(pool.unknowns).toEqual(unknowns);
    expect(Object.keys(plain).filter((resource) => !(resource in has(pool)))).toEqual(hidden);
  });

  it("are not known where the whole of them is not", () => {
    const { unknowns } = setTo(UNKNOWN);
    expect([...new Set(unknowns.map(({ reason }) => reason))]).toEqual([
      "spec.kubelet of EC2NodeClass pool is not known yet",
    ]);
    expect([...new Set(unknowns.map(({ property }) => property))]).toEqual([
      "vcpus",
      "memoryGib",
      "ephemeralStorageGib",
      "taints",
    ]);
  });

  it("are none of a NodeClass of EKS Auto Mode", () => {
    expect(has(setTo({ maxPods: 5 }, "eks.amazonaws.com/v1", "NodeClass"))["pods"]).toBe(110);
  });
});

describe("kubelet settings in user data", () => {
  const NODE_CONFIG = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec:\n  kubelet:\n    config: {}\n";
  const remark = (owner: string) => ({
    property: "usdPerNodeHour",
    reason: `the user data of ${owner} set the kubelet, which is not read: each node is taken to run 110 pods and to keep back what it does by default`,
  });
  const withTemplate = (userData: string) => {
    const template = resource("aws:ec2/launchTemplate:LaunchTemplate", {
      userData: Buffer.from(userData).toString("base64"),
      blockDeviceMappings: [{ ebs: { volumeSize: 50 } }],
    });
    const nodes = group({ instanceTypes: ["g5.xlarge"], launchTemplate: { id: UNKNOWN } });
    return poolOf({ ...nodes, dependencies: [template.urn] }, template).unknowns;
  };

  it.each([
    NODE_CONFIG,
    "/etc/eks/bootstrap.sh main --kubelet-extra-args '--v=2'",
    "[settings.kubernetes]\nmax-pods = 20",
    '[settings.kubernetes.kube-reserved]\ncpu = "1"',
    '[settings.kubernetes.eviction-hard]\n"memory.available" = "15%"',
  ])("of a launch template are told of, as nobody reads them: %j", (userData) => {
    expect(withTemplate(userData)).toEqual([remark("launch template pool")]);
  });

  it("of an EC2NodeClass are told of too", () => {
    const { unknowns } = poolOf(
      nodePool([types("g5.xlarge")]),
      nodeClass({ userData: NODE_CONFIG, blockDeviceMappings: [{ ebs: { volumeSize: "50Gi" } }] }),
    );
    expect(unknowns).toEqual([remark("EC2NodeClass pool")]);
  });

  it("are not there where user data are about something else", () => {
    expect(withTemplate("[settings.kubelet-device-plugins.nvidia]\ndevice-sharing-strategy = 'none'")).toEqual([]);
  });
});

describe("a node that is there", () => {
  const node = (status: TreeObject, annotation?: string) =>
    resource("kubernetes:core/v1:Node", {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "a",
        ...(annotation === undefined ? {} : { annotations: { "mlstack.dev/simulated-resources": annotation } }),
      },
      status,
    });

  it("has what its kubelet leaves to pods", () => {
    const status = { capacity: { cpu: "4", memory: "16Gi" }, allocatable: { cpu: "3920m", memory: "14Gi" } };
    expect(freeOf(node(status))).toEqual({ cpu: 3920, memory: 14 * GIB });
  });

  it("has all of its capacity where nothing is kept back, as the API server fills in", () => {
    expect(freeOf(node({ capacity: { cpu: "4", "nvidia.com/gpu": 2 } }))).toEqual({ cpu: 4000, "nvidia.com/gpu": 2 });
  });

  it("has what it announces where it reports nothing, and what it reports before that", () => {
    const announced = JSON.stringify({ capacity: { cpu: "9" }, allocatable: { cpu: "8" } });
    expect(freeOf(node({}, announced))).toEqual({ cpu: 8000 });
    expect(freeOf(node({ allocatable: {} }, announced))).toEqual({ cpu: 8000 });
    expect(freeOf(node({ allocatable: { cpu: "1" } }, announced))).toEqual({ cpu: 1000 });
  });

  it("leaves out what is no quantity or not known yet, and says so", () => {
    const allocatable: TreeObject = {
      cpu: UNKNOWN,
      memory: "much",
      pods: "5",
      "example.com/x": UNKNOWN,
      "example.com/y": null,
    };
    const pool = poolOf(node({ allocatable }));
    expect(Object.fromEntries(pool.free)).toEqual({ pods: 5 });
    expect(pool.unknowns).toEqual([
      { property: "vcpus", reason: "cpu is not known yet" },
      { property: "memoryGib", reason: 'memory is "much", which is no quantity' },
      { property: "gpuResource", reason: "example.com/x is not known yet" },
    ]);
  });

  it("has what its type tells where it reports nothing that can be read", () => {
    const silent = resource("kubernetes:core/v1:Node", {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "a",
        labels: { "node.kubernetes.io/instance-type": "g5.xlarge" },
        annotations: { "mlstack.dev/simulated-resources": "{" },
      },
    });
    expect(freeOf(silent)).toMatchObject({ cpu: 3920, "nvidia.com/gpu": 1 });
  });
});
