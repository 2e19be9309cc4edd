import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { plannedPools, type PlannedPool } from "../../../preflight/pools";
import { EKS_DAEMONS } from "../../../preflight/pools/eks-daemons";
import { goldenStack, stackOf } from "./written-stack";

const MIB = 2 ** 20;

const node = (labels: TreeObject = {}, taints: TreeObject[] = []): PlannedResource[] =>
  stackOf(`
apiVersion: v1
kind: Node
metadata: { name: a, labels: ${JSON.stringify(labels)} }
spec: { taints: ${JSON.stringify(taints)} }
status: { allocatable: { cpu: "4", memory: 8Gi, pods: "10" } }
`);

const daemonSet = (spec: TreeObject = {}): PlannedResource[] =>
  stackOf(`
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: logs }
spec:
  template:
    spec: ${JSON.stringify({
      containers: [{ name: "main", resources: { requests: { cpu: "250m", memory: "100Mi" } } }],
      ...spec,
    })}
`);

const addOn = (addonName: string): PlannedResource => ({
  type: "aws:eks/addon:Addon",
  name: addonName,
  urn: `urn:${addonName}`,
  properties: { addonName },
});

const cluster = (properties: TreeObject): PlannedResource => ({
  type: "aws:eks/cluster:Cluster",
  name: "lab",
  urn: "urn:lab",
  properties,
});

const group = (properties: TreeObject = {}): PlannedResource => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "g",
  urn: "urn:g",
  properties: { instanceTypes: ["m7i.xlarge"], ...properties },
});

const poolOf = (...resources: PlannedResource[]): PlannedPool => plannedPools(resources)[0]!;
const namesOf = (...resources: PlannedResource[]) => poolOf(...resources).daemons.map(({ daemon }) => daemon);

describe("a DaemonSet of the stack", () => {
  it("takes its part of every node", () => {
    const pool = poolOf(...node(), ...daemonSet());
    expect(pool.daemons).toEqual([
      {
        daemon: "DaemonSet logs/agent",
        requests: new Map([
          ["pods", 1],
          ["cpu", 250],
          ["memory", 100 * MIB],
        ]),
      },
    ]);
    expect(Object.fromEntries(pool.free)).toEqual({ cpu: 3750, memory: 8092 * MIB, pods: 9 });
    expect(pool.nodeAt("", 1).allocatable.get("cpu")).toBe(4000);
  });

  it("never takes more than there is", () => {
    const greedy = { containers: [{ resources: { requests: { cpu: "99", "example.com/other": 1 } } }] };
    const { free } = poolOf(...node(), ...daemonSet(greedy));
    expect(free.get("cpu")).toBe(0);
    expect(free.has("example.com/other")).toBe(false);
  });

  it("stays away from nodes whose taints it does not tolerate", () => {
    const taints = [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }];
    expect(namesOf(...node({}, taints), ...daemonSet())).toEqual([]);
    const tolerations = [{ operator: "Exists" }];
    expect(namesOf(...node({}, taints), ...daemonSet({ tolerations }))).toEqual(["DaemonSet logs/agent"]);
  });

  it("stays away from nodes that it does not select", () => {
    const nodeSelector = { "example.com/rack": "7" };
    expect(namesOf(...node(), ...daemonSet({ nodeSelector }))).toEqual([]);
    expect(namesOf(...node({ "example.com/rack": "7" }), ...daemonSet({ nodeSelector }))).toHaveLength(1);
  });

  it("counts for a pool where it runs in one of its zones", () => {
    const nodeSelector = { "topology.kubernetes.io/zone": "us-east-1b" };
    const shape = { availabilityZones: ["us-east-1a", "us-east-1b"], vcpus: 4, memoryGib: 8, labels: {}, taints: [] };
    const pool = { type: "mlstack:index:SystemNodePool", name: "p", urn: "urn:p", properties: { shape } };
    expect(namesOf(pool, ...daemonSet({ nodeSelector }))).toEqual(["DaemonSet logs/agent"]);
  });

  it("is on nodes where it finds GPUs by what is found there, and on no others", () => {
    const plugin = goldenStack("device-plugin");
    expect(namesOf(group({ instanceTypes: ["g5.xlarge"] }), ...plugin)).toContain(
      "DaemonSet nvidia-device-plugin/nvidia-device-plugin",
    );
    expect(namesOf(group(), ...plugin)).not.toContain("DaemonSet nvidia-device-plugin/nvidia-device-plugin");
  });

  it("has the largest of its init containers and its containers", () => {
    const [daemon] = poolOf(group({ instanceTypes: ["g5.xlarge"] }), ...goldenStack("device-plugin")).daemons;
    expect(Object.fromEntries(daemon!.requests)).toEqual({ pods: 1, cpu: 50, memory: 256 * MIB });
  });
});

describe("add-ons of EKS", () => {
  const BASE = ["DaemonSet kube-system/aws-node", "DaemonSet kube-system/kube-proxy"];

  it("run what every node needs, whether the stack names them or not", () => {
    expect(namesOf(group())).toEqual(BASE);
    expect(namesOf(group(), addOn("kube-proxy"))).toEqual(BASE);
    expect(poolOf(group()).free.get("cpu")).toBe(3920 - 150);
  });

  it("run only what the stack names where its cluster brings none", () => {
    expect(namesOf(group(), cluster({ bootstrapSelfManagedAddons: false }))).toEqual([]);
    expect(namesOf(group(), cluster({ bootstrapSelfManagedAddons: false }), addOn("vpc-cni"))).toEqual([BASE[0]]);
    expect(namesOf(group(), cluster({ bootstrapSelfManagedAddons: true }))).toEqual(BASE);
    const other = { ...cluster({ bootstrapSelfManagedAddons: false }), type: "eks:index:Cluster" };
    expect(namesOf(group(), other)).toEqual([]);
    const unrelated = { ...cluster({ bootstrapSelfManagedAddons: false }), type: "aws:rds/cluster:Cluster" };
    expect(namesOf(group(), unrelated)).toEqual(BASE);
  });

  it("run drivers where the stack installs them", () => {
    const pool = poolOf(group(), addOn("aws-ebs-csi-driver"), addOn("coredns"));
    expect(pool.daemons.at(-1)).toEqual({
      daemon: "DaemonSet kube-system/ebs-csi-node",
      requests: new Map([
        ["pods", 1],
        ["cpu", 30],
        ["memory", 120 * MIB],
      ]),
    });
    expect(pool.daemons).toHaveLength(3);
    expect(pool.free.get("pods")).toBe(107);
  });

  it("leave out on nodes of Auto Mode what their image brings", () => {
    const auto: PlannedResource[] = goldenStack("auto-mode-pool-serving");
    const addOns = EKS_DAEMONS.map((daemon) => addOn(daemon.addOn));
    expect(namesOf(...auto)).toEqual([]);
    expect(namesOf(...auto, ...addOns)).toEqual([
      "DaemonSet kube-system/efs-csi-node",
      "DaemonSet kube-system/fsx-csi-node",
      "DaemonSet kube-system/s3-csi-node",
    ]);
    expect(namesOf(...goldenStack("karpenter-pool"), ...addOns)).toHaveLength(EKS_DAEMONS.length);
  });

  it("run nothing on nodes that are simulated", () => {
    expect(namesOf(...node(), addOn("aws-ebs-csi-driver"))).toEqual([]);
  });

  it("are each in the table once, with amounts that can be read", () => {
    expect(new Set(EKS_DAEMONS.map(({ addOn: name }) => name)).size).toBe(EKS_DAEMONS.length);
    for (const { requests } of EKS_DAEMONS) {
      for (const quantity of Object.values(requests)) expect(quantity).toMatch(/^\d+(m|Mi)$/);
    }
  });
});
