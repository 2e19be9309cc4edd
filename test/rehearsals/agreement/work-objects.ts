import { POOL_LABEL } from "../../../components/model";
import type { Manifest } from "../../preflight/placement-differential/stack";
import { poolName, TOLERATION, WORLD_LABEL } from "./pool-objects";
import type { Pods, Work } from "./world";

/** Name of the workload in each world. */
export const WORK = "work";

/** The workload of a world. */
export function workOf(work: Work, world: string): Manifest {
  const { kind, sets, queue, leastPods } = work;
  const metadata = {
    name: WORK,
    namespace: world,
    labels: { app: WORK, ...(queue !== undefined && { "kueue.x-k8s.io/queue-name": queue }) },
    ...(leastPods !== undefined && { annotations: { "kueue.x-k8s.io/job-min-parallelism": String(leastPods) } }),
  };
  const [first] = sets;
  const template = (set: Pods, restartPolicy: string) => templateOf(set, restartPolicy, world);
  switch (kind) {
    case "Pod":
      return {
        apiVersion: "v1",
        kind,
        metadata: { ...metadata, annotations: HELD },
        spec: template(first!, "Never").spec,
      };
    case "Deployment":
    case "StatefulSet":
      return {
        apiVersion: "apps/v1",
        kind,
        metadata,
        spec: {
          replicas: first!.count,
          selector: { matchLabels: { app: WORK } },
          template: template(first!, "Always"),
          ...(kind === "StatefulSet" && { serviceName: WORK, podManagementPolicy: "Parallel" }),
        },
      };
    case "Job":
    case "Indexed Job":
      return {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata,
        spec: { ...jobSpec(first!, kind === "Indexed Job"), template: template(first!, "Never") },
      };
    case "JobSet":
      return {
        apiVersion: "jobset.x-k8s.io/v1alpha2",
        kind,
        metadata,
        spec: {
          replicatedJobs: sets.map((set, index) => ({
            name: roleName(index),
            replicas: 1,
            template: { spec: { ...jobSpec(set, true), template: template(set, "Never") } },
          })),
        },
      };
  }
}

/** Name of a replicated job of a JobSet. */
export function roleName(index: number): string {
  return `role-${index}`;
}

function jobSpec({ count }: Pods, isIndexed: boolean) {
  return {
    parallelism: count,
    completions: count,
    backoffLimit: 0,
    ...(isIndexed && { completionMode: "Indexed" }),
  };
}

/** Pods run until they are told to end. */
const HELD = { "mlstack.dev/simulate": "run" };

function templateOf({ requests, tolerates, pool, apart }: Pods, restartPolicy: string, world: string) {
  const { "nvidia.com/gpu": gpus, ...others } = requests;
  const labelSelector = { matchLabels: { app: WORK } };
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector };
  return {
    metadata: { labels: { app: WORK }, annotations: HELD },
    spec: {
      restartPolicy,
      nodeSelector: { [WORLD_LABEL]: world, ...(pool !== undefined && { [POOL_LABEL]: poolName(world, pool) }) },
      ...(tolerates && { tolerations: [TOLERATION] }),
      ...(apart === "one per node" && {
        affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
      }),
      ...(apart === "even" && {
        topologySpreadConstraints: [{ ...term, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule" }],
      }),
      containers: [
        {
          name: "main",
          image: "registry.example.com/work:1",
          resources: { requests: others, ...(gpus !== undefined && { limits: { "nvidia.com/gpu": gpus } }) },
        },
      ],
    },
  };
}
