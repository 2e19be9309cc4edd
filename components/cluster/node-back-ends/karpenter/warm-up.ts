import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { renderToleration } from "../../../internal";
import { POOL_LABEL, type PoolSchedule, type PoolShape, scheduleCron } from "../../../model";
import { IMAGES } from "../../../model/images";
import { POD_SECURITY_VERSION } from "../../../model/versions";
import { shortName } from "./object-names";
import type { PoolPlan } from "../pool-plan";

/**
 * Priority of placeholders: below every pod that says nothing, and not below the cutoff under which the Cluster Autoscaler
 * leaves pods waiting.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.35.2/cluster-autoscaler/FAQ.md
 * "expendable-pods-priority-cutoff"
 */
const PLACEHOLDER_PRIORITY = -10;

/** Names of CronJobs leave room for the time in the names of their Jobs. @see Kubernetes 1.36, CronJob limitations */
const LONGEST_CRON_JOB_NAME = 52;

const LONGEST_LABEL = 63;

/** Seconds after its time in which a CronJob may still start, where the control plane was away. */
const STARTING_DEADLINE_SECONDS = 600;

/** How often a placeholder is made anew that a node turned down, for example because its GPUs were not ready yet. */
const RETRIES = 3;

/** Name of the namespace, and of the priority class, that hold a pool's placeholders. */
export function warmUpName({ name }: Pick<PoolShape, "name">): string {
  return shortName(`${name}-warm-up`, LONGEST_LABEL);
}

/**
 * The CronJob that keeps nodes of a pool ready for the hours of a schedule.
 *
 * It starts a placeholder for each node, which asks for all GPUs of one and does nothing, so that the autoscaler starts the
 * machines. Work that needs the GPUs takes a placeholder's place at once, as anything has a higher priority; the placeholder
 * is not made anew, since that would start one more machine. The same holds for one whose node is lost. From then on the
 * node goes like any other: when it is empty. What is left ends with the hours.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/job/ "Backoff limit per index", "Pod failure policy" (1.36)
 */
export function warmUpManifest(shape: PoolShape, schedule: PoolSchedule) {
  const { up, timeZone, minutes } = scheduleCron(schedule);
  const labels = { "app.kubernetes.io/name": "warm-up", [POOL_LABEL]: shape.name };
  return {
    apiVersion: "batch/v1" as const,
    kind: "CronJob" as const,
    metadata: { name: shortName(schedule.name, LONGEST_CRON_JOB_NAME), namespace: warmUpName(shape), labels },
    spec: {
      schedule: up,
      timeZone,
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: STARTING_DEADLINE_SECONDS,
      // Every one ends as failed, namely at its deadline, which is nothing to look at.
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 0,
      jobTemplate: {
        metadata: { labels },
        spec: {
          completionMode: "Indexed",
          completions: schedule.nodes,
          parallelism: schedule.nodes,
          activeDeadlineSeconds: minutes * 60,
          backoffLimitPerIndex: RETRIES,
          podFailurePolicy: {
            rules: [{ action: "FailIndex", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
          },
          template: placeholder(shape, labels),
        },
      },
    },
  };
}

/**
 * Creates what a pool's schedules need: one namespace and priority class, and a CronJob for each; nothing where there are
 * no schedules.
 */
export function createWarmUps({ name, shape, nodes }: PoolPlan, opts: pulumi.CustomResourceOptions): void {
  if (nodes.schedules.length === 0) return;
  const namespace = new k8s.core.v1.Namespace(
    `${name}-warm-up-namespace`,
    { metadata: { name: warmUpName(shape), labels: restrictedPods } },
    opts,
  );
  const priorityClass = new k8s.scheduling.v1.PriorityClass(
    `${name}-warm-up-priority`,
    {
      metadata: { name: warmUpName(shape) },
      value: PLACEHOLDER_PRIORITY,
      preemptionPolicy: "Never",
      globalDefault: false,
      description: `Placeholders that keep nodes of pool ${shape.name} ready; any other pod takes their place.`,
    },
    opts,
  );
  for (const schedule of nodes.schedules) {
    new k8s.batch.v1.CronJob(`${name}-warm-up-${schedule.name}`, warmUpManifest(shape, schedule), {
      ...opts,
      dependsOn: [namespace, priorityClass],
    });
  }
}

const restrictedPods = {
  "pod-security.kubernetes.io/enforce": "restricted",
  "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
};

function placeholder(shape: PoolShape, labels: Record<string, string>): k8s.types.input.core.v1.PodTemplateSpec {
  return {
    // Karpenter would otherwise move a placeholder to a cheaper machine, which ends it.
    metadata: { labels, annotations: { "karpenter.sh/do-not-disrupt": "true" } },
    spec: {
      restartPolicy: "Never",
      priorityClassName: warmUpName(shape),
      terminationGracePeriodSeconds: 5,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      nodeSelector: { [POOL_LABEL]: shape.name },
      tolerations: shape.taints.map(renderToleration),
      securityContext: { runAsNonRoot: true, runAsUser: 65_535, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "placeholder",
          image: IMAGES.pause,
          resources: resourcesOf(shape),
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
    },
  };
}

function resourcesOf({ gpuResource, gpusPerNode }: PoolShape) {
  const devices = gpuResource === undefined ? {} : { [gpuResource]: String(gpusPerNode) };
  return { requests: { cpu: "10m", memory: "16Mi", ...devices }, limits: { memory: "16Mi", ...devices } };
}
