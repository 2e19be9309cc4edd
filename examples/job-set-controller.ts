import { Cluster, ClusterKind, JobSetController } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const jobSet = new JobSetController(
  "job-set",
  { platform: { certManager: true, systemPool: "system" } },
  { providers: [cluster.provider] },
);
