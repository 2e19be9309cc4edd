import type * as pulumi from "@pulumi/pulumi";
import type { Toleration } from "../../internal";
import type { Architecture } from "../../model";
import type { ObjectArgs } from "../object";
import type { SecretKeyReference } from "../pods";

/** The pod of a standalone TensorBoard. */
export interface TensorBoardServerArgs {
  /**
   * Image with the command `tensorboard`, with a tag or digest; `docker.io/tensorflow/tensorflow:2.19.0` by default. Needed
   * with `logsUrl`: TensorFlow reads no buckets since 2.6, images with TensorBoard and boto3 alone do.
   */
  image?: pulumi.Input<string>;
  /** Options of TensorBoard, for example `--reload_interval=30`; none by default. */
  args?: string[];
  /** Environment variables. Credentials belong into `secretEnv`. */
  env?: Record<string, pulumi.Input<string>>;
  /** Environment variables that are read from Secrets. */
  secretEnv?: Record<string, SecretKeyReference>;
  /** CPU request, a Kubernetes quantity; `500m` by default. No limit is set. */
  cpu?: string;
  /** Memory request and limit, a Kubernetes quantity; `2Gi` by default. Logs are held in it. */
  memory?: string;
  /** Name of the pool to run on (label `mlstack.dev/pool`); any without taints by default. */
  pool?: string;
  /** Tolerations: one for each taint of the pool where `pools` does not tell them; none by default. */
  tolerations?: Toleration[];
  /** Instruction set that the image is built for; any by default. */
  architecture?: Architecture;
  /** Annotations of the pod. `mlstack.dev/simulate` says what it does on simulated nodes. */
  annotations?: Record<string, pulumi.Input<string>>;
  /** Priority class; the cluster's default by default. */
  priorityClassName?: pulumi.Input<string>;
  /** Service account, whose rights in AWS the pod has; the namespace's `default` one by default. Its token is never mounted. */
  serviceAccountName?: pulumi.Input<string>;
  /** User id to run as, from 1; 1000 by default. It must be able to read the logs, whose owner and group stay as they are. */
  runAsUser?: number;
}

/** What a {@link TensorBoard} is made from. Either a claim or an address says where the logs are. */
export interface TensorBoardArgs extends ObjectArgs {
  /** Name of the PersistentVolumeClaim with the logs, in the same namespace. */
  logsClaim?: pulumi.Input<string>;
  /** Folder of the claim, without a slash at either end; all of it by default. */
  logsFolder?: pulumi.Input<string>;
  /** Address of the logs in a bucket, for example `s3://acme-runs/resnet`. */
  logsUrl?: pulumi.Input<string>;
  /**
   * Whether it is a Deployment and a Service of its own, which need no controller; false by default: Kubeflow's controller
   * makes them, and shows it in the console.
   */
  standalone?: boolean;
  /** The pod of a standalone one; the controller's are all alike. */
  server?: TensorBoardServerArgs;
}
