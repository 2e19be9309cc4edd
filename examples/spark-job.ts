import { Cluster, ClusterKind, SparkJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const clean = new SparkJob(
  "clean",
  {
    namespace: "etl",
    image: "ghcr.io/acme/clean:1.4.0",
    sparkVersion: "4.0.1",
    mainFile: "local:///opt/app/clean.py",
    args: ["--day", "2026-11-26"],
    executor: {
      replicas: 4,
      cpu: "4",
      memory: "16Gi",
      volumes: [{ name: "spark-local-dir-1", mountPath: "/mnt/spill", scratch: { sizeLimit: "100Gi" } }],
    },
    sparkConf: { "spark.sql.shuffle.partitions": "64" },
    s3: { region: "eu-central-1" },
    eventLog: "s3a://acme-lake/spark-events",
    waitForCompletion: true,
  },
  { providers: [cluster.provider] },
);
