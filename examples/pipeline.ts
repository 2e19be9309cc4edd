import { artifact, Cluster, ClusterKind, containerStep, dag, param, Pipeline, workflowDefinition } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

const split = containerStep("split", {
  inputs: { share: param.number({ default: 0.2 }) },
  outputs: { training: artifact("csv"), test: artifact("csv") },
  run: ({ inputs, outputs }) => ({
    image: "ghcr.io/acme/heart-data:1.0.0",
    command: ["split"],
    args: [inputs.share, outputs.training.path, outputs.test.path],
  }),
});

const train = containerStep("train", {
  inputs: { training: artifact("csv"), rate: param.number() },
  outputs: { model: artifact("model"), logs: artifact("directory") },
  run: ({ inputs, outputs }) => ({
    image: "ghcr.io/acme/heart-train:1.0.0",
    command: ["python", "train.py"],
    args: [inputs.training.path, "--rate", inputs.rate, outputs.model.path, outputs.logs.path],
    gpus: 1,
    pool: "a10g",
  }),
});

const evaluate = containerStep("evaluate", {
  inputs: { test: artifact("csv"), model: artifact("model") },
  outputs: { auc: param.number(), curve: artifact("png") },
  run: ({ inputs, outputs }) => ({
    image: "ghcr.io/acme/heart-plots:1.0.0",
    command: ["python", "evaluate.py"],
    args: [inputs.test.path, inputs.model.path, outputs.auc.path, outputs.curve.path],
    cpu: "500m",
    memory: "1Gi",
  }),
});

const heart = dag("heart", {
  inputs: { rate: param.number({ default: 0.001 }) },
  outputs: { model: artifact("model"), auc: param.number() },
  tasks: (graph, { rate }) => {
    const { training, test } = graph.run(split).outputs;
    const { model } = graph.run(train, { training, rate }).outputs;
    const { auc } = graph.run(evaluate, { test, model }).outputs;
    return { model, auc };
  },
});

export const heartDisease = new Pipeline(
  "heart-disease",
  {
    definition: workflowDefinition(heart),
    namespace: "cardiology",
    lineage: { commit: "0123abc" },
  },
  { providers: [cluster.provider] },
);
