import { Cluster, ClusterKind, GatewayExposure, Istio } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });

export const mesh = new Istio(
  "mesh",
  {
    gateway: { exposure: GatewayExposure.internal },
    mtlsExceptions: [{ name: "legacy-database", namespace: "ml", workload: { app: "mysql" }, ports: [3306] }],
  },
  { providers: [cluster.provider] },
);
