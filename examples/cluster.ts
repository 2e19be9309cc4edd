import { Cluster, ClusterKind } from "../components";

export const cluster = new Cluster("lab", { kind: ClusterKind.existing, context: "lab-admin" });
