import { describe, expect, it } from "vitest";
import { type GpuJobArgs, gpuPoolShape, type PoolShape, TaintEffect } from "../../../../components";
import { type HardwareArgs, hardwareOf, placementOf, podTemplate } from "../../../../components/workloads/pods";

const image = "ghcr.io/acme/mnist:1.4.0";
const t4 = gpuPoolShape("t4", { instanceType: "g4dn.xlarge", maxNodes: 2 });
const a10g = gpuPoolShape("a10g", {
  instanceType: "g5.12xlarge",
  maxNodes: 2,
  taints: [{ key: "team", value: "vision", effect: TaintEffect.noSchedule }],
});
const h100 = gpuPoolShape("h100", { instanceType: "p5.48xlarge", maxNodes: 2, efa: true });
const pools = [t4, a10g, h100];

const placed = (args: HardwareArgs, known?: PoolShape[]) =>
  placementOf(args, hardwareOf(args, { pods: 1, defaultGpus: 1, pools: known }));
const required = (key: string, operator: string, values: string[]) => ({ key, operator, values });
const gpuTaint = { key: "nvidia.com/gpu", effect: "NoSchedule", operator: "Exists" };
const nodesWith = (...matchExpressions: object[]) => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
});

describe("where a pod runs that asks for GPUs", () => {
  it.each<[string, HardwareArgs, PoolShape[] | undefined, object]>([
    ["is anywhere with GPUs, where nothing is known", {}, undefined, { tolerations: [gpuTaint] }],
    [
      "is the pool that it names, whose taints only its author knows",
      { pool: "a10g", tolerations: [{ key: "team" }] },
      undefined,
      {
        nodeSelector: { "mlstack.dev/pool": "a10g" },
        tolerations: [gpuTaint, { key: "team", operator: "Exists" }],
      },
    ],
    [
      "is the known pool that it names, with its taints",
      { pool: "a10g" },
      pools,
      {
        nodeSelector: { "mlstack.dev/pool": "a10g" },
        tolerations: [gpuTaint, { key: "team", value: "vision", effect: "NoSchedule", operator: "Equal" }],
      },
    ],
    [
      "is any known pool with as many GPUs per node",
      { gpus: 4 },
      pools,
      {
        tolerations: [gpuTaint, { key: "team", value: "vision", effect: "NoSchedule", operator: "Equal" }],
        affinity: nodesWith(required("mlstack.dev/pool", "In", ["a10g", "h100"])),
      },
    ],
    [
      "is any known pool with as much memory per GPU",
      { gpuMemoryGib: 40 },
      pools,
      { tolerations: [gpuTaint], affinity: nodesWith(required("mlstack.dev/pool", "In", ["h100"])) },
    ],
    [
      "is a model with as much memory, where no pool is known",
      { gpuMemoryGib: 100 },
      undefined,
      {
        tolerations: [gpuTaint],
        affinity: nodesWith(required("mlstack.dev/gpu-model", "In", ["b200", "b300", "h200"])),
      },
    ],
    [
      "is no machine whose model has as much only on others",
      { gpuMemoryGib: 80 },
      undefined,
      {
        tolerations: [gpuTaint],
        affinity: nodesWith(
          required("mlstack.dev/gpu-model", "In", ["a100", "b200", "b300", "h100", "h200", "rtx-pro-server-6000"]),
          required("node.kubernetes.io/instance-type", "NotIn", ["p4d.24xlarge"]),
        ),
      },
    ],
    [
      "has Elastic Fabric Adapters",
      { gpus: 8, efa: 4 },
      undefined,
      { tolerations: [gpuTaint], affinity: nodesWith(required("mlstack.dev/efa", "In", ["true"])) },
    ],
    [
      "has the instruction set of the image",
      { architecture: "arm64" },
      undefined,
      { nodeSelector: { "kubernetes.io/arch": "arm64" }, tolerations: [gpuTaint] },
    ],
  ])("%s", (_behaviour, args, known, placement) => {
    expect(placed(args, known)).toEqual(placement);
  });

  it("is off the pools with GPUs where it asks for none: their taints see to that", () => {
    expect(placed({ gpus: 0 }, pools)).toEqual({});
  });
});

describe("the pods of one workload", () => {
  const base = { labels: {}, objectName: "resnet", defaultGpus: 8, pools };
  const podOf = (args: Partial<GpuJobArgs>, context: object) =>
    podTemplate({ image, ...args }, { ...base, pods: 4, ...context });
  const term = (topologyKey: string) => ({
    labelSelector: { matchLabels: { "app.kubernetes.io/name": "resnet" } },
    topologyKey,
  });

  it("take all adapters of a pool of which each takes whole nodes, with huge pages and what NCCL needs", () => {
    const { containers } = podOf({ pool: "h100", memory: "1000Gi" }, {}).spec;
    const [container] = containers as unknown as [{ resources: object; env: object[] }];
    const devices = { "nvidia.com/gpu": "8", "vpc.amazonaws.com/efa": "32", "hugepages-2Mi": "5120Mi" };
    expect(container.resources).toEqual({
      requests: { cpu: "24", memory: "1000Gi", ...devices },
      limits: { memory: "1000Gi", ...devices },
    });
    expect(container.env).toEqual([
      { name: "NCCL_DEBUG", value: "WARN" },
      { name: "FI_PROVIDER", value: "efa" },
      { name: "FI_EFA_USE_DEVICE_RDMA", value: "1" },
      { name: "NCCL_SOCKET_IFNAME", value: "^lo,docker,veth,eni" },
    ]);
  });

  it("are in one zone where they have adapters, which reach no further", () => {
    expect(podOf({ pool: "h100" }, {}).spec.affinity).toEqual({
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term("topology.kubernetes.io/zone")] },
    });
  });

  it("are close together where that is asked for, by the scheduler", () => {
    expect(podOf({ pool: "t4", gpus: 1 }, { topology: { level: "rack" } }).spec.affinity).toEqual({
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [
          { weight: 100, podAffinityTerm: term("topology.k8s.aws/network-node-layer-3") },
        ],
      },
    });
  });

  it.each([
    [true, "kueue.x-k8s.io/podset-required-topology"],
    [false, "kueue.x-k8s.io/podset-preferred-topology"],
  ])("are close together by Kueue, for all at once (required: %s)", (isRequired, annotation) => {
    const topology = { level: "node", required: isRequired, byQueue: true };
    const pod = podOf({ pool: "t4", gpus: 1 }, { topology });
    expect(pod.spec.affinity).toBeUndefined();
    expect(pod.metadata.annotations).toEqual({ [annotation]: "kubernetes.io/hostname" });
  });

  it("have their author's variables where the workload sets them too", () => {
    const pod = podOf(
      { pool: "t4", gpus: 1, env: { NCCL_DEBUG: "INFO", RANK: "7" } },
      { env: { RANK: "0", WORLD: "4" } },
    );
    expect((pod.spec.containers as { env: object }[])[0]?.env).toEqual([
      { name: "NCCL_DEBUG", value: "INFO" },
      { name: "RANK", value: "7" },
      { name: "WORLD", value: "4" },
    ]);
  });

  it("are left in peace until they have ended", () => {
    expect(podOf({}, { runsToEnd: true }).metadata).toEqual({
      labels: { "sidecar.istio.io/inject": "false", "app.kubernetes.io/name": "resnet" },
      annotations: {
        "karpenter.sh/do-not-disrupt": "true",
        "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
      },
    });
  });
});
