import { Cluster, ClusterKind, MetricsServer } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const metrics = new MetricsServer("metrics", {}, { providers: [cluster.provider] });
