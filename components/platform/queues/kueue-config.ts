import { compact } from "../../internal";
import { QUEUED_NAMESPACE_LABEL } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import { JobFramework, type KueueArgs, ManagedNamespaces, TransformationStrategy } from "./kueue-args";
import { PLATFORM_NAMESPACES } from "./platform-namespaces";

/** Kinds that wait in queues where nothing else is asked for. */
const defaultFrameworks: JobFramework[] = [
  JobFramework.job,
  JobFramework.jobSet,
  JobFramework.trainJob,
  JobFramework.mpiJob,
  JobFramework.rayJob,
  JobFramework.rayService,
  JobFramework.rayCluster,
  JobFramework.pod,
  JobFramework.deployment,
  JobFramework.statefulSet,
  JobFramework.leaderWorkerSet,
];

/** Feature gates without which Kueue refuses a kind. */
const gatesOfFrameworks: Partial<Record<JobFramework, string>> = {
  [JobFramework.sparkApplication]: "SparkApplicationIntegration",
};

/**
 * Configuration of Kueue's controller, whole, as it replaces that of the chart. Ports, lease, rates and concurrency are
 * those of the chart.
 *
 * @see https://github.com/kubernetes-sigs/kueue/blob/v0.19.2/apis/config/v1beta2/configuration_types.go
 */
export function kueueConfig(args: KueueArgs, namespace: string): ChartValues {
  const own = {
    apiVersion: "config.kueue.x-k8s.io/v1beta2",
    kind: "Configuration",
    health: { healthProbeBindAddress: ":8081" },
    metrics: { bindAddress: ":8443", enableClusterQueueResources: true },
    webhook: { port: 9443 },
    leaderElection: { leaderElect: true, resourceName: "c1f6bfd2.kueue.x-k8s.io" },
    controller: {
      groupKindConcurrency: {
        "Job.batch": 5,
        Pod: 5,
        "Workload.kueue.x-k8s.io": 10,
        "LocalQueue.kueue.x-k8s.io": 5,
        "ClusterQueue.kueue.x-k8s.io": 5,
        "ResourceFlavor.kueue.x-k8s.io": 1,
      },
    },
    clientConnection: { qps: 300, burst: 500 },
    manageJobsWithoutQueueName: args.manageJobsWithoutQueueName ?? true,
    managedJobsNamespaceSelector: managedSelector(args, namespace),
    waitForPodsReady: {
      timeout: `${args.podsReadyTimeoutMinutes ?? 30}m`,
      recoveryTimeout: `${args.recoveryTimeoutMinutes ?? 10}m`,
      blockAdmission: false,
      requeuingStrategy: {
        timestamp: "Eviction",
        backoffLimitCount: args.requeueLimit ?? 10,
        backoffBaseSeconds: 60,
        backoffMaxSeconds: 3600,
      },
    },
    integrations: { frameworks: frameworksOf(args) },
    fairSharing:
      (args.fairSharing ?? true)
        ? { preemptionStrategies: ["LessThanOrEqualToFinalShare", "LessThanInitialShare"] }
        : undefined,
    resources: {
      excludeResourcePrefixes: args.excludedResources ?? ["hugepages-"],
      transformations: (args.transformations ?? []).map(({ input, strategy, outputs }) => ({
        input,
        strategy: strategy ?? TransformationStrategy.retain,
        outputs,
      })),
    },
    objectRetentionPolicies: { workloads: { afterFinished: `${args.keepFinishedHours ?? 168}h` } },
  };
  return withValues(compact(own), args.config);
}

/** Kinds that wait in queues, each once. */
export function frameworksOf({ frameworks = defaultFrameworks, additionalFrameworks = [] }: KueueArgs): JobFramework[] {
  return [...new Set([...frameworks, ...additionalFrameworks])];
}

/** Feature gates as the chart lists them: those that kinds need, and those that were asked for. */
export function featureGates(args: KueueArgs) {
  const needed = frameworksOf(args).flatMap((framework) => gatesOfFrameworks[framework] ?? []);
  const gates = { ...Object.fromEntries(needed.map((gate) => [gate, true])), ...args.featureGates };
  return Object.entries(gates).map(([name, enabled]) => ({ name, enabled }));
}

/** The webhooks of the chart go by the same selector. Kueue does not start unless it leaves out its own namespace. */
function managedSelector(args: KueueArgs, namespace: string) {
  const excluded = [...new Set([...PLATFORM_NAMESPACES, namespace, ...(args.excludedNamespaces ?? [])])].sort();
  const labelled = (args.managedNamespaces ?? ManagedNamespaces.labelled) === ManagedNamespaces.labelled;
  return {
    ...(labelled ? { matchLabels: { [QUEUED_NAMESPACE_LABEL]: "true" } } : {}),
    matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "NotIn", values: excluded }],
  };
}
