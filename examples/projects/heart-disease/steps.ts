import type * as pulumi from "@pulumi/pulumi";
import { artifact, containerStep, dag, param } from "mlstack/workloads";
import type { StoryGround } from "./story";

/** Where all models lie in the store, each under the name of the run that made it. */
export const MODELS = "heart-disease/models";

/** Where the volume is mounted that steps, trials and TensorBoard share. */
export const DATA = "/data";

/** Its folder of logs, which TensorBoard reads. */
export const LOGS_FOLDER = "logs";

/** User of the images. */
export const USER = 10001;

/** How pods end on simulated nodes, where no container runs. */
const succeeds = { annotations: { "mlstack.dev/simulate": "succeed after=2s" } };

/** Tables of a few hundred rows: the smallest machine does. */
export const small = { cpu: "250m", memory: "512Mi", runAsUser: USER, ...succeeds };

/** The steps of the pipeline, each an image of `examples/heart-disease`, which pass files to each other. */
export function heartDiseasePipeline({ image }: StoryGround, claim: pulumi.Input<string>) {
  const program = (step: string) => ({
    image: image(`heart-disease-${step}`),
    command: ["python", `${step}.py`],
    ...small,
  });

  const read = containerStep("read", {
    outputs: { patients: artifact("table") },
    run: ({ outputs }) => ({ ...program("read"), args: ["--output", outputs.patients.path] }),
  });

  const process = containerStep("process", {
    inputs: { patients: artifact("table") },
    outputs: { training: artifact("training-table"), test: artifact("test-table") },
    run: ({ inputs, outputs }) => ({
      ...program("process"),
      args: ["--input", inputs.patients.path, "--train", outputs.training.path, "--test", outputs.test.path],
    }),
  });

  const train = containerStep("train", {
    inputs: { training: artifact("training-table"), epochs: param.number(), learningRate: param.number() },
    outputs: { model: artifact("model", { key: `${MODELS}/{{workflow.name}}/model.joblib` }) },
    run: ({ inputs, outputs }) => ({
      ...program("train"),
      args: [
        ...[
          "--train",
          inputs.training.path,
          "--model",
          outputs.model.path,
          "--logs",
          `${DATA}/${LOGS_FOLDER}/{{workflow.name}}`,
        ],
        ...["--epochs", inputs.epochs, "--learning-rate", inputs.learningRate],
      ],
      volumes: [{ name: "data", mountPath: DATA, persistentVolumeClaim: claim }],
    }),
  });

  const evaluate = containerStep("evaluate", {
    inputs: { model: artifact("model"), test: artifact("test-table"), minAccuracy: param.number() },
    outputs: { metrics: artifact("metrics") },
    run: ({ inputs, outputs }) => ({
      ...program("evaluate"),
      args: [
        ...["--model", inputs.model.path, "--test", inputs.test.path],
        ...["--metrics", outputs.metrics.path, "--min-accuracy", inputs.minAccuracy],
      ],
    }),
  });

  return dag("heart-disease", {
    inputs: {
      epochs: param.number({ default: 20 }),
      learningRate: param.number({ default: 0.01 }),
      minAccuracy: param.number({ default: 0.8 }),
    },
    outputs: { model: artifact("model"), metrics: artifact("metrics") },
    tasks: (tasks, { epochs, learningRate, minAccuracy }) => {
      const { patients } = tasks.run(read).outputs;
      const { training, test } = tasks.run(process, { patients }).outputs;
      const { model } = tasks.run(train, { training, epochs, learningRate }).outputs;
      const { metrics } = tasks.run(evaluate, { model, test, minAccuracy }).outputs;
      return { model, metrics };
    },
  });
}
