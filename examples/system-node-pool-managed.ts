import { AmiFamily, Cluster, ClusterKind, SystemNodePool } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });

export const system = new SystemNodePool("system", {
  eks: cluster.eks!,
  instanceType: "m7g.xlarge",
  amiFamily: AmiFamily.bottlerocket,
  minNodes: 3,
  maxNodes: 6,
});
