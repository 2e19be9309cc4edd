import { Cluster, ClusterKind, containerStep, param, Pipeline, PipelineRun, workflowDefinition } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const opts = { providers: [cluster.provider] };

const train = containerStep("train", {
  inputs: { rate: param.number({ default: 0.001 }) },
  run: ({ inputs }) => ({
    image: "ghcr.io/acme/heart-train:1.0.0",
    command: ["python", "train.py"],
    args: ["--rate", inputs.rate],
    gpus: 1,
  }),
});

const heartDisease = new Pipeline(
  "heart-disease",
  { definition: workflowDefinition(train), namespace: "cardiology" },
  opts,
);

export const slow = new PipelineRun(
  "heart-disease-slow",
  {
    pipeline: heartDisease.objectName,
    parameters: { rate: "0.0001" },
    namespace: "cardiology",
    waitForCompletion: true,
  },
  opts,
);
