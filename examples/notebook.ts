import { Cluster, ClusterKind, Notebook } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const ada = new Notebook(
  "ada",
  {
    namespace: "vision",
    image: "ghcr.io/kubeflow/kubeflow/notebook-servers/jupyter-pytorch-cuda-full:v1.11.0",
    gpus: 1,
    gpuSharing: "time-slicing",
    memory: "16Gi",
    workspaceSize: "50Gi",
    volumes: [{ name: "data", mountPath: "/data", persistentVolumeClaim: "imagenet", readOnly: true }],
  },
  { providers: [cluster.provider] },
);
