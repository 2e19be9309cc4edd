import { Cluster, ClusterKind, PipelineRun } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const slow = new PipelineRun(
  "heart-disease-slow",
  {
    pipeline: "heart-disease",
    parameters: { rate: "0.0001" },
    namespace: "cardiology",
    waitForCompletion: true,
  },
  { providers: [cluster.provider] },
);
