import { Cluster, ClusterAutoscaler, ClusterKind, Expander, SystemNodePool } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
const eks = cluster.eks!;
const providers = [cluster.provider];

const system = new SystemNodePool("system", { eks }, { providers });

export const autoscaler = new ClusterAutoscaler(
  "autoscaler",
  { eks, systemPool: system.shape.name, expander: Expander.leastNodes, scaleDownMinutes: 20 },
  { providers, dependsOn: [system] },
);
