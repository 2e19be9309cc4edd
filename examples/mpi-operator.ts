import { Cluster, ClusterKind, MpiOperator } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const mpi = new MpiOperator("mpi", { platform: { systemPool: "system" } }, { providers: [cluster.provider] });
