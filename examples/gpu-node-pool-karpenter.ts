import { CapacityType, Cluster, ClusterKind, GpuNodePool, Karpenter, PoolBackEnd, PoolPurpose } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
const eks = cluster.eks!;
const providers = [cluster.provider];

const karpenter = new Karpenter("karpenter", { eks }, { providers });

export const serving = new GpuNodePool(
  "serve",
  {
    eks,
    backEnd: PoolBackEnd.karpenter,
    gpus: { gpuMemoryGib: 20, gpusPerNode: 1 },
    capacityType: CapacityType.spot,
    purpose: PoolPurpose.serving,
    maxGpus: 8,
    schedules: [{ name: "office-hours", from: "08:00", to: "18:00", timeZone: "Europe/Berlin", nodes: 2 }],
  },
  { providers, dependsOn: [karpenter] },
);
