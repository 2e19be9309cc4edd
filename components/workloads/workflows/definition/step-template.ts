import type { PodArgs } from "../../pods";
import type { TaskGroup, WorkflowTask } from "./tasks";
import type { StepInputs, StepOutputs } from "./values";

/** What a step does to an object of Kubernetes. */
export const ResourceVerb = {
  /** Creates one that belongs to the run: its name gets a random end, and it is deleted with the run. */
  create: "create",
  /** Creates or changes one of a fixed name, which stays when the run is deleted. */
  apply: "apply",
} as const;
/** What a step does to an object of Kubernetes. */
export type ResourceVerb = (typeof ResourceVerb)[keyof typeof ResourceVerb];

/** A step that creates an object of Kubernetes, a workload of any kind, and waits until it has done its work. */
export interface ResourceAction {
  /**
   * The object, as the manifest functions of workloads return it (`gpuJobManifest`, for example), with variables such as
   * `{{inputs.parameters.day}}` in its texts. Leaves may be outputs.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has its own form, and schemas know no unknown
  manifest: any;
  /** What is done; `apply` for kinds that serve or start runs without end, else `create`. */
  verb?: ResourceVerb;
  /**
   * Selector of fields that all must fit once the object has done its work, for example `status.state == Done`; that of its
   * kind by default. Needed for kinds that are not known, or set to the empty text for those that are not waited for.
   */
  successCondition?: string;
  /** Selectors of fields, with commas between, of which each tells that it failed; that of its kind by default. */
  failureCondition?: string;
  /** Plural of the kind, as rights name it; that of the kind, or a guess for kinds that are not known, by default. */
  resources?: string;
}

/** A step that waits for a person or for time to pass. */
export interface SuspendAction {
  /** Seconds after which it goes on by itself, from 1; never by default. */
  seconds?: number;
}

/** Tasks of which each runs as soon as those that it depends on are done. */
export interface DagTasks {
  /** The tasks, at least one. */
  tasks: WorkflowTask[];
  /** Whether no further task is started once one has failed; true by default. */
  failFast?: boolean;
}

/** When a failed step is tried again. */
export const RetryPolicy = {
  /** Whatever the reason. */
  always: "Always",
  /** Where its program failed. */
  onFailure: "OnFailure",
  /** Where its pod was lost or Argo's own containers failed. */
  onError: "OnError",
  /** Where the API or network was at fault, by Argo's list of such errors. */
  onTransientError: "OnTransientError",
} as const;
/** When a failed step is tried again. */
export type RetryPolicy = (typeof RetryPolicy)[keyof typeof RetryPolicy];

/** How often and when a failed step is tried again. */
export interface RetryArgs {
  /** Tries after the first, from 0; 2 by default. */
  limit?: number;
  /**
   * Which failures count; `Always` for containers by default, as lost nodes are errors and failed programs failures. For
   * resources `OnTransientError`, as the object that was created tries again by itself.
   */
  policy?: RetryPolicy;
  /** Exit codes, 1 to 255, after which another try would end the same way; none by default. For containers. */
  permanentExitCodes?: number[];
  /** Seconds before the first new try, from 1; 30 by default. */
  delaySeconds?: number;
  /** What the delay is multiplied by from try to try, from 1; 2 by default. */
  factor?: number;
  /** Seconds that a delay is at most, from 1; 600 by default. */
  maxDelaySeconds?: number;
}

/** A limit that is kept in a ConfigMap: how many run at the same time, over all workflows of the namespace. */
export interface SemaphoreReference {
  /** Name of the ConfigMap. */
  configMap: string;
  /** Key in it whose value is the number. */
  key: string;
}

/** What must be free before something starts. */
export interface LockArgs {
  /** Names of locks that one holder has at a time, in the namespace; none by default. */
  mutexes?: string[];
  /** Limits that are shared with others; none by default. */
  semaphores?: SemaphoreReference[];
}

/**
 * One template of a workflow: what it is given, what it does, what it hands on. It does exactly one of `container`,
 * `resource`, `suspend`, `dag` and `steps`.
 */
export interface StepTemplate extends LockArgs {
  /** Name: at most 63 letters, digits and inner hyphens; unique in the definition. */
  name: string;
  /** What it is given; nothing by default. */
  inputs?: StepInputs;
  /** What it hands on; nothing by default. */
  outputs?: StepOutputs;
  /**
   * Runs a program in a pod, without a GPU by default. Its texts may hold variables: `{{inputs.parameters.NAME}}`,
   * `{{inputs.artifacts.NAME.path}}`, `{{outputs.parameters.NAME.path}}` and `{{outputs.artifacts.NAME.path}}`. `command` is
   * required, as Argo would look it up in the image's registry, which it may not read.
   */
  container?: PodArgs;
  /** Creates an object of Kubernetes and waits for it. */
  resource?: ResourceAction;
  /** Waits. Its outputs are asked for when it is resumed. */
  suspend?: SuspendAction;
  /** Runs tasks by what they depend on. */
  dag?: DagTasks;
  /** Runs groups of tasks one after another. */
  steps?: TaskGroup[];
  /** Pods of its tasks that run at the same time, from 1; as many as the workflow allows by default. For `dag` and `steps`. */
  parallelism?: number;
  /** Seconds after which each try is ended as failed, from 1; the workflow's by default. For `container` and `resource`. */
  activeDeadlineSeconds?: number;
  /** How often it is tried again. For `container` and `resource`. */
  retry?: RetryArgs;
}
