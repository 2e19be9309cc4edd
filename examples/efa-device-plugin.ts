import { Cluster, ClusterKind, EfaDevicePlugin } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });

export const efa = new EfaDevicePlugin("efa", {}, { providers: [cluster.provider] });
