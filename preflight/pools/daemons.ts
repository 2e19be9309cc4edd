import {
  GPU_PRESENT_LABEL,
  NVIDIA_PCI_LABEL,
  nodeAt,
  podSetsOf,
  stringAt,
  type PodTemplate,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { daemonPod } from "../scheduling/daemon-pod";
import { emptyNodeObstacles } from "../scheduling/feasibility";
import type { SchedulableNode } from "../scheduling/node";
import type { SchedulablePod } from "../scheduling/pod";
import { amountOf } from "../scheduling/quantities";
import { EKS_DAEMONS, type EksDaemon } from "./eks-daemons";
import type { DaemonShare } from "./planned-pool";
import { KARPENTER_POOL_TYPE, NODE_GROUP_TYPE, type PoolSource } from "./pool-source";
import { isObject, objectName, objectNamespace, type StackIndex } from "./stack-index";

/** A DaemonSet of a stack with its pods. */
export interface Daemon {
  resource: PlannedResource;
  /** As reports call it. */
  title: string;
  pod: SchedulablePod;
  /** The same without what it asks for, which a pool has no more to give. */
  resident: SchedulablePod;
}

/** The DaemonSets that a stack declares. */
export function daemonsOf(stack: StackIndex): Daemon[] {
  return stack.resources
    .filter((resource) => isObject(resource, "apps", "DaemonSet"))
    .flatMap((resource) => {
      const [set] = podSetsOf(resource.properties);
      const namespace = objectNamespace(resource) ?? "";
      const template: PodTemplate | undefined = set?.template;
      if (template === undefined) return [];
      const title = `DaemonSet ${namespace}/${objectName(resource) ?? resource.name}`;
      const pod = daemonPod(template, { namespace });
      return [{ resource, title, pod, resident: { ...pod, requests: new Map<string, number>() } }];
    });
}

/**
 * Whether the pods of a DaemonSet run on a node that has room for them. On machines with GPUs the labels are taken to
 * be there by which NVIDIA's charts find them.
 */
export function runsOn({ pod }: Daemon, node: SchedulableNode, hasGpus: boolean): boolean {
  const found = hasGpus ? { [NVIDIA_PCI_LABEL]: "true", [GPU_PRESENT_LABEL]: "true" } : {};
  const bare = { ...pod, requests: new Map<string, number>(), volumes: [] };
  return emptyNodeObstacles(bare, { ...node, labels: { ...found, ...node.labels } }).length === 0;
}

/** What add-ons of EKS run on the nodes of a pool; nothing on nodes that are simulated or not of EKS. */
export function eksDaemonsOn({ makers: [maker] }: PoolSource, stack: StackIndex): DaemonShare[] {
  const isMade = maker?.type === NODE_GROUP_TYPE || maker?.type === KARPENTER_POOL_TYPE;
  if (!isMade) return [];
  const isAuto = stringAt(nodeAt(maker.properties, "spec.template.spec.nodeClassRef"), "group") === "eks.amazonaws.com";
  const addOns = new Set(
    stack.resources
      .filter(({ type }) => type === "aws:eks/addon:Addon")
      .map(({ properties }) => stringAt(properties, "addonName")),
  );
  const hasBase = !stack.resources.some(leavesBaseOut);
  return EKS_DAEMONS.filter(({ addOn, isBase, onAutoMode }) => {
    return (addOns.has(addOn) || (isBase && hasBase)) && (onAutoMode || !isAuto);
  }).map(shareOf);
}

/** Clusters that are told to bring no add-ons have those that the stack names. */
function leavesBaseOut({ type, properties }: PlannedResource): boolean {
  if (type !== "aws:eks/cluster:Cluster" && type !== "eks:index:Cluster") return false;
  return properties["bootstrapSelfManagedAddons"] === false;
}

function shareOf({ daemon, requests }: EksDaemon): DaemonShare {
  const amounts = Object.entries(requests).map(
    ([resource, quantity]) => [resource, amountOf(resource, quantity) ?? 0] as const,
  );
  return { daemon, requests: new Map([["pods", 1], ...amounts]) };
}
