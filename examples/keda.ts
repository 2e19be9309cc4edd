import { Cluster, ClusterKind, Keda } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const scaling = new Keda("keda", { watchNamespace: "inference" }, { providers: [cluster.provider] });
