import { compact } from "../../internal";
import type { PrometheusMetricArgs, ReplicaArgs } from "./replica-args";

/** Where the platform's `Monitoring` has Prometheus. */
const PLATFORM_PROMETHEUS = "http://kube-prometheus-stack-prometheus.monitoring.svc:9090";

const REPLICAS = 2;
const REPLICAS_WITH_GPUS = 1;
const CPU_PERCENT = 80;

/** Fewest and most pods; equal where nothing scales. */
export interface ReplicaRange {
  fewest: number;
  most: number;
}

/** Fewest and most pods of a service whose pods have so many GPUs. */
export function replicaRange({ replicas, maxReplicas }: ReplicaArgs, gpus: number): ReplicaRange {
  const fewest = replicas ?? (gpus > 0 ? REPLICAS_WITH_GPUS : REPLICAS);
  return { fewest, most: maxReplicas ?? fewest };
}

/** Use of the requested CPU to keep pods at; undefined where they scale by something else, or not at all. */
export function cpuTarget(args: ReplicaArgs, gpus: number, hasOther: boolean): number | undefined {
  const { fewest, most } = replicaRange(args, gpus);
  const isAsked = most > fewest && gpus === 0 && !hasOther;
  return args.cpuPercent ?? (isAsked ? CPU_PERCENT : undefined);
}

/** Address of Prometheus; the platform's own where none is given. */
export function prometheusAddress({ serverAddress }: PrometheusMetricArgs) {
  return serverAddress ?? PLATFORM_PROMETHEUS;
}

/**
 * The trigger of KEDA that a number of Prometheus is.
 *
 * @see https://keda.sh/docs/2.20/scalers/prometheus/
 */
export function prometheusTrigger(metric: PrometheusMetricArgs) {
  const { query, threshold, authentication } = metric;
  return compact({
    type: "prometheus",
    metadata: compact({
      serverAddress: prometheusAddress(metric),
      query,
      threshold: String(threshold),
      authModes: authentication?.mode,
    }),
    authenticationRef: authentication && { name: authentication.name },
  });
}
