import { checkEnum, checkQuantity, checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import { type ChartPartArgs, checkPart } from "../part/part-args";

/**
 * Kinds of workloads that Kueue admits, as its configuration names them.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/charts/kueue/values.yaml
 */
export const JobFramework = {
  job: "batch/job",
  jobSet: "jobset.x-k8s.io/jobset",
  trainJob: "trainer.kubeflow.org/trainjob",
  mpiJob: "kubeflow.org/mpijob",
  rayJob: "ray.io/rayjob",
  rayService: "ray.io/rayservice",
  rayCluster: "ray.io/raycluster",
  pod: "pod",
  deployment: "deployment",
  statefulSet: "statefulset",
  leaderWorkerSet: "leaderworkerset.x-k8s.io/leaderworkerset",
  appWrapper: "workload.codeflare.dev/appwrapper",
  /** Of the legacy training operator. Off upstream since 0.19, and to be removed. */
  pyTorchJob: "kubeflow.org/pytorchjob",
  /** Of the legacy training operator. Off upstream since 0.19, and to be removed. */
  tfJob: "kubeflow.org/tfjob",
  /** Of the legacy training operator. Off upstream since 0.19, and to be removed. */
  xgBoostJob: "kubeflow.org/xgboostjob",
  /** Of the legacy training operator. Off upstream since 0.19, and to be removed. */
  jaxJob: "kubeflow.org/jaxjob",
  /** Of the legacy training operator. Off upstream since 0.19, and to be removed. */
  paddleJob: "kubeflow.org/paddlejob",
  /** Alpha upstream: the feature gate `SparkApplicationIntegration` is set with it. */
  sparkApplication: "sparkoperator.k8s.io/sparkapplication",
} as const;
/** Kinds of workloads that Kueue admits, as its configuration names them. */
export type JobFramework = (typeof JobFramework)[keyof typeof JobFramework];

/** In which namespaces jobs wait in queues. */
export const ManagedNamespaces = {
  /** In those labelled `mlstack.dev/queued=true`, as tenants are. */
  labelled: "labelled",
  /** In all but those of the cluster and of the platform. */
  allButExcluded: "all-but-excluded",
} as const;
/** In which namespaces jobs wait in queues. */
export type ManagedNamespaces = (typeof ManagedNamespaces)[keyof typeof ManagedNamespaces];

/** What becomes of a resource that is transformed. */
export const TransformationStrategy = {
  /** What pods ask for counts beside what it is transformed to. */
  retain: "Retain",
  /** What pods ask for counts as what it is transformed to, alone. */
  replace: "Replace",
} as const;
/** What becomes of a resource that is transformed. */
export type TransformationStrategy = (typeof TransformationStrategy)[keyof typeof TransformationStrategy];

/** Counts one resource of pods as others. */
export interface ResourceTransformation {
  /** Resource that pods ask for, for example `nvidia.com/mig-3g.40gb`. */
  input: string;
  /** What becomes of the resource itself; `Retain` by default, as upstream has it. */
  strategy?: TransformationStrategy;
  /** Resources that each unit of it counts as, as Kubernetes quantities. */
  outputs: Record<string, string>;
}

/** What a {@link Kueue} is made from. Every argument has a default. */
export interface KueueArgs extends ChartPartArgs {
  /**
   * Kinds of workloads that wait in queues; by default those of Kueue itself without AppWrappers. Kinds whose types are not
   * there do no harm.
   */
  frameworks?: JobFramework[];
  /** Kinds beside `frameworks`, such as those of the legacy training operator or Spark's; none by default. */
  additionalFrameworks?: JobFramework[];
  /**
   * Whether jobs that name no queue wait too: in the queue `default` of their namespace, or for ever where there is none;
   * true by default, so that nothing escapes the quotas.
   */
  manageJobsWithoutQueueName?: boolean;
  /**
   * Namespaces whose jobs wait in queues; `labelled` by default, so that Kueue's webhooks, which refuse what they cannot
   * judge, have no say in the namespaces of the platform.
   */
  managedNamespaces?: ManagedNamespaces;
  /** Namespaces that are never managed, beside those of the cluster and of the platform's parts; none by default. */
  excludedNamespaces?: string[];
  /**
   * Minutes that all pods of an admitted workload have to become ready, from 15; 30 by default, as upstream has it. It has to
   * exceed the start of a GPU node and the pull of its largest image.
   */
  podsReadyTimeoutMinutes?: number;
  /** Minutes in which a pod that was ready must be ready again; 10 by default, which is time enough for another node. */
  recoveryTimeoutMinutes?: number;
  /**
   * Times that a workload is queued again whose pods did not become ready, before it is given up, from 0; 10 by default. For
   * ever, as upstream has it, a job with a misspelt image holds GPUs again and again.
   */
  requeueLimit?: number;
  /** Whether queues of a cohort share by the weights of {@link Queues}; true by default. */
  fairSharing?: boolean;
  /**
   * Prefixes of resources that do not count; `hugepages-` by default: EFA needs them, and they are in proportion to what
   * counts.
   */
  excludedResources?: string[];
  /** Resources that count as others; none by default. */
  transformations?: ResourceTransformation[];
  /** Hours that the records of finished workloads stay, from 0; 168 by default, a week. Upstream keeps them for ever. */
  keepFinishedHours?: number;
  /** Feature gates of Kueue; none by default beside those that `frameworks` need. */
  featureGates?: Record<string, boolean>;
  /** Fields of Kueue's configuration that are set instead of or beside those of the component; none by default. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what Kueue takes is known to it alone
  config?: Record<string, any>;
}

/** Less is not enough for a GPU node to start and to pull an image of a framework. */
const LEAST_TIMEOUT_MINUTES = 15;

/** Checks the inputs of Kueue. */
export function validateKueue(_name: string, args: KueueArgs): InputProblem[] {
  const kinds = (["frameworks", "additionalFrameworks"] as const).flatMap((list) =>
    (args[list] ?? []).flatMap((kind, index) => checkEnum(`${list}[${index}]`, kind, JobFramework)),
  );
  return [
    ...checkPart(args),
    ...kinds,
    ...checkSomeFramework(args),
    ...checkEnum("managedNamespaces", args.managedNamespaces, ManagedNamespaces),
    ...checkWholeNumber("podsReadyTimeoutMinutes", args.podsReadyTimeoutMinutes, { min: LEAST_TIMEOUT_MINUTES }),
    ...checkWholeNumber("recoveryTimeoutMinutes", args.recoveryTimeoutMinutes, { min: 1 }),
    ...checkWholeNumber("requeueLimit", args.requeueLimit, { min: 0 }),
    ...checkWholeNumber("keepFinishedHours", args.keepFinishedHours, { min: 0 }),
    ...checkTransformations(args),
  ];
}

function checkSomeFramework({ frameworks, additionalFrameworks = [] }: KueueArgs): InputProblem[] {
  if (frameworks === undefined || frameworks.length + additionalFrameworks.length > 0) return [];
  return [inputProblem("frameworks", frameworks, "at least one kind", "Name a kind, or leave the list out.")];
}

function checkTransformations({ transformations = [] }: KueueArgs): InputProblem[] {
  return transformations.flatMap(({ input, strategy, outputs }, index) => {
    const path = `transformations[${index}]`;
    const isFirst = transformations.findIndex((each) => each.input === input) === index;
    const remedy = "Put what it counts as together.";
    return [
      ...(isFirst ? [] : [inputProblem(`${path}.input`, input, "each resource once", remedy)]),
      ...checkEnum(`${path}.strategy`, strategy, TransformationStrategy),
      ...Object.entries(outputs).flatMap(([resource, amount]) =>
        checkQuantity(`${path}.outputs["${resource}"]`, amount, "5Gi"),
      ),
    ];
  });
}
