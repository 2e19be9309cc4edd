import { checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import { checkObject, checkQueue, checkServiceName } from "../object";
import { checkPod, type PodArgs } from "../pods";
import { checkCanaries } from "./canary-validation";
import { type InferenceServiceArgs, ServingMode, type ServingStepArgs } from "./inference-service-args";
import { podsOf, STORAGE_VARIABLE } from "./inference-service-manifest";
import { checkMode, checkModel, checkNodes, checkRequestLog } from "./model-validation";
import { checkReplicas } from "./replica-validation";
import { checkRoute } from "./route";

/** Checks an InferenceService's inputs as far as they are known. */
export function validateInferenceService(name: string, args: InferenceServiceArgs): InputProblem[] {
  const { facts } = podsOf(args);
  // A runtime brings its own image.
  const pod: PodArgs = { ...args, image: args.image ?? "runtime" };
  return [
    ...checkServer(args),
    ...checkPod("", pod, facts),
    ...checkVariables("", args, [STORAGE_VARIABLE]),
    ...checkServiceObject(name, args),
    ...checkQueue(args),
    ...checkMode(args),
    ...checkModel(args),
    ...checkScaling(args),
    ...checkNodes(args),
    ...checkCanaries(args),
    ...checkStep("transformer", args.transformer, args),
    ...checkStep("explainer", args.explainer, args),
    ...checkRequestLog(args.requestLog),
    ...checkRoute("route", args.route),
    ...checkWholeNumber("maxSurge", args.maxSurge, { min: 0 }),
    ...checkWholeNumber("timeoutSeconds", args.timeoutSeconds, { min: 1 }),
    ...checkWait(args),
  ];
}

function checkServer({ model, image }: InferenceServiceArgs): InputProblem[] {
  if ((model ?? image) !== undefined) return [];
  const remedy = "Say which model a server of the platform serves, or name the image of your own.";
  return [inputProblem("image", image, "an image, or a model", remedy)];
}

/**
 * What KServe adds to a name: labels of pods hold `isvc.` and the name of a step, and a host name has the namespace in it.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/constants/constants.go `GetRawServiceLabel`
 */
function checkServiceObject(name: string, args: InferenceServiceArgs): InputProblem[] {
  const { nodes, mode } = podsOf(args);
  const { canaries = [], transformer, explainer, namespace } = args;
  const suffixes = [
    nodes > 1 ? "-predictor-worker" : "-predictor",
    ...canaries.map((canary) => `-${canary.name}-predictor`),
    ...(transformer === undefined ? [] : ["-transformer"]),
    ...(explainer === undefined ? [] : ["-explainer"]),
  ];
  const longest = Math.max(...suffixes.map(({ length }) => length)) + (mode === ServingMode.knative ? REVISION : 0);
  const ofNamespace = isPlain(namespace) ? namespace.length + 1 : 0;
  const taken = longest + Math.max(IN_LABELS, ofNamespace);
  const objectName = args.objectName ?? name;
  return [
    ...checkObject(name, args, { taken, reason: "beside what KServe adds to it" }),
    ...checkServiceName(objectName),
  ];
}

/** Length of `isvc.`. */
const IN_LABELS = 5;

/** Length of `-00001`, a revision of Knative. */
const REVISION = 6;

function checkScaling(args: InferenceServiceArgs): InputProblem[] {
  const { cpuPercent, memoryPercent, prometheus, concurrency, requestsPerSecond } = args;
  const isKnative = args.mode === ServingMode.knative;
  const metrics = isKnative ? { concurrency, requestsPerSecond } : { cpuPercent, memoryPercent, prometheus };
  const mayBeNone = isKnative || prometheus !== undefined;
  const both = concurrency !== undefined && requestsPerSecond !== undefined;
  const remedy = "Scale by one of the two.";
  return [
    ...checkReplicas("", args, { gpus: args.gpus ?? 0, metrics, mayBeNone, scalesByItself: isKnative }),
    ...checkWholeNumber("memoryPercent", memoryPercent, { min: 1, max: 100 }),
    ...checkWholeNumber("concurrency", concurrency, { min: 1 }),
    ...checkWholeNumber("requestsPerSecond", requestsPerSecond, { min: 1 }),
    ...checkWholeNumber("containerConcurrency", args.containerConcurrency, { min: 1 }),
    ...(both ? [inputProblem("requestsPerSecond", requestsPerSecond, "nothing beside concurrency", remedy)] : []),
  ];
}

function checkStep(name: string, step: ServingStepArgs | undefined, args: InferenceServiceArgs): InputProblem[] {
  if (step === undefined) return [];
  const isKnative = args.mode === ServingMode.knative;
  const { gpus = 0, cpuPercent } = step;
  const path = `${name}.`;
  const remedy = "Leave it out: Knative scales by requests.";
  return [
    ...checkPod(path, step, { pods: 1, defaultGpus: 0, pools: args.pools }),
    ...checkVariables(path, step, []),
    ...checkReplicas(path, step, { gpus, metrics: { cpuPercent }, mayBeNone: false, scalesByItself: isKnative }),
    ...(isKnative && cpuPercent !== undefined
      ? [inputProblem(`${path}cpuPercent`, cpuPercent, "nothing with mode Knative", remedy)]
      : []),
  ];
}

/** @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/validation/env_policy.go */
function checkVariables(path: string, { env, secretEnv }: ServingStepArgs | InferenceServiceArgs, others: string[]) {
  const refused = ["PYTHONPATH", ...others];
  return Object.entries({ env, secretEnv }).flatMap(([key, variables = {}]) =>
    refused
      .filter((variable) => variable in variables)
      .map((variable) => {
        const remedy = variable === STORAGE_VARIABLE ? "Use storageUri." : "Remove it: KServe refuses the variable.";
        return inputProblem(`${path}${key}["${variable}"]`, variable, "any variable but this", remedy);
      }),
  );
}

function checkWait({ waitUntilReady = false, waitSeconds }: InferenceServiceArgs): InputProblem[] {
  const unused = waitSeconds !== undefined && !waitUntilReady;
  const remedy = "Set waitUntilReady, or leave it out.";
  return [
    ...checkWholeNumber("waitSeconds", waitSeconds, { min: 1 }),
    ...(unused ? [inputProblem("waitSeconds", waitSeconds, "nothing without waitUntilReady", remedy)] : []),
  ];
}
