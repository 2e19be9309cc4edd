import type * as k8s from "@pulumi/kubernetes";
import { compact, nonEmpty, renderToleration, type Toleration } from "../../internal";
import {
  EFA_LABEL,
  GPU_MODEL_LABEL,
  GPU_RESOURCE,
  gpuInstanceTypes,
  POOL_LABEL,
  type PoolShape,
  TaintEffect,
} from "../../model";
import { Closeness, type TopologyArgs } from "../object/queue-args";
import type { Hardware } from "./hardware";
import type { HardwareArgs } from "./hardware-args";

const MIB_PER_GIB = 1024;
const ARCHITECTURE_LABEL = "kubernetes.io/arch";

/**
 * Node labels by which the scheduler and Kueue tell how close nodes are.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instance-topology.html for the layers, of which the third is
 * nearest to the machine
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone (Kubernetes 1.36)
 */
export const TOPOLOGY_LABELS: Record<Closeness, string> = {
  [Closeness.node]: "kubernetes.io/hostname",
  [Closeness.rack]: "topology.k8s.aws/network-node-layer-3",
  [Closeness.zone]: "topology.kubernetes.io/zone",
};

/** Which nodes a pod may run on, as a pod spec says it. */
export interface Placement {
  nodeSelector?: Record<string, string>;
  tolerations?: ReturnType<typeof renderToleration>[];
  affinity?: k8s.types.input.core.v1.Affinity;
}

/** Which pods a pod keeps close to. */
export interface Neighbours {
  /** Labels that the pods of the workload have. */
  labels: Record<string, string>;
  /** How close; as far as the scheduler sees to it. */
  topology: TopologyArgs | undefined;
}

/** Derives placement from what is asked for, the pools that are known, and the other pods of the workload. */
export function placementOf(args: HardwareArgs, hardware: Hardware, neighbours?: Neighbours): Placement {
  const nodeAffinity = nodeAffinityOf(args, hardware);
  const podAffinity = neighbours && podAffinityOf(neighbours);
  return compact({
    nodeSelector: nodeSelectorOf(args),
    tolerations: nonEmpty(tolerationsOf(args, hardware).map(renderToleration)),
    affinity: nodeAffinity || podAffinity ? compact({ nodeAffinity, podAffinity }) : undefined,
  });
}

function nodeSelectorOf({ pool, architecture }: HardwareArgs): Record<string, string> | undefined {
  const selector = compact({ [POOL_LABEL]: pool, [ARCHITECTURE_LABEL]: architecture }) as Record<string, string>;
  return Object.keys(selector).length === 0 ? undefined : selector;
}

/**
 * The toleration of the GPU taint is written down although the admission plugin ExtendedResourceToleration would add it:
 * not every cluster has that switched on.
 */
function tolerationsOf(args: HardwareArgs, { gpus, pool, fitting = [] }: Hardware): Toleration[] {
  const gpuTaint = gpus > 0 ? [{ key: GPU_RESOURCE, effect: TaintEffect.noSchedule }] : [];
  const reachable = pool ? [pool] : gpus > 0 ? fitting : [];
  const ofPools = reachable.flatMap(({ taints }) => taints).filter(({ key }) => gpus === 0 || key !== GPU_RESOURCE);
  const all: Toleration[] = [...gpuTaint, ...ofPools, ...(args.tolerations ?? [])];
  return [...new Map(all.map((each) => [JSON.stringify(renderToleration(each)), each])).values()];
}

function nodeAffinityOf(args: HardwareArgs, { gpus, efa, fitting }: Hardware) {
  if (args.pool !== undefined || gpus === 0) return undefined;
  const matchExpressions = fitting
    ? [{ key: POOL_LABEL, operator: "In", values: fitting.map(({ name }: PoolShape) => name) }]
    : [
        ...gpuMemoryExpressions(args.gpuMemoryGib),
        ...(efa > 0 ? [{ key: EFA_LABEL, operator: "In", values: ["true"] }] : []),
      ];
  if (matchExpressions.length === 0) return undefined;
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } };
}

/** The models with as much memory; machines whose GPUs of such a model have less are left out by name. */
function gpuMemoryExpressions(gpuMemoryGib: number | undefined) {
  if (gpuMemoryGib === undefined) return [];
  const types = gpuInstanceTypes().filter(({ gpuCount }) => gpuCount > 0);
  const enough = types.filter(({ gpuMemoryMib }) => gpuMemoryMib >= gpuMemoryGib * MIB_PER_GIB);
  const models = [...new Set(enough.map(({ gpuModel }) => gpuModel))].sort();
  const tooSmall = types.filter((type) => models.includes(type.gpuModel) && !enough.includes(type));
  return [
    { key: GPU_MODEL_LABEL, operator: "In", values: models },
    ...(tooSmall.length === 0
      ? []
      : [
          {
            key: "node.kubernetes.io/instance-type",
            operator: "NotIn",
            values: tooSmall.map(({ instanceType }) => instanceType),
          },
        ]),
  ];
}

function podAffinityOf({ labels, topology }: Neighbours): k8s.types.input.core.v1.PodAffinity | undefined {
  if (topology === undefined || topology.byQueue === true) return undefined;
  const term = { labelSelector: { matchLabels: labels }, topologyKey: TOPOLOGY_LABELS[topology.level] };
  return topology.required === true
    ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: term }] };
}
