import { Closeness, Cluster, ClusterKind, IndexedJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const resnet = new IndexedJob(
  "resnet",
  {
    image: "ghcr.io/acme/resnet:1.4.0",
    // torchrun finds all that it must know of the others in its environment.
    command: ["torchrun", "/opt/resnet/train.py"],
    workers: 2,
    gpus: 8,
    pool: "train",
    topology: { level: Closeness.rack },
    volumes: [
      { name: "data", mountPath: "/data", persistentVolumeClaim: "imagenet", readOnly: true },
      { name: "checkpoints", mountPath: "/checkpoints", persistentVolumeClaim: "checkpoints" },
    ],
    activeDeadlineSeconds: 28_800,
  },
  { providers: [cluster.provider] },
);
