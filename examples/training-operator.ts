import { Cluster, ClusterKind, TrainingJobKind, TrainingOperator } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const legacy = new TrainingOperator(
  "legacy",
  {
    platform: { systemPool: "system" },
    namespace: "training-operator",
    jobs: [TrainingJobKind.pyTorch, TrainingJobKind.tensorFlow],
  },
  { providers: [cluster.provider] },
);
