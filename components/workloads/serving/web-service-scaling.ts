import { compact } from "../../internal";
import type { Manifest } from "../object";
import { MAIN_CONTAINER } from "../pods";
import { cpuTarget, prometheusTrigger, replicaRange } from "./replicas";
import { MemoryScalingMode, type WebServiceArgs } from "./web-service-args";

/** What has the number of pods follow a metric; undefined where nothing scales. */
export function podAutoscaler(
  args: WebServiceArgs,
  metadata: Manifest["metadata"],
  gpus: number,
): Manifest | undefined {
  const { fewest, most } = replicaRange(args, gpus);
  if (most <= fewest) return undefined;
  const { prometheus, podMetric } = args;
  const cpu = cpuTarget(args, gpus, (prometheus ?? podMetric) !== undefined);
  return prometheus === undefined ? horizontal(args, metadata, cpu, gpus) : scaledObject(args, metadata, cpu, gpus);
}

/**
 * Goes by the container's own CPU, as that of a mesh's proxy would count too.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#container-resource-metrics (1.36)
 */
function horizontal(
  args: WebServiceArgs,
  metadata: Manifest["metadata"],
  cpu: number | undefined,
  gpus: number,
): Manifest {
  const { fewest, most } = replicaRange(args, gpus);
  const { podMetric } = args;
  const ofCpu = cpu !== undefined && {
    type: "ContainerResource",
    containerResource: {
      name: "cpu",
      container: MAIN_CONTAINER,
      target: { type: "Utilization", averageUtilization: cpu },
    },
  };
  const ofPods = podMetric !== undefined && {
    type: "Pods",
    pods: { metric: { name: podMetric.name }, target: { type: "AverageValue", averageValue: podMetric.average } },
  };
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata,
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: metadata.name },
      minReplicas: fewest,
      maxReplicas: most,
      metrics: [ofCpu, ofPods].filter((metric) => metric !== false),
    },
  };
}

/** @see https://keda.sh/docs/2.20/reference/scaledobject-spec/ */
function scaledObject(
  args: WebServiceArgs,
  metadata: Manifest["metadata"],
  cpu: number | undefined,
  gpus: number,
): Manifest {
  const { fewest, most } = replicaRange(args, gpus);
  const ofCpu = {
    type: "cpu",
    metricType: "Utilization",
    metadata: { value: String(cpu), containerName: MAIN_CONTAINER },
  };
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata,
    spec: {
      scaleTargetRef: { name: metadata.name },
      minReplicaCount: fewest,
      maxReplicaCount: most,
      triggers: [prometheusTrigger(args.prometheus!), ...(cpu === undefined ? [] : [ofCpu])],
    },
  };
}

/**
 * Has memory alone follow what pods use: the number of pods may follow their CPU, and two that pull at one thing never rest.
 *
 * @see https://github.com/kubernetes/autoscaler/blob/vertical-pod-autoscaler-1.7.1/vertical-pod-autoscaler/docs/known-limitations.md
 */
export function memoryAutoscaler(
  { memoryScaling }: WebServiceArgs,
  metadata: Manifest["metadata"],
): Manifest | undefined {
  if (memoryScaling === undefined) return undefined;
  const { maxMemory, minMemory, mode = MemoryScalingMode.inPlaceOrRecreate } = memoryScaling;
  const policy = compact({
    containerName: MAIN_CONTAINER,
    controlledResources: ["memory"],
    controlledValues: "RequestsAndLimits",
    minAllowed: minMemory === undefined ? undefined : { memory: minMemory },
    maxAllowed: { memory: maxMemory },
  });
  return {
    apiVersion: "autoscaling.k8s.io/v1",
    kind: "VerticalPodAutoscaler",
    metadata,
    spec: {
      targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: metadata.name },
      updatePolicy: { updateMode: mode },
      resourcePolicy: { containerPolicies: [policy, { containerName: "*", mode: "Off" }] },
    },
  };
}
