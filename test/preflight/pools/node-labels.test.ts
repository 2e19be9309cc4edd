import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { plannedPools } from "../../../preflight/pools";

const resource = (type: string, properties: TreeObject): PlannedResource => ({
  type,
  name: "pool",
  urn: `${type}::pool`,
  properties,
});

const group = (properties: TreeObject) => resource("aws:eks/nodeGroup:NodeGroup", properties);

const nodePool = (requirements: unknown, nodeClassRef: TreeObject = {}, metadata: TreeObject = { name: "serve" }) =>
  resource("kubernetes:karpenter.sh/v1:NodePool", {
    apiVersion: "karpenter.sh/v1",
    kind: "NodePool",
    metadata,
    spec: { template: { spec: { requirements: requirements as TreeObject[], nodeClassRef } } },
  });

const types = (...values: string[]) => ({ key: "node.kubernetes.io/instance-type", operator: "In", values });
const KARPENTER = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "gpus" };

const labelsOf = (given: PlannedResource, zone = "") => plannedPools([given])[0]!.nodeAt(zone, 1).labels;
const openOf = (given: PlannedResource) => plannedPools([given])[0]!.openLabels;

describe("labels of every machine", () => {
  it("tell its type, instruction set, system and name, in old and new spellings", () => {
    expect(labelsOf(group({ instanceTypes: ["g5g.xlarge"] }))).toEqual({
      "kubernetes.io/os": "linux",
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "arm64",
      "beta.kubernetes.io/arch": "arm64",
      "node.kubernetes.io/instance-type": "g5g.xlarge",
      "beta.kubernetes.io/instance-type": "g5g.xlarge",
      "eks.amazonaws.com/capacityType": "ON_DEMAND",
      "kubernetes.io/hostname": "pool-1",
    });
  });

  it("tell its zone and region", () => {
    expect(labelsOf(group({ instanceTypes: ["g5.xlarge"] }), "eu-west-1b")).toMatchObject({
      "topology.kubernetes.io/zone": "eu-west-1b",
      "topology.kubernetes.io/region": "eu-west-1",
      "topology.ebs.csi.aws.com/zone": "eu-west-1b",
      "failure-domain.beta.kubernetes.io/zone": "eu-west-1b",
      "failure-domain.beta.kubernetes.io/region": "eu-west-1",
    });
    expect(labelsOf(group({ instanceTypes: ["g5.xlarge"] }), "rack-7")).not.toHaveProperty(
      "topology.kubernetes.io/region",
    );
  });

  it("are open in what several types differ in, and what nothing tells", () => {
    const open = openOf(group({ instanceTypes: ["g5.xlarge", "g6.xlarge"] }));
    expect(open).toContain("node.kubernetes.io/instance-type");
    expect(open).not.toContain("kubernetes.io/arch");
    expect(openOf(group({ instanceTypes: UNKNOWN }))).toEqual(
      expect.arrayContaining(["kubernetes.io/arch", "beta.kubernetes.io/arch", "node.kubernetes.io/instance-type"]),
    );
  });

  it("may be more where drivers and finders of features add to them, those of GPUs on machines with GPUs alone", () => {
    const found = (instanceType: string) =>
      openOf(group({ instanceTypes: [instanceType] })).filter((key) => /nvidia|feature/.test(key));
    expect(found("g5.xlarge")).toEqual(["feature.node.kubernetes.io/", "nvidia.com/"]);
    expect(found("m7i.xlarge")).toEqual(["feature.node.kubernetes.io/"]);
    expect(found("x9.large")).toEqual(["feature.node.kubernetes.io/", "nvidia.com/"]);
  });

  it("are those that somebody declares, whatever else would follow", () => {
    const labels: TreeObject = { "kubernetes.io/arch": "declared", "example.com/a": UNKNOWN, "example.com/b": "b" };
    const given = group({ instanceTypes: ["g5.xlarge"], labels });
    expect(labelsOf(given)).toMatchObject({ "kubernetes.io/arch": "declared", "example.com/b": "b" });
    expect(labelsOf(given)).not.toHaveProperty("example.com/a");
    expect(openOf(given)).toContain("example.com/a");
  });
});

describe("labels of a node group of EKS", () => {
  it.each<[TreeObject, TreeObject, string[]]>([
    [{ nodeGroupName: "a", capacityType: "SPOT" }, { nodegroup: "a", capacityType: "SPOT" }, []],
    [{}, { capacityType: "ON_DEMAND" }, ["nodegroup"]],
    [{ capacityType: UNKNOWN }, {}, ["nodegroup", "capacityType"]],
  ])("of %o tell its name and how it is bought", (properties, told, open) => {
    const given = group({ instanceTypes: ["g5.xlarge"], ...properties });
    const own = Object.entries(labelsOf(given)).filter(([key]) => key.startsWith("eks.amazonaws.com/"));
    expect(Object.fromEntries(own.map(([key, value]) => [key.slice("eks.amazonaws.com/".length), value]))).toEqual(
      told,
    );
    const openKeys = openOf(given);
    for (const key of ["nodegroup", "capacityType"]) {
      expect(openKeys.includes(`eks.amazonaws.com/${key}`)).toBe(open.includes(key));
    }
  });
});

describe("labels of a NodePool of Karpenter", () => {
  it("tell the pool, the class and what the catalogue knows of the machine", () => {
    expect(labelsOf(nodePool([types("g5.12xlarge")], KARPENTER))).toMatchObject({
      "karpenter.sh/nodepool": "serve",
      "karpenter.sh/registered": "true",
      "karpenter.sh/initialized": "true",
      "karpenter.k8s.aws/ec2nodeclass": "gpus",
      "karpenter.k8s.aws/instance-category": "g",
      "karpenter.k8s.aws/instance-family": "g5",
      "karpenter.k8s.aws/instance-generation": "5",
      "karpenter.k8s.aws/instance-size": "12xlarge",
      "karpenter.k8s.aws/instance-cpu": "48",
      "karpenter.k8s.aws/instance-memory": "196608",
      "karpenter.k8s.aws/instance-gpu-name": "a10g",
      "karpenter.k8s.aws/instance-gpu-count": "4",
      "karpenter.k8s.aws/instance-gpu-memory": "22888",
      "karpenter.k8s.aws/instance-gpu-manufacturer": "nvidia",
      "karpenter.k8s.aws/instance-local-nvme": "3800",
    });
  });

  it("tell nothing of GPUs and disks where a machine has none", () => {
    const keys = Object.keys(labelsOf(nodePool([types("m7i.xlarge")], KARPENTER)));
    expect(keys.filter((key) => /gpu|nvme/.test(key))).toEqual([]);
  });

  it("tell the fraction of a GPU that a machine carries as none with some memory", () => {
    const labels = labelsOf(nodePool([types("g6f.large")], KARPENTER));
    expect(labels).toMatchObject({
      "karpenter.k8s.aws/instance-gpu-name": "l4",
      "karpenter.k8s.aws/instance-gpu-count": "0",
      "karpenter.k8s.aws/instance-gpu-memory": "2861",
    });
  });

  it("tell what all types have in common, and are open in the rest", () => {
    const given = nodePool([types("g5.xlarge", "g6.xlarge")], KARPENTER);
    expect(labelsOf(given)).toMatchObject({
      "karpenter.k8s.aws/instance-cpu": "4",
      "karpenter.k8s.aws/instance-gpu-count": "1",
    });
    expect(labelsOf(given)).not.toHaveProperty("karpenter.k8s.aws/instance-family");
    expect(openOf(given)).toEqual(
      expect.arrayContaining(["karpenter.k8s.aws/instance-family", "karpenter.k8s.aws/instance-ebs-bandwidth"]),
    );
    expect(openOf(given)).not.toContain("karpenter.k8s.aws/instance-cpu");
    expect(openOf(given)).not.toContain("karpenter.k8s.aws/");
  });

  it.each([[[types("x9.large")]], [[]], [[types("g5.xlarge", "x9.large")]]])(
    "are all open where a type is in no table",
    (requirements) => {
      expect(openOf(nodePool(requirements, KARPENTER))).toContain("karpenter.k8s.aws/");
    },
  );

  it("follow from requirements that leave one value, and from the pods where they leave several", () => {
    const given = nodePool(
      [
        types("g5.xlarge"),
        { key: "karpenter.sh/capacity-type", operator: "In", values: ["spot"] },
        { key: "example.com/team", operator: "In", values: ["vision"] },
        { key: "example.com/tier", operator: "In", values: ["a", "b"] },
        { key: "example.com/any", operator: "Exists" },
        { key: "example.com/not", operator: "NotIn", values: ["a"] },
        { key: "example.com/none", operator: "DoesNotExist" },
        { key: "example.com/later", operator: "In", values: [UNKNOWN] },
        { key: "topology.kubernetes.io/zone", operator: "In", values: ["us-east-1a"] },
        { operator: "In", values: ["x"] },
      ],
      KARPENTER,
    );
    expect(labelsOf(given)).toMatchObject({ "karpenter.sh/capacity-type": "spot", "example.com/team": "vision" });
    expect(openOf(given).filter((key) => key.startsWith("example.com"))).toEqual([
      "example.com/tier",
      "example.com/any",
      "example.com/not",
      "example.com/later",
    ]);
    expect(labelsOf(given)).not.toHaveProperty("topology.kubernetes.io/zone");
  });

  it("may be anything while its requirements are not known", () => {
    expect(openOf(nodePool(UNKNOWN, KARPENTER))).toContain("");
  });

  it("are open in what is not known of its name and class", () => {
    const given = nodePool([types("g5.xlarge")], {}, { name: UNKNOWN });
    expect(openOf(given)).toContain("karpenter.sh/nodepool");
    expect(Object.keys(labelsOf(given)).filter((key) => /nodepool|nodeclass/.test(key))).toEqual([]);
  });

  it("have names of EKS in Auto Mode", () => {
    const auto = { group: "eks.amazonaws.com", kind: "NodeClass", name: "gpus" };
    expect(labelsOf(nodePool([types("g6e.xlarge")], auto))).toMatchObject({
      "eks.amazonaws.com/nodeclass": "gpus",
      "eks.amazonaws.com/compute-type": "auto",
      "eks.amazonaws.com/instance-gpu-name": "l40s",
    });
    expect(labelsOf(nodePool([types("g6e.xlarge")], KARPENTER))).not.toHaveProperty("eks.amazonaws.com/compute-type");
  });
});

describe("labels of nodes that are objects", () => {
  const node = (labels: TreeObject) =>
    resource("kubernetes:core/v1:Node", { apiVersion: "v1", kind: "Node", metadata: { name: "a", labels } });

  it("are their own, with the old spellings that the node controller adds", () => {
    const given = node({ "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64", "example.com/rack": "7" });
    expect(labelsOf(given, "us-east-1a")).toEqual({
      "kubernetes.io/os": "linux",
      "beta.kubernetes.io/os": "linux",
      "kubernetes.io/arch": "amd64",
      "beta.kubernetes.io/arch": "amd64",
      "example.com/rack": "7",
      "kubernetes.io/hostname": "a",
    });
    expect(openOf(given)).toEqual([]);
  });
});

describe("labels of a component that has made nothing yet", () => {
  it("are open in all that depends on what makes its nodes", () => {
    const shape = { instanceTypes: ["g5.xlarge"], architecture: "amd64", vcpus: 4, memoryGib: 16, gpusPerNode: 1 };
    expect(openOf(resource("mlstack:index:GpuNodePool", { shape }))).toEqual(
      expect.arrayContaining(["eks.amazonaws.com/", "karpenter.sh/", "karpenter.k8s.aws/"]),
    );
    expect(openOf(group({ instanceTypes: ["g5.xlarge"] }))).not.toContain("karpenter.sh/");
  });
});
