import type * as pulumi from "@pulumi/pulumi";
import type { DriftMonitorArgs } from "../monitoring/drift-monitor-args";
import type { ObjectArgs, QueueArgs, RunArgs } from "../object";
import type { HardwareArgs, PodArgs, ProgramArgs, ProgramOptions, SecretKeyReference } from "../pods";
import type { InferenceServiceArgs } from "../serving/inference-service-args";

/**
 * What trains: a program, or a workload of any kind. A program finds in `MODEL_URI` where it must put the model, in
 * `MODEL_DIR` too where that is on a claim, and each of the loop's `parameters` in a variable of its name.
 */
export interface LoopTrainArgs extends ProgramOptions, HardwareArgs {
  /** Container image, with a tag or digest; exclusive with `manifest`. `command` is required with it. */
  image?: pulumi.Input<string>;
  /**
   * The workload, as the manifest functions return it (`trainJobManifest`, for example). Its texts must hold
   * `{{inputs.parameters.model-uri}}` somewhere, where the model must be put, and that of each of the loop's `parameters`.
   * Exclusive with `image`.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has its own form, and schemas know no unknown
  manifest?: any;
  /** Selector of fields that all fit once the workload is done; that of its kind by default. For `manifest`. */
  successCondition?: string;
  /** Selectors of fields of which each tells that the workload failed; that of its kind by default. For `manifest`. */
  failureCondition?: string;
  /** Tries after the first, from 0; 2 by default. A `manifest` tries again by itself. */
  retries?: number;
  /** Seconds after which a try is ended as failed, from 1; the run's by default. */
  activeDeadlineSeconds?: number;
}

/**
 * What tells how good a model is: a program that writes each metric, as a number, into the file `/outputs/METRIC`. It finds
 * the model by `MODEL_URI` and `MODEL_DIR`, and in `SERVED_MODEL_URI` the one that is served, empty before the first.
 */
export interface LoopEvaluateArgs extends ProgramArgs, HardwareArgs {
  /** Names of the metrics that it writes, at least one: letters, digits and underscores. */
  metrics: string[];
  /** Tries after the first, from 0; 2 by default. */
  retries?: number;
  /** Seconds after which a try is ended as failed, from 1; the run's by default. */
  activeDeadlineSeconds?: number;
}

/** What a model must reach to be served. At least one bound is given. */
export interface LoopGateArgs {
  /** Name of the metric that decides, one of the evaluation's. */
  metric: string;
  /** Least value that passes; any by default. */
  atLeast?: number;
  /** Greatest value that passes, for errors and losses; any by default. */
  atMost?: number;
}

/** Where models that pass are registered, with their metrics. */
export interface LoopRegisterArgs {
  /** Name of the model in the registry; the loop's by default. Versions are named as the runs. */
  model?: pulumi.Input<string>;
  /** Address of the registry; `http://model-registry-service.kubeflow.svc:8080` by default, that of the ModelRegistry part. */
  registry?: pulumi.Input<string>;
  /** Bearer token that the registry is sent; none by default, as the part's own asks for none. */
  registryToken?: SecretKeyReference;
  /** Description of each version; none by default. */
  description?: pulumi.Input<string>;
  /** Further properties of each version, by name; none by default. */
  properties?: Record<string, pulumi.Input<string>>;
  /** Image with Python 3.8 or newer, with a tag or digest; `docker.io/library/python:3.13.7-slim` by default. */
  image?: pulumi.Input<string>;
}

/** How a new model is tried out beside the one that is served. */
export interface LoopCanaryArgs {
  /** Share of the requests that it gets, in percent from 0 to 100; 0 by default. More than 0 needs Istio. */
  trafficPercent?: number;
  /** Pods of it, from 1; 1 by default. */
  replicas?: number;
  /** Seconds for which it must go on answering, from 0; 300 by default. */
  observeSeconds?: number;
  /**
   * Program that ends with 0 if the model may replace the one that is served; none by default. It runs after the observation
   * and finds the addresses of both models in `CANDIDATE_URL` and `STABLE_URL`, and the new one's files by `MODEL_URI`.
   * `command` is required.
   */
  check?: PodArgs;
}

/** When the loop runs whatever else happens. */
export interface LoopScheduleArgs {
  /** When: cron expressions of five fields, for example `40 2 * * 0`, or macros such as `@weekly`; at least one. */
  schedules: string[];
  /** Time zone of the schedules, a name of the IANA; `UTC` by default. */
  timeZone?: string;
  /** Whether no further runs start; false by default. */
  suspend?: boolean;
}

/** What a {@link ModelLoop} is made from. `queue` is where its programs wait; what serves has its own. */
export interface ModelLoopArgs extends ObjectArgs, QueueArgs, RunArgs {
  /** What trains. */
  train: LoopTrainArgs;
  /** What tells how good a model is. */
  evaluate: LoopEvaluateArgs;
  /** What a model must reach to be registered and served. */
  gate: LoopGateArgs;
  /** Where models are registered; nowhere by default. */
  register?: LoopRegisterArgs;
  /**
   * What serves, as an `InferenceService` is described, in the mode `Standard`. Which model, under which name, in which
   * namespace and with which labels and pools are the loop's to say.
   */
  serve: InferenceServiceArgs;
  /** How a new model is tried out; with the defaults there where nothing is said. */
  canary?: LoopCanaryArgs;
  /** Whether models are served without being tried out beside the one before; false by default. */
  directly?: boolean;
  /**
   * What watches for drift, as a `DriftMonitor` is described; nothing by default. Of `retrain`, `coolDownHours`, `limit` and
   * `parameters` can be given: what it starts is the loop.
   */
  drift?: DriftMonitorArgs;
  /** When the loop runs whatever else happens; never by default. */
  schedule?: LoopScheduleArgs;
  /**
   * Where models are put, each below it under a name of its own: `s3://BUCKET/PREFIX`, `gs://BUCKET/PREFIX` or
   * `pvc://CLAIM/FOLDER`. A claim is mounted for the programs.
   */
  modelStore: pulumi.Input<string>;
  /** Parameters of the training by name: letters, digits and underscores. Runs may be given other values; none by default. */
  parameters?: Record<string, string>;
  /**
   * Whether a run starts with the first update, and with each that changes what is trained or how it is judged; true by
   * default. Otherwise nothing is served until a run has been started in another way.
   */
  initialRun?: boolean;
  /** Seconds within which a model must answer after it was rolled out, from 1; 1200 by default. */
  readySeconds?: number;
  /**
   * Path that answers 200 once the model can be asked; `/v1/models/NAME` by default, and `/v2/models/NAME/ready` with the
   * protocols of version 2.
   */
  readyPath?: string;
  /** Image with Python 3.9 or newer for the loop's own steps; `docker.io/library/python:3.13.7-slim` by default. */
  stepImage?: pulumi.Input<string>;
  /** Service account of the programs, for example one that may write models; by default one with no rights to speak of. */
  serviceAccountName?: pulumi.Input<string>;
  /** Seconds after which a run is ended as failed, from 1; 86400 (a day) by default. */
  activeDeadlineSeconds?: number;
}
