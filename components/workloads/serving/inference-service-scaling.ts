import { type InferenceServiceArgs, ServingMode, type ServingStepArgs } from "./inference-service-args";
import { cpuTarget, prometheusAddress, replicaRange } from "./replicas";

/** What scales pods in the mode `Standard`, as annotations of KServe spell it. */
export const AutoscalerClass = { none: "none", hpa: "hpa", keda: "keda" } as const;
/** What scales pods in the mode `Standard`, as annotations of KServe spell it. */
export type AutoscalerClass = (typeof AutoscalerClass)[keyof typeof AutoscalerClass];

/** What scales the pods of a model. */
export function autoscalerClass(args: InferenceServiceArgs): AutoscalerClass {
  const { fewest, most } = replicaRange(args, args.gpus ?? 0);
  if (most <= fewest) return AutoscalerClass.none;
  return args.prometheus === undefined ? AutoscalerClass.hpa : AutoscalerClass.keda;
}

/** What the pods of a model scale by. */
export function scalingOf(args: InferenceServiceArgs): object {
  return args.mode === ServingMode.knative ? byKnative(args) : byMetrics(args);
}

/** What the pods of a step scale by, and what scales them: in the mode `Standard`, not what scales those of the model. */
export function stepScaling(step: ServingStepArgs, mode: ServingMode): { scaling: object; class?: object } {
  const { fewest, most } = replicaRange(step, step.gpus ?? 0);
  if (mode === ServingMode.knative) return { scaling: {} };
  const cpu = cpuTarget(step, step.gpus ?? 0, false);
  const isScaled = most > fewest && cpu !== undefined;
  return {
    scaling: isScaled ? { autoScaling: { metrics: [resource("cpu", cpu)] } } : {},
    class: { "serving.kserve.io/autoscalerClass": isScaled ? AutoscalerClass.hpa : AutoscalerClass.none },
  };
}

/** @see https://knative.dev/docs/serving/autoscaling/autoscaling-metrics/ (1.21) */
function byKnative({ concurrency, requestsPerSecond }: InferenceServiceArgs): object {
  if (requestsPerSecond !== undefined) return { scaleMetric: "rps", scaleTarget: requestsPerSecond };
  return concurrency === undefined ? {} : { scaleMetric: "concurrency", scaleTarget: concurrency };
}

function byMetrics(args: InferenceServiceArgs): object {
  const { prometheus, memoryPercent, gpus = 0 } = args;
  if (autoscalerClass(args) === AutoscalerClass.none) return {};
  const cpu = cpuTarget(args, gpus, prometheus !== undefined || memoryPercent !== undefined);
  const metrics = [
    ...(cpu === undefined ? [] : [resource("cpu", cpu)]),
    ...(memoryPercent === undefined ? [] : [resource("memory", memoryPercent)]),
    ...(prometheus === undefined ? [] : [external(prometheus)]),
  ];
  return { autoScaling: { metrics } };
}

function resource(name: "cpu" | "memory", averageUtilization: number) {
  return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
}

function external(metric: NonNullable<InferenceServiceArgs["prometheus"]>) {
  const { query, threshold, authentication } = metric;
  return {
    type: "External",
    external: {
      metric: { backend: "prometheus", serverAddress: prometheusAddress(metric), query },
      target: { type: "Value", value: String(threshold) },
      ...(authentication === undefined
        ? {}
        : { authenticationRef: { authModes: authentication.mode, authenticationRef: { name: authentication.name } } }),
    },
  };
}
