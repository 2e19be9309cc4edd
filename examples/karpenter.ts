import { Cluster, ClusterKind, Karpenter, SystemNodePool } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
const eks = cluster.eks!;
const providers = [cluster.provider];

const system = new SystemNodePool("system", { eks }, { providers });

export const karpenter = new Karpenter(
  "karpenter",
  { eks, systemPool: system.shape.name, values: { logLevel: "error" } },
  { providers, dependsOn: [system] },
);
