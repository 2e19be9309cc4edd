import { checkDnsLabel, checkEnum, checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import { type ChartPartArgs, checkPart, checkPartResources, type PartResources } from "../part/part-args";
import { OperatorFailurePolicy } from "./operator-failure-policy";

/** Service account that Spark drivers run as, one in each listed namespace. */
export interface SparkServiceAccountArgs {
  /**
   * Whether account, Role and RoleBinding are made in each of `jobNamespaces`; true by default where these are listed.
   * Without them, namespaces bring their own.
   */
  create?: boolean;
  /** Name of the account; `spark` by default. */
  name?: string;
  /** Annotations, the same in every namespace, which is why rights by tenant are better given by Pod Identity; none by default. */
  annotations?: Record<string, string>;
}

/** The webhook, which checks applications and completes their pods. */
export interface SparkWebhookArgs {
  /** Pods, from 1; as many as the controller has by default. */
  replicas?: number;
  /** What becomes of requests while no pod answers; `Fail` by default, as driver pods would lack volumes and tolerations. */
  failurePolicy?: OperatorFailurePolicy;
  /** Seconds that the API server waits for an answer, 1 to 30; 10 by default. */
  timeoutSeconds?: number;
  /** What the container asks for; `100m` and `256Mi` by default. */
  resources?: PartResources;
}

/** Schedulers that place the pods of an application together. */
export interface SparkBatchSchedulerArgs {
  /** Scheduler of applications that name none: `volcano`, `yunikorn` or one of `kubeSchedulerNames`; none by default. */
  default?: string;
  /** Names of further schedulers that have the plugin for coscheduling; none by default. */
  kubeSchedulerNames?: string[];
}

/** What a {@link SparkOperator} is made from. Every argument has a default. */
export interface SparkOperatorArgs extends ChartPartArgs {
  /** Namespaces whose applications are run. They must exist first; all namespaces by default. */
  jobNamespaces?: string[];
  /** Label selector for these namespaces instead of a list, such as `team.example.com/spark=true`; none by default. */
  jobNamespaceSelector?: string;
  /** Service account of drivers in the listed namespaces. */
  serviceAccount?: SparkServiceAccountArgs;
  /** The webhook. */
  webhook?: SparkWebhookArgs;
  /** Whether an application that is above the quota of its namespace is refused as a whole; true by default. */
  resourceQuotaEnforcement?: boolean;
  /** Schedulers that place the pods of an application together; none by default. */
  batchScheduler?: SparkBatchSchedulerArgs;
  /** Applications that are worked on at a time, from 1; 10 by default. */
  workers?: number;
}

/** Schedulers that the operator knows by themselves. */
const knownSchedulers = ["volcano", "yunikorn"];

/** Checks a Spark operator's inputs. */
export function validateSparkOperator(_name: string, args: SparkOperatorArgs): InputProblem[] {
  const { jobNamespaces = [], serviceAccount, webhook } = args;
  return [
    ...checkPart(args),
    ...jobNamespaces.flatMap((namespace, index) => checkDnsLabel(`jobNamespaces[${index}]`, namespace)),
    ...checkNamespaceChoice(args),
    ...(serviceAccount?.name === undefined ? [] : checkDnsLabel("serviceAccount.name", serviceAccount.name)),
    ...checkServiceAccounts(args),
    ...checkWholeNumber("webhook.replicas", webhook?.replicas, { min: 1 }),
    ...checkWholeNumber("webhook.timeoutSeconds", webhook?.timeoutSeconds, { min: 1, max: 30 }),
    ...checkEnum("webhook.failurePolicy", webhook?.failurePolicy, OperatorFailurePolicy),
    ...checkPartResources("webhook.resources", webhook?.resources, { cpu: "100m", memory: "256Mi" }),
    ...checkWholeNumber("workers", args.workers, { min: 1 }),
    ...checkScheduler(args),
  ];
}

function checkNamespaceChoice({ jobNamespaces, jobNamespaceSelector }: SparkOperatorArgs): InputProblem[] {
  if (jobNamespaces?.length === 0) {
    const allowed = "at least one namespace, or none of the argument for all namespaces";
    return [inputProblem("jobNamespaces", jobNamespaces, allowed, "Name namespaces, or leave jobNamespaces out.")];
  }
  if (jobNamespaces === undefined || jobNamespaceSelector === undefined) return [];
  // With both, the chart has the webhook ask for the listed namespaces only.
  const allowed = "a selector where jobNamespaces is left out";
  return [inputProblem("jobNamespaceSelector", jobNamespaceSelector, allowed, "Set one of the two.")];
}

function checkServiceAccounts({ jobNamespaces, serviceAccount }: SparkOperatorArgs): InputProblem[] {
  if (serviceAccount?.create !== true || jobNamespaces !== undefined) return [];
  const allowed = "true where jobNamespaces lists the namespaces to make it in";
  return [inputProblem("serviceAccount.create", true, allowed, "List the namespaces, or let them bring their own.")];
}

function checkScheduler({ batchScheduler }: SparkOperatorArgs): InputProblem[] {
  const { default: scheduler, kubeSchedulerNames = [] } = batchScheduler ?? {};
  const allowed = [...knownSchedulers, ...kubeSchedulerNames];
  if (scheduler === undefined || allowed.includes(scheduler)) return [];
  const remedy = "Set one of these, or add the scheduler to batchScheduler.kubeSchedulerNames.";
  return [inputProblem("batchScheduler.default", scheduler, allowed.join(", "), remedy)];
}
