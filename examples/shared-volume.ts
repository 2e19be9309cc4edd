import { Cluster, ClusterKind, SharedVolume } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });

export const checkpoints = new SharedVolume(
  "checkpoints",
  { eks: cluster.eks!, namespace: "default", efs: { uid: 1000, gid: 100 } },
  { providers: [cluster.provider] },
);
