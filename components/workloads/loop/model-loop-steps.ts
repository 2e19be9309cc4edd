import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import type { JobVolume, PodArgs } from "../pods";
import { IMAGES } from "../../model/images";
import {
  containerStep,
  type NoDeclarations,
  type Parameter,
  param,
  resourceStep,
  type Step,
} from "../workflows/builder";
import { ResourceVerb } from "../workflows/definition";
import type { LoopTrainArgs, ModelLoopArgs } from "./model-loop-args";
import { memoryName, MODEL_URI_INPUT, programName, storeClaim } from "./model-loop-names";

/** Inputs by name, all of them texts that are required. */
export type Texts = Record<string, Parameter<string, false>>;

/** Metrics by name. */
export type Metrics = Record<string, Parameter<number, false>>;

/** What a step needs that has no outputs. */
export type Action = Step<Texts, NoDeclarations>;

const USER = 1000;
const READY_SECONDS = 1200;

/** Name of the program's file. */
export const WATCH_PROGRAM = "watch-model.py";

const PROGRAM_FOLDER = "/opt/model-loop";
const MEMORY_FOLDER = "/memory";

/** Key of the served model's address in the loop's memory. */
const URI_KEY = "uri";

/** Volume with the claim that models are put on. */
export const STORE_VOLUME = "model-store";

/** Variables that programs find what they work on in. */
export const PROGRAM_VARIABLES = {
  modelUri: "MODEL_URI",
  modelDir: "MODEL_DIR",
  servedUri: "SERVED_MODEL_URI",
  candidateUrl: "CANDIDATE_URL",
  stableUrl: "STABLE_URL",
} as const;

/** Inputs of these names. */
export function texts(...names: string[]): Texts {
  return Object.fromEntries(names.map((name) => [name, param.string()]));
}

/** Trains: in a pod of its own, or by a workload that it creates. */
export function trainStep(args: ModelLoopArgs): Action {
  const train = args.train as Omit<LoopTrainArgs, "manifest"> & { manifest?: object };
  const { image, manifest, successCondition, failureCondition, retries, activeDeadlineSeconds, ...options } = train;
  const names = Object.keys(args.parameters ?? {});
  const inputs = texts(MODEL_URI_INPUT, ...names);
  const limits = limitsOf(compact({ retries, activeDeadlineSeconds }));
  if (manifest !== undefined) {
    const conditions = compact({ successCondition, failureCondition });
    return resourceStep("train", { inputs, manifest: () => manifest, ...conditions, ...limits });
  }
  return containerStep("train", {
    inputs,
    run: (variables) => {
      const parameters = Object.fromEntries(names.map((name) => [name, variables.inputs[name]!]));
      return programPod({ ...options, image: image ?? "" }, args, { ...parameters, ...modelVariables(args) });
    },
    ...limits,
  });
}

/** Tells how good the model is. */
export function evaluateStep(args: ModelLoopArgs): Step<Texts, Metrics> {
  const { metrics, retries, activeDeadlineSeconds, ...pod } = args.evaluate;
  return containerStep("evaluate", {
    inputs: texts(MODEL_URI_INPUT, "served"),
    outputs: Object.fromEntries(metrics.map((name) => [name, param.number()])),
    run: ({ inputs }) =>
      programPod(pod, args, { ...modelVariables(args), [PROGRAM_VARIABLES.servedUri]: inputs["served"]! }),
    ...limitsOf(compact({ retries, activeDeadlineSeconds })),
  });
}

/** Judges a model that is tried out by the author's own program. */
export function checkStep(args: ModelLoopArgs, check: PodArgs, urls: { candidate: string; stable: string }): Action {
  const addresses = {
    [PROGRAM_VARIABLES.candidateUrl]: urls.candidate,
    [PROGRAM_VARIABLES.stableUrl]: urls.stable,
  };
  return containerStep("check", {
    inputs: texts(MODEL_URI_INPUT),
    run: () => programPod(check, args, { ...modelVariables(args), ...addresses }),
  });
}

/** Reads which model is served; the empty text before the first. A pod that starts finds in a ConfigMap what is there now. */
export function currentStep(objectName: string, args: ModelLoopArgs) {
  return containerStep("current", {
    outputs: { served: param.string({ default: "" }) },
    run: ({ outputs }) => ({
      ...ownPod(args),
      command: ["sh", "-c", `cat ${MEMORY_FOLDER}/${URI_KEY} > ${outputs.served.path} 2>/dev/null || true`],
      volumes: [{ name: "memory", mountPath: MEMORY_FOLDER, configMap: memoryName(objectName) }],
    }),
  });
}

/** Waits until a model answers, and asks it for some time. A model that does not answer in time is no reason to try again. */
export function watchStep(objectName: string, args: ModelLoopArgs): Action {
  const { readySeconds = READY_SECONDS } = args;
  return containerStep("watch", {
    inputs: texts("url", "seconds"),
    run: ({ inputs }) => ({
      ...ownPod(args),
      command: ["python3", "-B", `${PROGRAM_FOLDER}/${WATCH_PROGRAM}`],
      args: [inputs["url"]!, String(readySeconds), inputs["seconds"]!],
      volumes: [{ name: "program", mountPath: PROGRAM_FOLDER, configMap: programName(objectName) }],
    }),
    retry: { policy: "OnError" },
  });
}

/** Brings an object of a fixed name to what it should be, without waiting: its status may be that of what was there before. */
export function applyStep(name: string, inputs: Texts, manifest: object): Action {
  const notAwaited = { successCondition: "", failureCondition: "" };
  return resourceStep(name, { inputs, verb: ResourceVerb.apply, manifest: () => manifest, ...notAwaited });
}

/**
 * Remembers which model is served. The rest of the ConfigMap is the stack's: who writes a field too would be in its way when
 * the stack changes it.
 *
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts (1.36)
 */
export function recordStep(objectName: string, { namespace }: ModelLoopArgs): Action {
  const metadata = compact({ name: memoryName(objectName), namespace });
  const data = { [URI_KEY]: `{{inputs.parameters.${MODEL_URI_INPUT}}}` };
  return applyStep("record", texts(MODEL_URI_INPUT), { apiVersion: "v1", kind: "ConfigMap", metadata, data });
}

function limitsOf({ retries, activeDeadlineSeconds }: Pick<LoopTrainArgs, "retries" | "activeDeadlineSeconds">) {
  return compact({ activeDeadlineSeconds, retry: retries === undefined ? undefined : { limit: retries } });
}

function ownPod({ stepImage = IMAGES.python }: ModelLoopArgs): PodArgs {
  return { image: stepImage, runAsUser: USER, cpu: "100m", memory: "128Mi" };
}

function modelVariables(args: ModelLoopArgs): Record<string, pulumi.Input<string>> {
  return compact({
    [PROGRAM_VARIABLES.modelUri]: `{{inputs.parameters.${MODEL_URI_INPUT}}}`,
    [PROGRAM_VARIABLES.modelDir]: storeClaim(args)?.modelDir,
  });
}

/** A program of the author's with the loop's variables, and the claim with the models where there is one. */
function programPod(pod: PodArgs, args: ModelLoopArgs, variables: Record<string, pulumi.Input<string>>): PodArgs {
  const store = storeClaim(args);
  const volume: JobVolume[] =
    store === undefined ? [] : [{ name: STORE_VOLUME, mountPath: store.mountPath, persistentVolumeClaim: store.claim }];
  const volumes = [...(pod.volumes ?? []), ...volume];
  return { ...pod, env: { ...variables, ...pod.env }, ...(volumes.length === 0 ? {} : { volumes }) };
}
