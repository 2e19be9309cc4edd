import { BatchJob, Cluster, ClusterKind } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const resize = new BatchJob(
  "resize",
  {
    image: "ghcr.io/acme/images:1.4.0",
    // Each pod takes every hundredth file, from the one that JOB_COMPLETION_INDEX says.
    command: ["python", "-m", "images.resize"],
    args: ["--size=224", "--parts=100"],
    parallelism: 10,
    completions: 100,
    cpu: "2",
    volumes: [{ name: "images", mountPath: "/images", persistentVolumeClaim: "images" }],
    runAsUser: 1000,
  },
  { providers: [cluster.provider] },
);
