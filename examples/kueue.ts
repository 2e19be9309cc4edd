import { Cluster, ClusterKind, JobFramework, JobSetController, Kueue } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const platform = { certManager: true, prometheus: true, systemPool: "system" };
const providers = [cluster.provider];

const jobSet = new JobSetController("job-set", { platform }, { providers });

export const kueue = new Kueue(
  "kueue",
  { platform, additionalFrameworks: [JobFramework.sparkApplication], podsReadyTimeoutMinutes: 45 },
  { providers, dependsOn: [jobSet] },
);
