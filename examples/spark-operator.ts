import * as k8s from "@pulumi/kubernetes";
import { Cluster, ClusterKind, SparkOperator } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

const labels = {
  "pod-security.kubernetes.io/enforce": "baseline",
  "pod-security.kubernetes.io/enforce-version": "v1.35",
};
const team = new k8s.core.v1.Namespace("etl", { metadata: { name: "etl", labels } }, { provider: cluster.provider });

export const spark = new SparkOperator(
  "spark",
  { platform: { systemPool: "system" }, jobNamespaces: ["etl"] },
  { providers: [cluster.provider], dependsOn: [team] },
);
