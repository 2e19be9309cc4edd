import { Cluster, ClusterKind, MxNetJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const features = new MxNetJob(
  "image-features",
  {
    namespace: "vision",
    image: "ghcr.io/acme/image-features:1.4.0",
    command: ["python", "/opt/features/train.py"],
    args: ["--kv-store", "dist_sync"],
    servers: { replicas: 2, memory: "8Gi" },
    workers: { replicas: 4, gpus: 1 },
    volumes: [{ name: "checkpoints", mountPath: "/checkpoints", persistentVolumeClaim: "checkpoints" }],
  },
  { providers: [cluster.provider] },
);
