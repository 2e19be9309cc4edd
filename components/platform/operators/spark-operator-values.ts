import { compact } from "../../internal";
import { type ChartValues, withValues } from "../../rendering";
import { partResources, systemNodes } from "../part/part-args";
import { spread } from "./manifest-adjustments";
import { OperatorFailurePolicy } from "./operator-failure-policy";
import type { SparkOperatorArgs } from "./spark-operator-args";

/** Namespace of the Spark operator where nothing else is asked for. */
export const SPARK_OPERATOR_NAMESPACE = "spark-operator";

/** Service account of Spark drivers where nothing else is asked for, as Spark's own documentation has it. */
export const SPARK_SERVICE_ACCOUNT = "spark";

/**
 * Values of the Spark operator's chart.
 *
 * Certificates by cert-manager and the PodMonitor are the component's own: the chart refuses both where it does not see the
 * resource types, and it sees none, as it is rendered without a cluster.
 *
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/charts/spark-operator-chart/values.yaml
 */
export function sparkOperatorValues(args: SparkOperatorArgs): ChartValues {
  const { platform = {}, replicas = 2, jobNamespaces, serviceAccount = {}, webhook = {} } = args;
  const webhookReplicas = webhook.replicas ?? replicas;
  const create = serviceAccount.create ?? jobNamespaces !== undefined;
  const own = {
    fullnameOverride: "spark-operator",
    hook: { upgradeCrd: false },
    controller: {
      ...podValues(replicas, platform),
      workers: args.workers ?? 10,
      leaderElection: { enable: true },
      uiIngress: { enable: false },
      batchScheduler: batchSchedulerValues(args),
      resources: partResources(args.resources, { cpu: "100m", memory: "512Mi" }),
    },
    webhook: {
      ...podValues(webhookReplicas, platform),
      enable: true,
      leaderElection: { enable: true },
      failurePolicy: webhook.failurePolicy ?? OperatorFailurePolicy.fail,
      timeoutSeconds: webhook.timeoutSeconds ?? 10,
      resourceQuotaEnforcement: { enable: args.resourceQuotaEnforcement ?? true },
      resources: partResources(webhook.resources, { cpu: "100m", memory: "256Mi" }),
    },
    spark: {
      jobNamespaces: jobNamespaces ?? [],
      jobNamespaceSelector: args.jobNamespaceSelector ?? "",
      serviceAccount: {
        create,
        name: serviceAccount.name ?? SPARK_SERVICE_ACCOUNT,
        annotations: serviceAccount.annotations ?? {},
      },
      // Without accounts of its own, the chart would give the rights to an account that somebody else made.
      rbac: { create },
    },
    prometheus: { metrics: { enable: platform.prometheus ?? false } },
  };
  return withValues(own, args.values);
}

function podValues(replicas: number, platform: SparkOperatorArgs["platform"]) {
  return {
    replicas,
    nodeSelector: systemNodes(platform),
    // The chart fails where either is asked for with a single pod.
    podDisruptionBudget: { enable: replicas > 1, minAvailable: 1 },
    topologySpreadConstraints: replicas > 1 ? [spread()] : [],
  };
}

function batchSchedulerValues({ batchScheduler }: SparkOperatorArgs) {
  const { default: scheduler, kubeSchedulerNames } = batchScheduler ?? {};
  return compact({ enable: batchScheduler !== undefined, default: scheduler, kubeSchedulerNames });
}
