import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { checkoutRoot } from "../../../rehearsal/checkout";
import { pythonOf, type PythonEnvironment } from "../../../rehearsal/toolchain/python-environment";
import { eventually } from "../../support/cluster";
import type { RehearsedStack } from "../../support/rehearsed-stack";
import { StackStore } from "../../support/stack-store";

const exec = promisify(execFile);

const namespace = "ml";

/** Name of the story, of its model and of its InferenceService. */
export const HEART_DISEASE = "heart-disease";

/** What its programs run in. */
export const PACKAGES: PythonEnvironment = {
  name: HEART_DISEASE,
  requirements: join(checkoutRoot(), "examples", HEART_DISEASE, "requirements.txt"),
};

/** What a model answers to a request of the v2 protocol: whoever serves it must answer the same. */
const PREDICT = `
import joblib, json, numpy, sys
[asked] = json.load(open(sys.argv[2]))["inputs"]
print(json.dumps(joblib.load(sys.argv[1]).predict(numpy.array(asked["data"], dtype="float64")).tolist()))
`;

/** Conditions of a resource, as its status has them. */
export interface Conditions {
  conditions?: { type: string; status: string }[];
}

/** Whether a condition is true. */
export function isTrue(status: Conditions | undefined, condition: string): boolean {
  return status?.conditions?.some(({ type, status: value }) => type === condition && value === "True") === true;
}

/** The versions of the model that are served. */
export const VERSIONS = ["current", "next"] as const;

/** Runs of the pipeline that make the models, by the versions as which they are served. */
const RUNS = { current: `${HEART_DISEASE}-first`, next: `${HEART_DISEASE}-next` };

/** A step's file in the store, as the status of a run tells its key. */
interface StoredFile {
  name: string;
  s3?: { key: string };
}

/** A step of a run of the pipeline. */
interface PipelineStep {
  type: string;
  templateName: string;
  phase: string;
  outputs?: { artifacts?: StoredFile[] };
}

/** A run of the pipeline. */
export interface PipelineRun {
  status?: { phase?: string; message?: string; nodes?: Record<string, PipelineStep> };
}

/** Where a step of a run has put a file. @throws Error where it has put none. */
export function keyOf({ status }: PipelineRun, step: string, file: string): string {
  const steps = Object.values(status?.nodes ?? {}).filter(({ type, phase }) => type === "Pod" && phase === "Succeeded");
  const files = steps.find(({ templateName }) => templateName === step)?.outputs?.artifacts ?? [];
  const key = files.find(({ name }) => name === file)?.s3?.key;
  if (key === undefined) throw new Error(`${step} has put ${file} nowhere`);
  return key;
}

/** Both versions of the model, and a request that they answer each in its own way. */
export interface ServedModels {
  /** A request about all patients that the models were not trained with. */
  body: string;
  /** What each version predicts for them. */
  predictions: Record<(typeof VERSIONS)[number], number[]>;
}

/** Path of the request. */
export const INFER = `/v2/models/${HEART_DISEASE}/infer`;

/**
 * Waits until both versions are served, and predicts by the files that the pipeline has left for them in the store.
 *
 * @param folder for the request and the models, as files.
 */
export async function servedModels(stack: RehearsedStack, folder: string, patience: number): Promise<ServedModels> {
  const at = { group: "serving.kserve.io", version: "v1beta1", namespace, plural: "inferenceservices" };
  await eventually(
    "both are ready",
    async () => {
      const service: unknown = await stack.custom.getNamespacedCustomObject({ ...at, name: HEART_DISEASE });
      return isTrue((service as { status?: Conditions }).status, "Ready");
    },
    patience,
  );
  const runs = { group: "argoproj.io", version: "v1alpha1", namespace, plural: "workflows" };
  const run = (await stack.custom.getNamespacedCustomObject({ ...runs, name: RUNS.current })) as PipelineRun;
  const store = await StackStore.of(stack, namespace);
  const [, ...rows] = (await store.text(keyOf(run, "process", "test"))).trimEnd().split("\n");
  const complete = rows.map((row) => row.split(",")).filter((cells) => !cells.includes(""));
  const patients = complete.map((cells) => cells.slice(0, -1).map(Number));
  const asked = { name: "patients", shape: [patients.length, 13], datatype: "FP64", data: patients };
  const body = JSON.stringify({ inputs: [asked] });
  const request = join(folder, "request.json");
  await writeFile(request, body);
  const python = await pythonOf(PACKAGES);
  const [current, next] = await Promise.all(
    VERSIONS.map(async (version) => {
      const file = join(folder, `${version}.joblib`);
      await writeFile(file, await store.bytes(`${HEART_DISEASE}/models/${RUNS[version]}/model.joblib`));
      const { stdout } = await exec(python, ["-c", PREDICT, file, request]);
      return JSON.parse(stdout) as number[];
    }),
  );
  store.close();
  return { body, predictions: { current: current!, next: next! } };
}

/** The predictions in an answer of the v2 protocol. */
export function predictionsOf(answer: string): number[] {
  const { outputs } = JSON.parse(answer) as { outputs: { data: number[] }[] };
  return outputs[0]!.data;
}
