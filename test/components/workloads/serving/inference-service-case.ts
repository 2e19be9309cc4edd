import fc from "fast-check";
import {
  type CanaryArgs,
  InferenceProtocol,
  InferenceService,
  type InferenceServiceArgs,
  inferenceServiceManifests,
  type RequestLogArgs,
  RequestLogMode,
  type ServingStepArgs,
  validateInferenceService,
} from "../../../../components/workloads/serving";
import type { Manifest } from "../../../../components";
import {
  dnsLabel,
  hardwareArgs,
  joined,
  objectArgs,
  programArgs,
  queueArgs,
  someOf,
  withRequired,
} from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { percent, replicas, routes, scalable } from "./arguments";

const image = "ghcr.io/acme/churn:1.4.0";

const model = { format: "sklearn" };
const storageUri = "s3://models/churn/7";

const models: fc.Arbitrary<InferenceServiceArgs> = fc.oneof(
  withRequired<InferenceServiceArgs>(
    {
      storageUri: fc.constantFrom("pvc://models/churn", "gs://acme/churn", "hf://acme/churn:1.0", storageUri),
      model: fc.constantFrom(
        model,
        { format: "xgboost", version: "2", runtimeVersion: "v0.20.0" },
        { format: "onnx", runtime: "kserve-tritonserver", protocol: InferenceProtocol.grpcV2 },
      ),
    },
    { storageContainer: dnsLabel() },
  ),
  withRequired<InferenceServiceArgs>({ model: fc.constant({ format: "huggingface", version: "1" }) }, {}),
  withRequired<InferenceServiceArgs>(
    { image: fc.constant(image) },
    { storageUri: fc.constant("https://models.example.com/churn.zip"), port: fc.integer({ min: 1, max: 65535 }) },
  ),
);

const step: fc.Arbitrary<ServingStepArgs> = joined(
  programArgs.map(({ volumes: _, ...program }) => program),
  fc.oneof(
    fc.constantFrom<Partial<ServingStepArgs>>({}, { replicas: 1 }, { replicas: 3, maxReplicas: 5 }),
    withRequired<Partial<ServingStepArgs>>({ maxReplicas: fc.integer({ min: 3, max: 9 }) }, { cpuPercent: percent() }),
  ),
);

const program = programArgs.map(({ image: _, ...options }) => options);

const served = joined(
  joined(joined(program, objectArgs), joined(queueArgs, models)),
  someOf<InferenceServiceArgs>({
    transformer: step,
    explainer: step,
    requestLog: withRequired<RequestLogArgs>(
      { url: fc.constant("http://collector.ml.svc/") },
      { mode: fc.constantFrom(...Object.values(RequestLogMode)) },
    ),
    timeoutSeconds: fc.integer({ min: 1, max: 600 }),
    exposed: fc.boolean(),
    waitUntilReady: fc.constant(true),
  } as never),
).chain((args) =>
  args.waitUntilReady === true
    ? someOf<InferenceServiceArgs>({ waitSeconds: fc.integer({ min: 1, max: 9000 }) } as never).map((wait) => ({
        ...args,
        ...wait,
      }))
    : fc.constant(args),
);

const canaries: fc.Arbitrary<CanaryArgs[]> = fc
  .array(
    withRequired<CanaryArgs>(
      { trafficPercent: fc.constantFrom(0, 10, 50), storageUri: fc.constant("s3://models/churn/8") },
      { env: fc.constant({ A: "2" }), runtimeVersion: fc.constant("v0.20.1"), replicas: fc.constant(1) },
    ),
    { minLength: 1, maxLength: 2 },
  )
  .map((list) => list.map((canary, index) => ({ ...canary, name: `v${index}` })));

const standard: fc.Arbitrary<InferenceServiceArgs> = joined(
  served,
  fc.oneof(
    joined(
      hardwareArgs(),
      joined(
        replicas.map(({ podMetric: _, ...others }) => others),
        someOf<InferenceServiceArgs>({ route: routes, maxSurge: fc.integer({ min: 0, max: 2 }) } as never),
      ),
    ).map((args) => scalable({ ...args, image })),
    withRequired<InferenceServiceArgs>(
      { maxReplicas: fc.constant(5), memoryPercent: percent() },
      { cpuPercent: percent(), route: routes },
    ),
  ),
).map(withoutOwnImage);

const versioned: fc.Arbitrary<InferenceServiceArgs> = joined(
  joined(served, fc.constant<InferenceServiceArgs>({ model, storageUri, exposed: false })),
  withRequired<InferenceServiceArgs>(
    { canaries },
    { versionHeader: fc.constant("x-version"), route: routes, replicas: fc.integer({ min: 1, max: 3 }) },
  ),
).map(({ port: _, ...args }) => args);

const spread: fc.Arbitrary<InferenceServiceArgs> = joined(
  joined(served, fc.constant<InferenceServiceArgs>({ model, storageUri: "pvc://models/llama" })),
  withRequired<InferenceServiceArgs>(
    { nodes: fc.integer({ min: 2, max: 4 }), gpus: fc.integer({ min: 1, max: 8 }) },
    { efa: fc.integer({ min: 0, max: 4 }), maxSurge: fc.integer({ min: 0, max: 1 }) },
  ),
).map(({ port: _, ...args }) => args);

const knative: fc.Arbitrary<InferenceServiceArgs> = joined(
  joined(served, hardwareArgs()),
  joined(
    fc.constantFrom<InferenceServiceArgs>(
      {},
      { replicas: 0, maxReplicas: 3 },
      { maxReplicas: 5, concurrency: 10 },
      { maxReplicas: 5, requestsPerSecond: 100 },
    ),
    withRequired<InferenceServiceArgs>(
      { mode: fc.constant("Knative") },
      { containerConcurrency: fc.integer({ min: 1, max: 99 }), canaryTrafficPercent: fc.integer({ min: 0, max: 100 }) },
    ),
  ),
).map(({ transformer, explainer, ...args }) => ({
  ...args,
  ...(transformer && { transformer: withoutCpu(transformer) }),
  ...(explainer && { explainer: withoutCpu(explainer) }),
}));

function withoutCpu({ cpuPercent: _, ...others }: ServingStepArgs): ServingStepArgs {
  return others;
}

/** The image that arguments of scaling were made with. */
function withoutOwnImage(args: InferenceServiceArgs): InferenceServiceArgs {
  const { image: own, ...others } = args;
  return args.model === undefined ? { ...others, image: own ?? image } : others;
}

const inferenceServiceArgs = fc.oneof({ weight: 3, arbitrary: standard }, versioned, spread, knative);

const canary: CanaryArgs = { name: "v2", trafficPercent: 10, storageUri: "s3://models/churn/8" };
const ofStandard = { mode: undefined, nodes: undefined, prometheus: undefined, model, storageUri, port: undefined };
const many = { ...ofStandard, nodes: 2, gpus: 8, storageUri: "pvc://models/llama", image: undefined };

const inference: typeof FLAWS.program = [
  ...FLAWS.program.filter(([path]) => path !== "image"),
  ...FLAWS.hardware.filter(([, changes]) => changes["gpus"] !== 2),
  ...FLAWS.object,
  ...FLAWS.queue,
  ["image", { image: undefined, model: undefined }],
  ["image", { image: " " }],
  ["objectName", { objectName: "1churn" }],
  ["objectName", { objectName: "x".repeat(49) }],
  ["objectName", { objectName: "x".repeat(47), transformer: { image } }],
  ["objectName", { objectName: "x".repeat(46), canaries: [canary] }],
  ["objectName", { objectName: "x".repeat(40), namespace: "n".repeat(13) }],
  ["objectName", { objectName: "x".repeat(42), nodes: 2 }],
  ["objectName", { objectName: "x".repeat(43), mode: "Knative" }],
  ["mode", { mode: "Serverless" }],
  ["concurrency", { mode: "Standard", concurrency: 10 }],
  ["requestsPerSecond", { mode: "Standard", requestsPerSecond: 10 }],
  ["containerConcurrency", { mode: "Standard", containerConcurrency: 10 }],
  ["canaryTrafficPercent", { mode: "Standard", canaryTrafficPercent: 10 }],
  ["canaryTrafficPercent", { mode: "Knative", canaryTrafficPercent: 101 }],
  ["cpuPercent", { mode: "Knative", cpuPercent: 80 }],
  ["memoryPercent", { mode: "Knative", memoryPercent: 80 }],
  ["prometheus", { mode: "Knative", prometheus: { query: "up", threshold: 1 } }],
  ["canaries", { mode: "Knative", canaries: [canary] }],
  ["route", { mode: "Knative", route: { hosts: ["a.example.com"] } }],
  ["nodes", { mode: "Knative", nodes: 2 }],
  ["maxSurge", { mode: "Knative", maxSurge: 1 }],
  ["concurrency", { mode: "Knative", concurrency: 0 }],
  ["requestsPerSecond", { mode: "Knative", concurrency: 1, requestsPerSecond: 1 }],
  ["containerConcurrency", { mode: "Knative", containerConcurrency: 0 }],
  ["storageUri", { model, storageUri: undefined }],
  ["storageUri", { storageUri: "http://models.example.com/churn", storageContainer: undefined }],
  ["storageUri", { storageUri: "models/churn", storageContainer: undefined }],
  ["storageContainer", { storageUri: undefined, model: undefined, image, storageContainer: "big" }],
  ["storageContainer", { storageContainer: "My Downloads" }],
  ["port", { model: undefined, image, port: 0 }],
  ["port", { model, port: 8080 }],
  ["model.format", { model: { format: " " } }],
  ["model.version", { model: { ...model, version: "one" } }],
  ["model.runtime", { model: { ...model, runtime: "My Server" } }],
  ["model.runtimeVersion", { model: { ...model, runtimeVersion: "a b" } }],
  ["model.runtimeVersion", { image, model: { ...model, runtimeVersion: "v1" } }],
  ["model.protocol", { model: { ...model, protocol: "v3" } }],
  ["volumes[0].mountPath", { storageUri, volumes: [{ name: "a", mountPath: "/mnt/models", scratch: {} }] }],
  ['env["PYTHONPATH"]', { env: { PYTHONPATH: "/app" } }],
  ['env["STORAGE_URI"]', { env: { STORAGE_URI: storageUri } }],
  ['secretEnv["PYTHONPATH"]', { secretEnv: { PYTHONPATH: { name: "a", key: "b" } } }],
  ["replicas", { ...ofStandard, replicas: 0, maxReplicas: 2 }],
  ["maxReplicas", { ...ofStandard, replicas: 0, prometheus: { query: "up", threshold: 1 }, maxReplicas: undefined }],
  ["memoryPercent", { ...ofStandard, gpus: 0, replicas: 1, maxReplicas: 3, memoryPercent: 101 }],
  ["memoryPercent", { ...ofStandard, gpus: 1, replicas: 1, maxReplicas: 3, cpuPercent: undefined, memoryPercent: 80 }],
  ["nodes", { nodes: 0 }],
  ["gpus", { ...many, gpus: undefined, gpuMemoryGib: undefined }],
  ["gpuSharing", { ...many, gpus: 1, gpuSharing: "time-slicing" }],
  ["model", { ...many, model: undefined, image }],
  ["storageUri", { ...many, storageUri }],
  ["replicas", { ...many, replicas: 2 }],
  ["maxReplicas", { ...many, replicas: 1, maxReplicas: 2 }],
  ["canaries", { ...many, canaries: [canary] }],
  ['env["TENSOR_PARALLEL_SIZE"]', { ...many, env: { TENSOR_PARALLEL_SIZE: "8" } }],
  ["canaries[0]", { ...ofStandard, canaries: [{ name: "v2", trafficPercent: 10 }] }],
  ["canaries[0].name", { ...ofStandard, canaries: [{ ...canary, name: undefined }] }],
  ["canaries[0].name", { ...ofStandard, canaries: [{ ...canary, name: "2" }] }],
  ["canaries[0].name", { ...ofStandard, canaries: [{ ...canary, name: "stable" }] }],
  ["canaries[1].name", { ...ofStandard, canaries: [canary, canary] }],
  ["canaries[0].trafficPercent", { ...ofStandard, canaries: [{ ...canary, trafficPercent: 101 }] }],
  ["canaries[0].storageUri", { ...ofStandard, canaries: [{ ...canary, storageUri: "churn" }] }],
  ["canaries[0].image", { ...ofStandard, canaries: [{ ...canary, image: "" }] }],
  ['canaries[0].env["1"]', { ...ofStandard, canaries: [{ ...canary, env: { "1": "" } }] }],
  ["canaries[0].replicas", { ...ofStandard, replicas: 2, canaries: [{ ...canary, replicas: 3 }] }],
  ["canaries", { ...ofStandard, canaries: ["a", "b"].map((name) => ({ ...canary, name, trafficPercent: 60 })) }],
  ["model", { ...ofStandard, model: undefined, image, canaries: [canary] }],
  [
    "replicas",
    { ...ofStandard, replicas: 0, maxReplicas: 1, prometheus: { query: "up", threshold: 1 }, canaries: [canary] },
  ],
  ["prometheus", { ...ofStandard, maxReplicas: 9, prometheus: { query: "up", threshold: 1 }, canaries: [canary] }],
  ["exposed", { ...ofStandard, exposed: true, canaries: [canary] }],
  ["versionHeader", { ...ofStandard, versionHeader: "X-Version", canaries: [canary] }],
  ["versionHeader", { ...ofStandard, versionHeader: "x-version", canaries: [] }],
  ["transformer.image", { transformer: { image: "" } }],
  ["transformer.gpus", { transformer: { image, gpus: -1 } }],
  ["transformer.replicas", { transformer: { image, replicas: 0 } }],
  ["transformer.cpuPercent", { transformer: { image, cpuPercent: 80 } }],
  ["transformer.cpuPercent", { mode: "Knative", transformer: { image, maxReplicas: 3, cpuPercent: 80 } }],
  ['explainer.env["PYTHONPATH"]', { explainer: { image, env: { PYTHONPATH: "/app" } } }],
  ["explainer.maxReplicas", { explainer: { image, replicas: 3, maxReplicas: 2 } }],
  ["requestLog.url", { requestLog: { url: "collector" } }],
  ["requestLog.mode", { requestLog: { url: "http://collector/", mode: "some" } }],
  ["route.hosts[0]", { route: { hosts: ["churn"] } }],
  ["maxSurge", { maxSurge: -1 }],
  ["timeoutSeconds", { timeoutSeconds: 0 }],
  ["waitSeconds", { waitUntilReady: true, waitSeconds: 0 }],
  ["waitSeconds", { waitUntilReady: false, waitSeconds: 60 }],
];

/** Models. */
export const inferenceServiceCase = workloadCase<InferenceServiceArgs>({
  component: "InferenceService",
  create: (name, args, opts) => new InferenceService(name, args, opts),
  validate: validateInferenceService,
  objects: (name, args) => {
    const { service, budget, split, route } = inferenceServiceManifests(name, args);
    return [service, budget, split, route].filter((object): object is Manifest => object !== undefined);
  },
  variants: {
    minimal: { model, storageUri },
    gpu: {
      model: { format: "huggingface" },
      args: ["--model_id=acme/churn"],
      gpus: 1,
      secretEnv: { HF_TOKEN: { name: "hub", key: "token" } },
    },
    "own-server": { image, storageUri: "pvc://models/churn", port: 9000, replicas: 1 },
    scaled: { model, storageUri, replicas: 2, maxReplicas: 10, cpuPercent: 70 },
    "scaled-to-zero": {
      model,
      storageUri,
      gpus: 1,
      replicas: 0,
      maxReplicas: 4,
      prometheus: { query: "sum(queue_length)", threshold: 20 },
    },
    canary: {
      model,
      storageUri,
      canaries: [canary],
      versionHeader: "x-version",
      route: { hosts: ["churn.example.com"] },
    },
    "several-nodes": {
      model: { format: "huggingface", runtime: "kserve-huggingfaceserver-multinode" },
      storageUri: "pvc://models/llama",
      nodes: 2,
      gpus: 8,
      efa: 4,
    },
    steps: {
      model,
      storageUri,
      transformer: { image: "ghcr.io/acme/features:1.4.0", maxReplicas: 4 },
      explainer: { image: "ghcr.io/acme/why:1.4.0", replicas: 1 },
      requestLog: { url: "http://collector.ml.svc/" },
      route: { hosts: ["churn.example.com"] },
      timeoutSeconds: 30,
    },
    knative: {
      model,
      storageUri,
      mode: "Knative",
      replicas: 0,
      maxReplicas: 5,
      concurrency: 10,
      canaryTrafficPercent: 20,
    },
  },
  args: inferenceServiceArgs,
  flaws: flawed(inferenceServiceArgs, inference),
});
