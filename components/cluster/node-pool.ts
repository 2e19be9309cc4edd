import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import {
  checkDnsLabel,
  checkEnum,
  checkLabelKey,
  checkLabelValue,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
} from "../internal";
import {
  CAPACITY_TYPE_LABEL,
  CapacityType,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  POOL_LABEL,
  type PoolShape,
} from "../model";
import { ClusterKind } from "./cluster";
import { createSimulatedNodes } from "./simulated-nodes";

/** The part of their arguments that all node pools share. */
export interface NodePoolArgs {
  /** Name of the pool, a DNS label; the component's name by default. Nodes are named after it. */
  poolName?: string;
  /** How the machines are bought; `on-demand` by default, as only that is never taken away. */
  capacityType?: CapacityType;
  /** Labels on every node, beside those the pool sets itself. */
  labels?: Record<string, string>;
  /**
   * Kind of the cluster that the nodes join, which decides how they are made; `local` (simulated nodes) by default.
   * An `existing` cluster brings its own nodes.
   */
  clusterKind?: ClusterKind;
}

/** How many nodes a pool may have, has at least, and starts with. */
export interface PoolScale {
  minNodes: number;
  maxNodes: number;
  desiredNodes: number;
}

/**
 * Most nodes of a pool: as many as Kubernetes supports in a whole cluster.
 *
 * @see https://kubernetes.io/docs/setup/best-practices/cluster-large/ "Considerations for large clusters" (1.35)
 */
export const MAX_NODES = 5000;

/** The smallest sound maxNodes for some other counts, so that a mistake in one of these is reported there alone. */
export function leastMaxNodes(...counts: number[]): number {
  return Math.min(Math.ceil(Math.max(1, ...counts)), MAX_NODES);
}

/** Makes the nodes of a pool, or whatever will make them. */
export type NodeBackEnd = (
  name: string,
  shape: PoolShape,
  desiredNodes: number,
  opts: pulumi.CustomResourceOptions,
) => k8s.core.v1.Node[];

const backEnds: Record<ClusterKind, NodeBackEnd | undefined> = {
  local: createSimulatedNodes,
  existing: undefined,
};

/** Makes the nodes of a pool in the way of the cluster's kind. */
export const createNodes = (kind: ClusterKind = ClusterKind.local, ...pool: Parameters<NodeBackEnd>) =>
  backEnds[kind]?.(...pool) ?? [];

/** Labels that every pool sets on its nodes itself. */
export function poolLabels(shape: Omit<PoolShape, "labels">): Record<string, string> {
  return {
    [POOL_LABEL]: shape.name,
    [CAPACITY_TYPE_LABEL]: shape.capacityType,
    "node.kubernetes.io/instance-type": shape.instanceType,
    "kubernetes.io/arch": shape.architecture,
    "kubernetes.io/os": "linux",
  };
}

/** Keys of labels that pools and their back ends set, and that users therefore must not. */
const ownLabels = [
  POOL_LABEL,
  CAPACITY_TYPE_LABEL,
  GPU_MODEL_LABEL,
  GPU_PRESENT_LABEL,
  "node.kubernetes.io/instance-type",
  "kubernetes.io/arch",
  "kubernetes.io/hostname",
  "kubernetes.io/os",
];

/** Checks what all node pools share; `leastNodes` is the smallest minNodes that makes sense for the pool. */
export function checkNodePool(name: string, args: NodePoolArgs, scale: PoolScale, leastNodes: number): InputProblem[] {
  const poolName = args.poolName ?? name;
  return [
    ...checkClusterKind(args.clusterKind),
    ...checkDnsLabel("poolName", poolName),
    ...checkNodeName(poolName, scale.maxNodes),
    ...checkScale(scale, leastNodes),
    ...checkEnum("capacityType", args.capacityType, CapacityType),
    ...checkLabels(args.labels ?? {}),
  ];
}

function checkClusterKind(kind: ClusterKind | undefined): InputProblem[] {
  if (kind === undefined || backEnds[kind] !== undefined) return [];
  const allowed = Object.values(ClusterKind).filter((each) => backEnds[each] !== undefined);
  const remedy = "Label and taint the nodes that such a cluster brings, and leave this pool out.";
  return [inputProblem("clusterKind", kind, allowed.join(", "), remedy)];
}

function checkNodeName(poolName: string, maxNodes: number): InputProblem[] {
  const lastNode = `${poolName}-${maxNodes - 1}`;
  if (poolName.length > 63 || lastNode.length <= 63) return [];
  const allowed = `at most ${63 - (lastNode.length - poolName.length)} characters, as nodes are named ${poolName}-0`;
  return [inputProblem("poolName", poolName, allowed, "Shorten it.")];
}

function checkScale({ minNodes, maxNodes, desiredNodes }: PoolScale, leastNodes: number): InputProblem[] {
  const problems = [
    ...checkWholeNumber("minNodes", minNodes, { min: leastNodes, max: MAX_NODES }),
    ...checkWholeNumber("maxNodes", maxNodes, { min: 1, max: MAX_NODES }),
  ];
  if (problems.length > 0) return problems;
  if (minNodes > maxNodes) {
    return [inputProblem("minNodes", minNodes, `at most maxNodes, ${maxNodes}`, "Lower minNodes or raise maxNodes.")];
  }
  return checkWholeNumber("desiredNodes", desiredNodes, { min: minNodes, max: maxNodes });
}

function checkLabels(labels: Record<string, string>): InputProblem[] {
  return Object.entries(labels).flatMap(([key, value]) => {
    const at = `labels["${key}"]`;
    if (ownLabels.includes(key)) {
      return [inputProblem(at, value, "only what the pool itself sets there", "Remove the label.")];
    }
    return [...checkLabelKey(at, key), ...checkLabelValue(at, value)];
  });
}
