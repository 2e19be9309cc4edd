import type * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../../internal";
import type { Architecture } from "../../model";
import type { ObjectArgs } from "../object";
import type { JobVolume, SecretKeyReference } from "../pods";

/** What becomes of a version that does not pass its gate. */
export const GateFailure = {
  /** The registration fails, and with it the update; what depends on it is not made. */
  fail: "fail",
  /** The version is not registered, and nothing fails. */
  skip: "skip",
} as const;
/** What becomes of a version that does not pass its gate. */
export type GateFailure = (typeof GateFailure)[keyof typeof GateFailure];

/** What a version must reach to be registered. */
export interface ModelGateArgs {
  /** Name of the metric that decides. */
  metric: string;
  /** Least value that passes; any by default. */
  atLeast?: number;
  /** Greatest value that passes, for errors and losses; any by default. */
  atMost?: number;
  /** What becomes of a version that does not pass; `fail` by default. */
  otherwise?: GateFailure;
}

/** What a {@link ModelVersion} is made from. `lineage` says what the model was made from, and becomes properties of it. */
export interface ModelVersionArgs extends ObjectArgs {
  /** Name of the model in the registry; made there where it is not known yet. */
  model: pulumi.Input<string>;
  /**
   * Name of the version, unique in the model; by default the commit of the lineage, a hyphen and the hash of its parameters,
   * as far as they are given.
   */
  version?: pulumi.Input<string>;
  /** Address of the model's files, for example `s3://models/resnet/0123abc`. */
  uri: pulumi.Input<string>;
  /** Format of the model, for example `onnx` or `sklearn`; not told by default. */
  format?: pulumi.Input<string>;
  /** Version of the format; not told by default. */
  formatVersion?: pulumi.Input<string>;
  /** Description of the version; none by default. */
  description?: pulumi.Input<string>;
  /** Further properties, by name; none by default. */
  properties?: Record<string, pulumi.Input<string>>;
  /** Metrics by name, as far as they are known; none by default. */
  metrics?: Record<string, pulumi.Input<number>>;
  /** Path, in one of `volumes`, of a JSON file with further metrics by name, which an evaluation has written; none by default. */
  metricsFile?: string;
  /** What the version must reach; everything is registered by default. */
  gate?: ModelGateArgs;
  /** Address of the registry; `http://model-registry-service.kubeflow.svc:8080` by default, that of the ModelRegistry part. */
  registry?: pulumi.Input<string>;
  /** Bearer token that the registry is sent; none by default, as the part's own asks for none. */
  registryToken?: SecretKeyReference;
  /** Image with Python 3.8 or newer, with a tag or digest; `docker.io/library/python:3.13.7-slim` by default. */
  image?: pulumi.Input<string>;
  /** Volumes, for `metricsFile`; none by default. */
  volumes?: JobVolume[];
  /** Annotations of the pod. `mlstack.dev/simulate` says what it does on simulated nodes. */
  annotations?: Record<string, pulumi.Input<string>>;
  /** CPU request of the pod, a Kubernetes quantity; `100m` by default. No limit is set. */
  cpu?: string;
  /** Memory request and limit of the pod, a Kubernetes quantity; `128Mi` by default. */
  memory?: string;
  /** Name of the pool to run on (label `mlstack.dev/pool`); any without taints by default. */
  pool?: string;
  /** Tolerations: one for each taint of the pool where `pools` does not tell them; none by default. */
  tolerations?: Toleration[];
  /** Instruction set of the nodes to run on, for images that are built for one only; any by default. */
  architecture?: Architecture;
  /** User id to run as, from 1; 1000 by default. It must be able to read `metricsFile`, whose group stays as it is. */
  runAsUser?: number;
  /** Failed pods after which the registration fails, from 0; 3 by default. What another try would not mend fails at once. */
  backoffLimit?: number;
  /** Seconds after which the registration is ended as failed, from 1; 900 by default. */
  activeDeadlineSeconds?: number;
}
