import { Closeness, Cluster, ClusterKind, TensorFlowJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const ranking = new TensorFlowJob(
  "ranking",
  {
    namespace: "search",
    image: "ghcr.io/acme/ranking:1.4.0",
    command: ["python", "-m", "ranking.train"],
    args: ["--checkpoints", "/checkpoints"],
    parameterServers: { replicas: 2, memory: "16Gi" },
    workers: { replicas: 4, gpus: 1 },
    chief: {},
    evaluator: { command: ["python", "-m", "ranking.evaluate"] },
    topology: { level: Closeness.zone },
    volumes: [{ name: "checkpoints", mountPath: "/checkpoints", persistentVolumeClaim: "checkpoints" }],
  },
  { providers: [cluster.provider] },
);
