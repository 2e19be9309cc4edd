import type * as pulumi from "@pulumi/pulumi";
import type { ObjectArgs, QueueArgs } from "../object";
import type { HardwareArgs, ProgramOptions } from "../pods";
import type { ReplicaArgs } from "./replica-args";
import type { RouteArgs } from "./route-args";

/** How KServe runs the pods of a model. */
export const ServingMode = {
  /** As a Deployment. */
  standard: "Standard",
  /** As a service of Knative, which must be installed, and scales to zero by itself. */
  knative: "Knative",
} as const;
/** How KServe runs the pods of a model. */
export type ServingMode = (typeof ServingMode)[keyof typeof ServingMode];

/** How a model is asked: the inference protocol, and over what. */
export const InferenceProtocol = {
  /** KServe's first, over HTTP. */
  v1: "v1",
  /** The open one, over HTTP. */
  v2: "v2",
  /** KServe's first, over gRPC. */
  grpcV1: "grpc-v1",
  /** The open one, over gRPC. */
  grpcV2: "grpc-v2",
} as const;
/** How a model is asked: the inference protocol, and over what. */
export type InferenceProtocol = (typeof InferenceProtocol)[keyof typeof InferenceProtocol];

/** What of a conversation with a model is logged. */
export const RequestLogMode = {
  /** Both sides. */
  all: "all",
  /** What the model was asked. */
  request: "request",
  /** What it answered. */
  response: "response",
} as const;
/** What of a conversation with a model is logged. */
export type RequestLogMode = (typeof RequestLogMode)[keyof typeof RequestLogMode];

/** What a server of the platform is picked by, and told. */
export interface ModelFormatArgs {
  /** Format of the model as runtimes spell it, for example `sklearn`, `xgboost`, `tensorflow`, `onnx`, `huggingface`. */
  format: string;
  /** Version of the format, for example `1`; any by default. */
  version?: string;
  /** Name of the ServingRuntime or ClusterServingRuntime; the first that knows the format by default. */
  runtime?: string;
  /** Tag of the runtime's image; the runtime's own by default. */
  runtimeVersion?: string;
  /** Protocol; `v1`, and `v2` of `triton` and `vLLM`, by default. */
  protocol?: InferenceProtocol;
}

/** Sends what a model is asked, and what it answers, somewhere else too. */
export interface RequestLogArgs {
  /** Address that gets each message as a CloudEvent, for example `http://collector.ml.svc/`. */
  url: pulumi.Input<string>;
  /** What is sent; `all` by default. */
  mode?: RequestLogMode;
}

/** Another version of the model beside the stable one. What it does not say comes from the stable one. */
export interface CanaryArgs {
  /** Name of the version, a DNS label that begins with a letter, for example `v2`. */
  name: string;
  /** Share of the requests that it gets, in percent from 0 to 100; 0 lets it run without any. */
  trafficPercent: number;
  /** Where its model lies; the stable one's by default. */
  storageUri?: pulumi.Input<string>;
  /** Container image; the stable one's by default. */
  image?: pulumi.Input<string>;
  /** Tag of the runtime's image; the stable one's by default. */
  runtimeVersion?: string;
  /** Variables beside those of the stable one. */
  env?: Record<string, pulumi.Input<string>>;
  /** Pods, from 1 to `replicas`, of which KServe takes them as long as one is left; 1 by default. They never scale. */
  replicas?: number;
}

/** Pods beside the model's that requests pass through: a transformer or an explainer. */
export interface ServingStepArgs extends ProgramOptions, HardwareArgs {
  /** GPUs of each pod, whole ones unless they are shared, from 0; none by default. */
  gpus?: number;
  /** Container image, with a tag or digest. */
  image: pulumi.Input<string>;
  /** Pods, and the fewest where `maxReplicas` is more, from 1; 2 by default, and 1 with GPUs. */
  replicas?: number;
  /** Most pods; `replicas` by default. */
  maxReplicas?: number;
  /** Use of the requested CPU that pods are kept at, in percent from 1 to 100; 80 where there is `maxReplicas`. */
  cpuPercent?: number;
}

/** What an {@link InferenceService} is made from; its pods have no GPU by default. */
export interface InferenceServiceArgs extends ObjectArgs, QueueArgs, ProgramOptions, HardwareArgs, ReplicaArgs {
  /** GPUs of each pod, and of each node with `nodes`, whole ones unless they are shared, from 0; none by default. */
  gpus?: number;
  /** What a server of the platform is picked by. Without it, `image` is the server. */
  model?: ModelFormatArgs;
  /** Container image, with a tag or digest: the server itself, or one in the place of the runtime's. */
  image?: pulumi.Input<string>;
  /**
   * Where the model lies, for example `s3://models/churn/7`, `pvc://models/churn` or `hf://acme/churn:1.0`. It is there under
   * `/mnt/models` when the server starts. A `model` needs it, unless its format is `huggingface`.
   */
  storageUri?: pulumi.Input<string>;
  /** Name of the ClusterStorageContainer that downloads the model; the one for its address, with 1 GiB, by default. */
  storageContainer?: string;
  /** Port that the server in `image` listens on, from 1 to 65535; 8080 by default. Runtimes have their own. */
  port?: number;
  /** How the pods run; `Standard` by default, which needs neither Knative nor Istio. Cannot be changed afterwards. */
  mode?: ServingMode;
  /** Use of the memory that pods are kept at, in percent from 1 to 100; none by default. Not with `Knative`. */
  memoryPercent?: number;
  /** Requests that each pod handles at a time, on average, to scale by, from 1; for `Knative` alone. */
  concurrency?: number;
  /** Requests per second that each pod handles, to scale by, from 1; for `Knative` alone. */
  requestsPerSecond?: number;
  /** Requests that a pod gets at the same time at most, from 1; as many as come by default; for `Knative` alone. */
  containerConcurrency?: number;
  /** Seconds after which Knative, the ingress of KServe and routes give a request up, from 1; KServe's 60 by default. */
  timeoutSeconds?: number;
  /**
   * Nodes that each copy of the model is spread over, from 1; 1 by default. With more, `gpus` are those of each node, there is
   * one copy, and the runtime must know how to spread it.
   */
  nodes?: number;
  /** Pods that a rollout may add before it takes others away, from 0; 1 by default, and 0 with GPUs. For `Standard` alone. */
  maxSurge?: number;
  /** Other versions beside this one, for `Standard` alone; none by default. Their shares need Istio. */
  canaries?: CanaryArgs[];
  /** Header by which a client chooses a version, by the name of the canary or `stable`; none by default. */
  versionHeader?: string;
  /** Share of the requests that this version gets, in percent, before the one rolled out last; for `Knative` alone. */
  canaryTrafficPercent?: number;
  /** Changes requests before the model and answers behind it; none by default. */
  transformer?: ServingStepArgs;
  /** Answers why the model answers so; none by default. */
  explainer?: ServingStepArgs;
  /** Sends conversations somewhere else too, for example to watch for drift; nowhere by default. */
  requestLog?: RequestLogArgs;
  /** How requests come in from outside of the cluster, through Istio; not at all by default. For `Standard` alone. */
  route?: RouteArgs;
  /** Whether the ingress that the platform's KServe has, if any, leads to the model; false by default. */
  exposed?: boolean;
  /** Whether an update waits until the model answers; false by default, as it goes on by itself. */
  waitUntilReady?: boolean;
  /** Seconds that an update waits for that at most, from 1; 1200 by default. */
  waitSeconds?: number;
}
