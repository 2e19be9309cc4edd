import type * as pulumi from "@pulumi/pulumi";
import type { ObjectArgs, QueueArgs } from "../object";
import type { PodArgs } from "../pods";

/** What a notebook's image serves, which decides how addresses reach it. */
export const NotebookServer = {
  /** Jupyter, which knows its own address, and tells when it is idle. */
  jupyter: "jupyter",
  /** Visual Studio Code. */
  codeServer: "code-server",
  /** RStudio. */
  rStudio: "rstudio",
} as const;
/** What a notebook's image serves, which decides how addresses reach it. */
export type NotebookServer = (typeof NotebookServer)[keyof typeof NotebookServer];

/** What a {@link Notebook} is made from. */
export interface NotebookArgs extends ObjectArgs, QueueArgs, PodArgs {
  /** What the image serves; `jupyter` by default. */
  server?: NotebookServer;
  /** Port that the image serves on, 1 to 65535; 8888 by default, as all images of Kubeflow have it. */
  port?: number;
  /** GPUs of the notebook, from 0; 0 by default. One with `gpuSharing: "time-slicing"` is often enough to try things out. */
  gpus?: number;
  /** Name of a PersistentVolumeClaim for the workspace, in the notebook's namespace; by default one is made. */
  workspaceClaim?: pulumi.Input<string>;
  /** Size of the claim that is made, a Kubernetes quantity; `10Gi` by default. */
  workspaceSize?: string;
  /** Storage class of the claim that is made; the cluster's own by default. */
  workspaceStorageClassName?: string;
  /** Where the workspace is mounted, and the notebook starts; `/home/jovyan` by default. */
  workspacePath?: string;
  /**
   * Whether the notebook is stopped: it has no pod, holds no GPU, and keeps its workspace; false by default, which leaves it
   * to whoever stops and starts it.
   */
  stopped?: boolean;
}
