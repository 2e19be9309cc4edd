import { Cluster, ClusterKind, ScheduledSparkJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const features = new ScheduledSparkJob(
  "features",
  {
    namespace: "etl",
    schedule: "30 4 * * 1-5",
    timeZone: "Europe/Berlin",
    image: "ghcr.io/acme/features:2.1.0",
    sparkVersion: "4.0.1",
    mainFile: "local:///opt/app/features.py",
    executor: { replicas: 2, gpus: 1, gpusPerTask: 0.25, pool: "train" },
    retries: 1,
    attemptDeadlineSeconds: 7200,
  },
  { providers: [cluster.provider] },
);
