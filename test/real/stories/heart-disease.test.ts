import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { missingPython, type PythonEnvironment, pythonOf } from "../../../rehearsal/toolchain/python-environment";
import { claimedFolder } from "../../support/claimed-folder";
import { eventually } from "../../support/cluster";
import { LocalImage, readImage } from "../../support/image";
import { lastingFolder } from "../../support/lasting-folder";
import { RealPods, scriptPod } from "../../support/real-pods";
import { StackStore } from "../../support/stack-store";
import { missingS3Client } from "../../support/s3-client";
import {
  type Conditions,
  HEART_DISEASE,
  INFER,
  isTrue,
  keyOf,
  PACKAGES,
  type PipelineRun,
  predictionsOf,
  servedModels,
} from "./served-models";
import { realStack } from "./stack";

const exec = promisify(execFile);

const namespace = "ml";
const name = HEART_DISEASE;
const EXAMPLE = join(checkoutRoot(), "examples", name);

const TENSORBOARD: PythonEnvironment = {
  name: "tensorboard",
  requirements: join(checkoutRoot(), "test", "support", "tensorboard-requirements.txt"),
};

/** Everything of the story begins at once on two cores. */
const PATIENCE = 240_000;

/** The accuracy of each epoch, as the logs of trainings tell it: a list for each folder. */
const ACCURACIES = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
print(json.dumps([[e.value for e in EventAccumulator(folder).Reload().Scalars("accuracy")] for folder in sys.argv[1:]]))
`;

const missing = missingPython(PACKAGES, TENSORBOARD) ?? missingS3Client();

describe.skipIf(missing !== undefined)("the pipeline of a model, its sweep and its servers, run", () => {
  const stack = realStack();
  const folder = lastingFolder("real-heart-disease");
  const at = (file: string) => join(folder, file);
  const get = async <T>(group: string, version: string, plural: string, object: string) =>
    (await stack.custom.getNamespacedCustomObject({ group, version, namespace, plural, name: object })) as T;
  let python: string;

  beforeAll(async () => {
    python = await pythonOf(PACKAGES);
  });

  describe("the pipeline", () => {
    let store: StackStore;
    beforeAll(async () => {
      store = await StackStore.of(stack, namespace);
    });
    afterAll(() => {
      store.close();
    });

    test(
      "passes table, dataset, model and metrics from step to step through the store",
      { timeout: PATIENCE },
      async () => {
        const run = await eventually(
          "it has ended",
          async () => {
            const run = await get<PipelineRun>("argoproj.io", "v1alpha1", "workflows", `${name}-first`);
            return ["Succeeded", "Failed", "Error"].includes(run.status?.phase ?? "") && run;
          },
          PATIENCE,
        );
        const { status } = run;
        expect([status?.phase, status?.message]).toEqual(["Succeeded", undefined]);
        const table = (await store.text(keyOf(run, "read", "patients"))).trimEnd().split("\n");
        expect(table).toHaveLength(1 + 900);
        const [training, held] = await Promise.all(
          ["training", "test"].map(async (each) => store.text(keyOf(run, "process", each))),
        );
        expect([training, held].map((each) => each!.trimEnd().split("\n").length - 1)).toEqual([720, 180]);

        await writeFile(at("model.joblib"), await store.bytes(keyOf(run, "train", "model")));
        await writeFile(at("test.csv"), held!);
        const step = await LocalImage.layOut(
          readImage(EXAMPLE, join("evaluate", "Dockerfile")),
          at("evaluate"),
          python,
        );
        const args = ["--model", at("model.joblib"), "--test", at("test.csv"), "--metrics", at("metrics.json")];
        expect((await step.run(args)).code).toBe(0);
        const metrics = JSON.parse(await store.text(keyOf(run, "evaluate", "metrics"))) as Record<string, number>;
        expect(metrics).toEqual(JSON.parse(await readFile(at("metrics.json"), "utf8")));
        expect(metrics["accuracy"]).toBeGreaterThan(0.8);
        // What the run puts out is what its steps wrote.
        const whole = Object.values(status?.nodes ?? {}).find(({ type }) => type === "DAG")?.outputs?.artifacts ?? [];
        const keys = Object.fromEntries(whole.map((each) => [each.name, each.s3?.key]));
        expect(keys).toMatchObject({ model: keyOf(run, "train", "model"), metrics: keyOf(run, "evaluate", "metrics") });
      },
    );

    test("keeps what each step printed in the store too", async () => {
      const { status } = await get<PipelineRun>("argoproj.io", "v1alpha1", "workflows", `${name}-first`);
      const read = Object.values(status?.nodes ?? {}).find(
        ({ templateName, type }) => type === "Pod" && templateName === "read",
      );
      const log = read?.outputs?.artifacts?.find((each) => each.name === "main-logs")?.s3?.key;
      expect(await store.text(log!)).toBe("read 900 patients\n");
    });
  });

  test(
    "the sweep finds the trial that measured best, and knows what each measured",
    { timeout: PATIENCE },
    async () => {
      interface Observed {
        metrics?: { name: string; max: string; latest: string }[];
      }
      const at = { group: "kubeflow.org", version: "v1beta1", namespace };
      const experiment = await eventually(
        "it has succeeded",
        async () => {
          const found = (await stack.custom.getNamespacedCustomObject({ ...at, plural: "experiments", name })) as {
            status?: Conditions & {
              trialsSucceeded?: number;
              currentOptimalTrial?: { bestTrialName: string; observation: Observed };
            };
          };
          if (isTrue(found.status, "Failed")) throw new Error(JSON.stringify(found.status));
          return isTrue(found.status, "Succeeded") && found;
        },
        PATIENCE,
      );
      const labelSelector = `katib.kubeflow.org/experiment=${name}`;
      const trials = (await stack.custom.listNamespacedCustomObject({ ...at, plural: "trials", labelSelector })) as {
        items: { metadata: { name: string }; status?: Conditions & { observation?: Observed } }[];
      };
      const ended = trials.items.filter(({ status }) => isTrue(status, "Succeeded"));
      expect(ended.length).toBeGreaterThanOrEqual(3);
      // Their pods are gone, with what they printed; they wrote the same numbers for TensorBoard.
      const logs = join(await claimedFolder(stack, namespace, `${name}-data`), "logs");
      const folders = ended.map(({ metadata }) => join(logs, metadata.name));
      const { stdout } = await exec(await pythonOf(TENSORBOARD), ["-c", ACCURACIES, ...folders]);
      const best = new Map<string, number>();
      for (const [index, accuracies] of (JSON.parse(stdout) as number[][]).entries()) {
        const { metadata, status } = ended[index]!;
        const [metric] = status?.observation?.metrics ?? [];
        best.set(metadata.name, Number(Math.max(...accuracies).toFixed(4)));
        expect([metric?.name, Number(metric?.max)], metadata.name).toEqual(["accuracy", best.get(metadata.name)]);
      }
      expect(best.size).toBe(ended.length);
      const { bestTrialName, observation } = experiment.status!.currentOptimalTrial!;
      expect(best.get(bestTrialName)).toBe(Math.max(...best.values()));
      expect(Number(observation.metrics?.[0]?.max)).toBe(best.get(bestTrialName));
    },
  );

  test(
    "the model and the one that may follow it answer by their own address, each what it predicts",
    { timeout: PATIENCE },
    async () => {
      const { body, predictions } = await servedModels(stack, folder, PATIENCE);
      const pods = new RealPods(stack.config);
      for (const [version, service] of Object.entries({ current: name, next: `${name}-next` })) {
        const url = `http://${service}-predictor.${namespace}${INFER}`;
        const ask = `wget -qO- --header 'content-type: application/json' --post-data '${body}' ${url}`;
        const { printed } = await pods.run(scriptPod(ask, { name: `asks-${version}` }));
        await stack.core.deleteNamespacedPod({ namespace: "default", name: `asks-${version}` });
        expect((JSON.parse(printed) as { model_name: string }).model_name).toBe(name);
        expect(predictionsOf(printed)).toEqual(predictions[version as "current" | "next"]);
      }
      // Otherwise either could have answered for the other.
      expect(predictions.current).not.toEqual(predictions.next);
    },
  );
});
