import type { PodTemplate } from "../../../components/model";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { schedulerMessage } from "../scheduling/scheduler-message";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { NodeTerm, SchedulablePod } from "../../../preflight/scheduling/pod";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";
import { amountOf } from "../../../preflight/scheduling/quantities";
import { CLAIMS, NAMESPACES, NO_DEVICE, RUNTIME_CLASSES } from "./cluster-objects";
import { AFTERMATH, REASONS } from "./reasons";
import type { Decision, RecordedWorld, WorldNode, WorldPod } from "./world";

/** A pod of which our filters say something else than the scheduler said. */
export interface Disagreement {
  /** Which pod of the world it is, from 0. */
  index: number;
  scheduler: string;
  ours: string;
}

/** Replays a world, each pod in the state that the scheduler met, and compares what it said with what our filters say. */
export function disagreementsIn({ world, decisions }: RecordedWorld): Disagreement[] {
  const nodes = new Map(world.nodes.map((node) => [node.name, nodeOf(node)]));
  const state = new ClusterState(nodes.values(), namespaceLabels);
  // Pods of one workload are one object, as they are in a plan.
  const known = new Map<string, SchedulablePod>();
  const podOf = (pod: WorldPod) => {
    const key = JSON.stringify(pod);
    const read = known.get(key) ?? readPod(pod);
    known.set(key, read);
    return read;
  };
  for (const { node, pod } of world.placed) state.place(podOf(pod), nodes.get(node)!);

  return decisions.flatMap((decision, index) => {
    const pod = podOf(world.pods[index]!);
    const difference = differenceOn(pod, decision, nodes, state);
    if (world.grows && "node" in decision) state.place(pod, nodes.get(decision.node)!);
    return difference === undefined ? [] : [{ index, ...difference }];
  });
}

function differenceOn(
  pod: SchedulablePod,
  decision: Decision,
  nodes: ReadonlyMap<string, SchedulableNode>,
  state: ClusterState,
): Omit<Disagreement, "index"> | undefined {
  const all = [...nodes.values()];
  const miscalled = all
    .flatMap((node) => obstaclesOf(pod, node, state))
    .find(({ kind, message }) => REASONS[message]?.kind !== kind);
  if (miscalled !== undefined) {
    const { kind, message } = miscalled;
    return { scheduler: `${message}: ${REASONS[message]?.kind ?? "never said"}`, ours: `${message}: ${kind}` };
  }
  if ("message" in decision) {
    const scheduler = decision.message.replace(AFTERMATH, "");
    const ours = schedulerMessage(pod, all, state) ?? everywhere(pod, all, state);
    return scheduler === ours ? undefined : { scheduler, ours };
  }
  const obstacles = obstaclesOf(pod, nodes.get(decision.node)!, state);
  if (obstacles.length > 0) {
    const ours = obstacles.map(({ message }) => message).join(", ");
    return { scheduler: `runs on ${decision.node}`, ours: `${decision.node}: ${ours}` };
  }
  if (decision.everywhere === undefined) return undefined;
  const scheduler = decision.everywhere.replace(AFTERMATH, "");
  const ours = everywhere(pod, all, state);
  return scheduler === ours ? undefined : { scheduler, ours };
}

/** What the scheduler says of all nodes for a pod that asks for a device besides, which no node has. */
function everywhere(pod: SchedulablePod, nodes: readonly SchedulableNode[], state: ClusterState): string {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    const messages = obstaclesOf(pod, node, state).map(({ message }) => message);
    for (const message of messages.length === 0 ? [NO_DEVICE.message] : messages) {
      counts.set(message, (counts.get(message) ?? 0) + 1);
    }
  }
  const reasons = [...counts].map(([message, count]) => `${count} ${message}`);
  return `0/${nodes.length} nodes are available: ${reasons.sort().join(", ")}.`;
}

function nodeOf({ name, labels, taints, allocatable, unschedulable = false }: WorldNode): SchedulableNode {
  const amounts = Object.entries(allocatable).map(
    ([resource, quantity]) => [resource, amountOf(resource, quantity)!] as const,
  );
  return { name, labels, taints, allocatable: new Map(amounts), unschedulable };
}

/** A pod as its creator writes it, with what admission adds from its RuntimeClass. */
function readPod({ namespace, labels, spec }: WorldPod): SchedulablePod {
  const overhead = RUNTIME_CLASSES[String(spec["runtimeClassName"])];
  const template: PodTemplate = { metadata: { labels }, spec: { ...spec, ...(overhead && { overhead }) } };
  return schedulablePod(template, { namespace, volumes: reachOf });
}

function reachOf(claim: string): NodeTerm[] | undefined {
  return CLAIMS[claim]?.map(({ matchExpressions }) => ({
    expressions: matchExpressions.map(({ key, operator, values = [] }) => ({ key, operator, values })),
    fields: [],
  }));
}

function namespaceLabels(namespace: string): Record<string, string> {
  return { ...NAMESPACES[namespace], "kubernetes.io/metadata.name": namespace };
}
