import * as k8s from "@pulumi/kubernetes";
import { Cluster, ClusterKind, SparkOperator } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

const team = new k8s.core.v1.Namespace("etl", { metadata: { name: "etl" } }, { provider: cluster.provider });

export const spark = new SparkOperator(
  "spark",
  { platform: { systemPool: "system" }, jobNamespaces: ["etl"] },
  { providers: [cluster.provider], dependsOn: [team] },
);
