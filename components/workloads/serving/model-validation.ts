import { checkDnsLabel, checkEnum, checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import { GpuSharing } from "../pods";
import { InferenceProtocol, type InferenceServiceArgs, RequestLogMode, ServingMode } from "./inference-service-args";
import { podsOf } from "./inference-service-manifest";
import { checkText } from "./replica-validation";
import { replicaRange } from "./replicas";

/** Arguments that mean something in one mode alone; in the other KServe would ignore or refuse them. */
const OF_MODE: Record<ServingMode, (keyof InferenceServiceArgs)[]> = {
  [ServingMode.standard]: [
    ...(["cpuPercent", "memoryPercent", "prometheus", "nodes", "maxSurge"] as const),
    ...(["canaries", "versionHeader", "route"] as const),
  ],
  [ServingMode.knative]: ["concurrency", "requestsPerSecond", "containerConcurrency", "canaryTrafficPercent"],
};

/** Checks that nothing is asked for that the mode does not have. */
export function checkMode(args: InferenceServiceArgs): InputProblem[] {
  const { mode = ServingMode.standard, canaryTrafficPercent } = args;
  const other = mode === ServingMode.standard ? ServingMode.knative : ServingMode.standard;
  const strangers = (OF_MODE[other] ?? []).filter((argument) => args[argument] !== undefined);
  return [
    ...checkEnum("mode", args.mode, ServingMode),
    ...strangers.map((argument) =>
      inputProblem(argument, args[argument], `nothing with mode ${mode}`, `Set mode to ${other}, or leave it out.`),
    ),
    ...checkWholeNumber("canaryTrafficPercent", canaryTrafficPercent, { min: 0, max: 100 }),
  ];
}

/**
 * Where KServe downloads models from. It takes `http` too, over which anybody on the way may change a model.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/utils/utils.go
 * `SupportedStorageURIPrefixList`
 */
const SCHEMES = ["s3", "gs", "hf", "pvc", "https", "hdfs", "webhdfs", "oci", "oci+native"];

/** Format whose servers download models by themselves. */
const SELF_LOADING = "huggingface";

/** Checks which model is served, and by what. */
export function checkModel(args: InferenceServiceArgs): InputProblem[] {
  const { model, storageUri, storageContainer, port } = args;
  const needsUri = model !== undefined && model.format !== SELF_LOADING && storageUri === undefined;
  const noUri = "Say where the model lies: KServe would wait for models that others add.";
  return [
    ...(needsUri ? [inputProblem("storageUri", storageUri, "an address with model", noUri)] : []),
    ...(storageContainer === undefined ? checkStorageUri("storageUri", storageUri) : []),
    ...(storageContainer === undefined ? [] : checkDnsLabel("storageContainer", storageContainer)),
    ...(storageContainer !== undefined && storageUri === undefined
      ? [inputProblem("storageContainer", storageContainer, "nothing without storageUri", "Give both or none.")]
      : []),
    ...checkWholeNumber("port", port, { min: 1, max: 65535 }),
    ...(port !== undefined && model !== undefined
      ? [inputProblem("port", port, "nothing with model", "Leave it out: the runtime has its own.")]
      : []),
    ...(model === undefined ? [] : checkFormat(model, args)),
    ...checkModelFolder(args),
  ];
}

/** Checks an address of a model, as far as it is known. */
export function checkStorageUri(path: string, uri: InferenceServiceArgs["storageUri"]): InputProblem[] {
  if (!isPlain(uri)) return [];
  const scheme = /^([a-z0-9+]+):\/\/[^\s/]/.exec(uri)?.[1] ?? "";
  if (SCHEMES.includes(scheme)) return [];
  const allowed = `an address that begins with one of ${SCHEMES.map((each) => `${each}://`).join(", ")}`;
  return [inputProblem(path, uri, allowed, "Write it like s3://models/churn/7.")];
}

function checkFormat(
  model: NonNullable<InferenceServiceArgs["model"]>,
  { image }: InferenceServiceArgs,
): InputProblem[] {
  const { format, version, runtime, runtimeVersion, protocol } = model;
  const remedy = "Keep one of them: the version would replace the image's tag.";
  return [
    ...checkText(
      "model.format",
      format,
      "the name of a format",
      "Name it as the runtime spells it, for example sklearn.",
    ),
    ...(version === undefined || /^\d+(\.\d+){0,2}$/.test(version)
      ? []
      : [inputProblem("model.version", version, "up to three numbers with dots between them", 'Write it like "1".')]),
    ...(runtime === undefined ? [] : checkDnsLabel("model.runtime", runtime)),
    ...(runtimeVersion === undefined || /^\w[-.\w]{0,127}$/.test(runtimeVersion)
      ? []
      : [inputProblem("model.runtimeVersion", runtimeVersion, "the tag of an image", "Write it like v0.20.0.")]),
    ...(runtimeVersion !== undefined && image !== undefined
      ? [inputProblem("model.runtimeVersion", runtimeVersion, "nothing beside image", remedy)]
      : []),
    ...checkEnum("model.protocol", protocol, InferenceProtocol),
  ];
}

/** Where the model is, nothing else can be. */
function checkModelFolder({ storageUri, volumes = [] }: InferenceServiceArgs): InputProblem[] {
  if (storageUri === undefined) return [];
  return volumes.flatMap(({ mountPath }, index) =>
    mountPath === MODEL_FOLDER
      ? [inputProblem(`volumes[${index}].mountPath`, mountPath, "another path with storageUri", "The model is there.")]
      : [],
  );
}

const MODEL_FOLDER = "/mnt/models";

/**
 * Checks a model that is spread over several nodes.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_validation.go
 * `validateMultiNodeVariables`
 */
export function checkNodes(args: InferenceServiceArgs): InputProblem[] {
  const problems = checkWholeNumber("nodes", args.nodes, { min: 1 });
  const { nodes } = podsOf(args);
  if (problems.length > 0 || nodes < 2) return problems;
  const { gpus = 0, gpuSharing = GpuSharing.exclusive, model, storageUri, canaries = [] } = args;
  const { fewest, most } = replicaRange(args, gpus);
  const isShared = !isPlain(storageUri) || /^(pvc|oci):/.test(storageUri);
  const own = ["PIPELINE_PARALLEL_SIZE", "TENSOR_PARALLEL_SIZE"].filter((key) => key in (args.env ?? {}));
  const rules: [isBroken: boolean, path: string, given: unknown, allowed: string, remedy: string][] = [
    [gpus === 0, "gpus", args.gpus, "1 or more with nodes", "Say how many GPUs each node gives."],
    [gpuSharing !== GpuSharing.exclusive, "gpuSharing", gpuSharing, "exclusive with nodes", "Ask for whole GPUs."],
    [model === undefined, "model", model, "a model with nodes", "Only runtimes know how to spread one."],
    [!isShared, "storageUri", storageUri, "pvc:// or oci:// with nodes", "Put it where all nodes read it."],
    [fewest !== 1, "replicas", args.replicas, "1 with nodes", "Make one InferenceService for each copy."],
    [most > 1, "maxReplicas", args.maxReplicas, "1 with nodes", "KServe does not scale such models."],
    [canaries.length > 0, "canaries", canaries, "nothing with nodes", "Make an InferenceService of its own."],
  ];
  return [
    ...rules
      .filter(([isBroken]) => isBroken)
      .map(([, path, given, allowed, remedy]) => inputProblem(path, given, allowed, remedy)),
    ...own.map((key) => inputProblem(`env["${key}"]`, key, "any variable but this", "Say it with nodes and gpus.")),
  ];
}

/** Checks where conversations are sent. */
export function checkRequestLog(log: InferenceServiceArgs["requestLog"]): InputProblem[] {
  if (log === undefined) return [];
  const isAddress = !isPlain(log.url) || /^https?:\/\/[^\s/]/.test(log.url);
  return [
    ...(isAddress && log.url !== undefined
      ? []
      : [inputProblem("requestLog.url", log.url, "an address", "Write it like http://collector.ml.svc/.")]),
    ...checkEnum("requestLog.mode", log.mode, RequestLogMode),
  ];
}
