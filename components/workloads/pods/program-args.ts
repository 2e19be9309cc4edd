import type * as pulumi from "@pulumi/pulumi";

/** A value inside a Kubernetes Secret, handed to a container without passing through the stack. */
export interface SecretKeyReference {
  /** Name of the Secret, in the workload's namespace. */
  name: pulumi.Input<string>;
  /** Key inside the Secret. */
  key: pulumi.Input<string>;
}

/** Scratch space that lives and dies with the pod. */
export interface ScratchVolume {
  /** Most that may be written, a Kubernetes quantity; only the node's disk is the limit by default. */
  sizeLimit?: string;
}

/** A volume of pods and where it is mounted. Exactly one source is given. */
export interface JobVolume {
  /** Name of the volume, a DNS label, unique in the pod. */
  name: string;
  /** Absolute path inside the container. */
  mountPath: string;
  /** Whether the program may only read; true by default for config maps and secrets, false for the others. */
  readOnly?: boolean;
  /** Name of a PersistentVolumeClaim in the workload's namespace: datasets, checkpoints, models. */
  persistentVolumeClaim?: pulumi.Input<string>;
  /** Name of a ConfigMap in the workload's namespace. */
  configMap?: pulumi.Input<string>;
  /** Name of a Secret in the workload's namespace. */
  secret?: pulumi.Input<string>;
  /** Scratch space on the node's disk. */
  scratch?: ScratchVolume;
}

/** What a pod runs and as whom, the image aside. */
export interface ProgramOptions {
  /** Program to run; the image's own by default. */
  command?: pulumi.Input<string>[];
  /** Arguments of the program; the image's own by default. */
  args?: pulumi.Input<string>[];
  /** Environment variables. Credentials belong into `secretEnv`. */
  env?: Record<string, pulumi.Input<string>>;
  /** Environment variables that are read from Secrets. */
  secretEnv?: Record<string, SecretKeyReference>;
  /** Volumes of each pod. */
  volumes?: JobVolume[];
  /** Annotations of the pods. `mlstack.dev/simulate` says what a pod does on simulated nodes. */
  annotations?: Record<string, pulumi.Input<string>>;
  /** Priority class; the cluster's default by default. */
  priorityClassName?: pulumi.Input<string>;
  /** Service account; the namespace's `default` one by default. Its token is never mounted. */
  serviceAccountName?: pulumi.Input<string>;
  /**
   * User id to run as, from 1; the image's own user, often root, by default. Volumes are made writable for the group of
   * the same number, at the first mount, where their type lets the node do so (`fsGroup`; NFS shares keep their owners).
   */
  runAsUser?: number;
  /**
   * Whether nodes refuse to start the image as root, which the Pod Security level `restricted` demands; true with
   * `runAsUser`, else false by default. For images whose own user is a number other than 0; whether that user may write
   * to the volumes is up to them.
   */
  runAsNonRoot?: boolean;
}

/** What a pod runs, and as whom. */
export interface ProgramArgs extends ProgramOptions {
  /** Container image, with a tag or digest. */
  image: pulumi.Input<string>;
}
