import { Cluster, ClusterKind, JobSetController, Trainer } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const platform = { systemPool: "system" };
const providers = [cluster.provider];

const jobSet = new JobSetController("job-set", { platform }, { providers });

export const trainer = new Trainer("trainer", { platform }, { providers, dependsOn: [jobSet] });
