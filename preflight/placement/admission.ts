import type { PlannedPool } from "../pools/planned-pool";
import { ClusterState } from "../scheduling/cluster-state";
import { hostPortObstacle } from "../scheduling/filters/host-ports";
import { namedNodesObstacle, nodeAffinityObstacle } from "../scheduling/filters/node-affinity";
import { nodeNameObstacle } from "../scheduling/filters/node-name";
import { affinityLabelObstacle, podAffinityObstacle } from "../scheduling/filters/pod-affinity";
import { cordonObstacle, taintObstacle } from "../scheduling/filters/taints";
import { spreadLabelObstacle } from "../scheduling/filters/topology-spread";
import { volumeObstacle } from "../scheduling/filters/volumes";
import type { SchedulableNode } from "../scheduling/node";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { SchedulablePod } from "../scheduling/pod";
import type { NamespaceLabels } from "../scheduling/pod-terms";
import { nodeOf, nodesIn, zoneOfNode, type Ground } from "./ground";
import { gpuMemoryObstacle } from "./gpu-memory";
import { choiceOf, labelled, type LabelChoice } from "./label-choice";
import { isNamed } from "./named-pods";
import { NAMED_NODES } from "./node-names";
import { concerns, withResidents } from "./residents";
import { openLabel } from "./unknowns";

/** Whether a pool lets pods in, before it is asked what it has left for them. */
export interface Admission {
  /** Zones, by their place among those of the pool, in which a node may be. */
  zones: readonly number[];
  /** Nodes that the pods may be on when the pool is at its largest. */
  nodes: number;
  /** Why none of its nodes lets them in; empty where some do. Pools that refuse for the same reasons share the list. */
  obstacles: readonly Obstacle[];
  /** A label that the pods select by and nodes may have beside those that are known; absent where none decides. */
  openLabel?: string;
  /** Labels that its new nodes get because the pods select by them; absent where the pods choose none. */
  choice?: LabelChoice;
}

const NONE: readonly Obstacle[] = [];

/** Every filter that looks at nothing but the node; the scheduler asks them one by one up to the first that refuses. */
const FILTERS: readonly ((pod: SchedulablePod, node: SchedulableNode) => Obstacle | undefined)[] = [
  cordonObstacle,
  nodeNameObstacle,
  taintObstacle,
  (pod, node) => namedNodesObstacle(pod, node) ?? nodeAffinityObstacle(pod, node),
  volumeObstacle,
  spreadLabelObstacle,
  affinityLabelObstacle,
];

/** Whether each pool lets a pod in. */
export function admissionsOf(
  pod: SchedulablePod,
  gpuMemory: number | undefined,
  grounds: readonly Ground[],
  namespaceLabels?: NamespaceLabels,
): Admission[] {
  const byName = isNamed(pod);
  const shared = new Map<string, readonly Obstacle[]>();
  return grounds.map((ground) => {
    const choice = choiceOf(pod, ground.pool);
    const decided = (byName ? admissionByName : admissionByZone)(pod, ground, choice, namespaceLabels);
    const admission = choice === undefined ? decided : { ...decided, choice };
    const tooSmall = gpuMemoryObstacle(gpuMemory, ground.pool.shape);
    if (tooSmall === undefined && admission.obstacles.length === 0) return admission;
    const label = openLabel(pod, ground.sites[0]!, ground.pool);
    return {
      ...(tooSmall === undefined ? admission : CLOSED),
      obstacles: oneOf(shared, tooSmall === undefined ? admission.obstacles : [...admission.obstacles, tooSmall]),
      ...(label === undefined ? {} : { openLabel: label }),
    };
  });
}

const CLOSED: Pick<Admission, "zones" | "nodes"> = { zones: [], nodes: 0 };

/** The list of the same obstacles that was seen first. */
function oneOf(shared: Map<string, readonly Obstacle[]>, obstacles: readonly Obstacle[]): readonly Obstacle[] {
  const key = obstacles.map(({ kind, subject = "", left = "" }) => `${kind} ${subject} ${left}`).join("\n");
  const known = shared.get(key);
  if (known !== undefined) return known;
  shared.set(key, obstacles);
  return obstacles;
}

function admissionByZone(
  pod: SchedulablePod,
  ground: Ground,
  choice: LabelChoice | undefined,
  namespaceLabels?: NamespaceLabels,
): Admission {
  const zones: number[] = [];
  let least: readonly Obstacle[] | undefined;
  ground.sites.forEach((site, zone) => {
    const obstacles = obstaclesAt(pod, labelled(site, choice), ground.pool, namespaceLabels);
    if (obstacles.length === 0) zones.push(zone);
    else if (least === undefined || obstacles.length < least.length) least = obstacles;
  });
  return { zones, nodes: nodesIn(ground, zones), obstacles: zones.length > 0 ? NONE : (least ?? NONE) };
}

function admissionByName(
  pod: SchedulablePod,
  ground: Ground,
  choice: LabelChoice | undefined,
  namespaceLabels?: NamespaceLabels,
): Admission {
  const zones = new Set<number>();
  let nodes = 0;
  let least: readonly Obstacle[] | undefined;
  for (let number = 1; number <= Math.min(ground.maxNodes, NAMED_NODES); number++) {
    const zone = zoneOfNode(ground, number);
    const node = labelled(nodeOf(ground.pool, zone, number), choice);
    const obstacles = obstaclesAt(pod, node, ground.pool, namespaceLabels);
    if (obstacles.length > 0) {
      if (least === undefined || obstacles.length < least.length) least = obstacles;
      continue;
    }
    nodes += 1;
    zones.add(zone);
  }
  return { zones: [...zones], nodes, obstacles: nodes > 0 ? NONE : (least ?? [notThere]) };
}

function obstaclesAt(
  pod: SchedulablePod,
  node: SchedulableNode,
  { residents }: PlannedPool,
  namespaceLabels: NamespaceLabels | undefined,
): readonly Obstacle[] {
  let obstacles: Obstacle[] | undefined;
  for (const filter of FILTERS) {
    const obstacle = filter(pod, node);
    if (obstacle !== undefined) (obstacles ??= []).push(obstacle);
  }
  const lasting = residents === undefined ? undefined : residentObstacle(pod, node, residents, namespaceLabels);
  if (lasting !== undefined) (obstacles ??= []).push(lasting);
  return obstacles ?? NONE;
}

/** Why a pod cannot be on the same node as pods of DaemonSets. */
function residentObstacle(
  pod: SchedulablePod,
  node: SchedulableNode,
  residents: readonly SchedulablePod[],
  namespaceLabels: NamespaceLabels | undefined,
): Obstacle | undefined {
  const concerned = residents.filter((resident) => concerns(resident, pod));
  if (concerned.length === 0) return undefined;
  const state = withResidents(new ClusterState([node], namespaceLabels), node, concerned);
  return hostPortObstacle(pod, state.hostPortsOn(node)) ?? podAffinityObstacle({ ...pod, affinity: [] }, node, state);
}

/** Of pools that can have no node at all. */
const notThere: Obstacle = { kind: ObstacleKind.nodeName, message: "node(s) didn't match the requested node name" };
