import { Closeness, Cluster, ClusterKind, TrainJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const resnet = new TrainJob(
  "resnet",
  {
    namespace: "vision",
    image: "ghcr.io/acme/resnet:1.4.0",
    command: ["torchrun", "/opt/resnet/train.py"],
    args: ["--epochs", "90"],
    nodes: 4,
    gpus: 8,
    efa: 32,
    pool: "h100",
    topology: { level: Closeness.rack },
    secretEnv: { TRACKING_TOKEN: { name: "tracking", key: "token" } },
    volumes: [
      { name: "images", mountPath: "/data", persistentVolumeClaim: "imagenet", readOnly: true },
      { name: "checkpoints", mountPath: "/checkpoints", persistentVolumeClaim: "checkpoints" },
    ],
    activeDeadlineSeconds: 43_200,
  },
  { providers: [cluster.provider] },
);
