import { Cluster, ClusterKind, PyTorchJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const segmentation = new PyTorchJob(
  "segmentation",
  {
    namespace: "vision",
    image: "ghcr.io/acme/segmentation:1.4.0",
    command: ["torchrun", "/opt/segmentation/train.py"],
    nodes: 3,
    gpus: 4,
    elastic: { minNodes: 2 },
    runAsUser: 1000,
    volumes: [{ name: "checkpoints", mountPath: "/checkpoints", persistentVolumeClaim: "checkpoints" }],
  },
  { providers: [cluster.provider] },
);
