import type { PlannedPool } from "../pools/planned-pool";
import { labelOf, meets } from "../scheduling/label-matching";
import type { SchedulableNode } from "../scheduling/node";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { LabelRequirement, SchedulablePod } from "../scheduling/pod";
import { amountText, bareAmount } from "./amount-text";
import { GPU_MEMORY } from "./gpu-memory";
import type { FlavorLabel } from "./flavored-pods";
import type { Subject } from "./subject";
import { nodeAmount } from "./node-amount";
import { joined, poolTitle } from "./pool-words";

/** What is told of an obstacle: what the pods want, and what there is of it. */
interface Meeting {
  obstacle: Obstacle;
  pod: SchedulablePod;
  flavorLabels: readonly FlavorLabel[];
  node: SchedulableNode;
  pool: PlannedPool;
}

/** Why an empty node of a pool takes no pod of a set, each reason as part of a sentence about the pods. */
export function obstacleWords(
  obstacles: readonly Obstacle[],
  { pod, flavorLabels }: Pick<Subject, "pod" | "flavorLabels">,
  node: SchedulableNode,
  pool: PlannedPool,
): string[] {
  return obstacles.map((obstacle) => WORDS[obstacle.kind]({ obstacle, pod, flavorLabels, node, pool }));
}

const WORDS: Record<ObstacleKind, (meeting: Meeting) => string> = {
  [ObstacleKind.nodeName]: ({ pod, pool }) => `names the node ${pod.nodeName}, which is not of ${poolTitle(pool)}`,
  [ObstacleKind.unschedulable]: ({ pool }) => `the nodes of ${poolTitle(pool)} are cordoned and take no new pods`,
  [ObstacleKind.taint]: ({ obstacle, pool }) => `does not tolerate the taint ${obstacle.subject} of ${poolTitle(pool)}`,
  [ObstacleKind.nodeAffinity]: selectionWords,
  [ObstacleKind.hostPort]: ({ pool }) => `takes a port of the node that is taken on ${poolTitle(pool)}`,
  [ObstacleKind.tooManyPods]: resourceWords,
  [ObstacleKind.resource]: resourceWords,
  [ObstacleKind.volumeZone]: volumeWords,
  [ObstacleKind.topologySpread]: ({ obstacle, pool }) =>
    `would be spread too unevenly over ${topologyNoun(obstacle.subject)} in ${poolTitle(pool)}`,
  [ObstacleKind.topologySpreadLabel]: ({ obstacle, pool }) =>
    `is spread by the label ${obstacle.subject}, which nodes of ${poolTitle(pool)} do not have`,
  [ObstacleKind.podAffinity]: ({ obstacle, pool }) =>
    `must share ${topologyNoun(obstacle.subject, 1)} with pods that cannot be beside it in ${poolTitle(pool)}`,
  [ObstacleKind.podAntiAffinity]: ({ obstacle, pool }) =>
    `must not share ${topologyNoun(obstacle.subject, 1)} with pods that are in ${poolTitle(pool)}`,
  [ObstacleKind.existingAntiAffinity]: ({ pool }) => `is kept away by the anti-affinity of pods in ${poolTitle(pool)}`,
};

/** Labels of nodes that have a name in people's words. */
const LABEL_NOUNS = new Map<string, string>([
  ["kubernetes.io/arch", "architecture"],
  ["topology.kubernetes.io/zone", "zone"],
  ["topology.kubernetes.io/region", "region"],
  ["node.kubernetes.io/instance-type", "instance type"],
  ["mlstack.dev/gpu-model", "GPU model"],
  ["nvidia.com/gpu.product", "GPU model"],
  ["nvidia.com/gpu.memory", "memory of a GPU in MiB"],
  ["karpenter.k8s.aws/instance-gpu-memory", "memory of a GPU in MiB"],
  ["eks.amazonaws.com/instance-gpu-memory", "memory of a GPU in MiB"],
  ["mlstack.dev/capacity-type", "capacity type"],
  ["karpenter.sh/capacity-type", "capacity type"],
]);

/** By this pods are told from each other that say in `spec.os` what they are for, or select nodes so. */
const OS_LABEL = "kubernetes.io/os";

const TOPOLOGY_NOUNS = new Map<string, readonly [one: string, several: string]>([
  ["kubernetes.io/hostname", ["a node", "nodes"]],
  ["topology.kubernetes.io/zone", ["a zone", "zones"]],
]);

/** What a topology key divides nodes into: `nodes`, `zones`. */
export function topologyNoun(key = "", count = 2): string {
  const [one, several] = TOPOLOGY_NOUNS.get(key) ?? [`a value of ${key}`, `values of ${key}`];
  return count === 1 ? one : several;
}

function resourceWords({ obstacle: { subject = "", asked = 0, left = 0 }, pool }: Meeting): string {
  if (subject === GPU_MEMORY) {
    const [wanted, there] = [bareAmount("memory", asked, "up"), bareAmount("memory", left, "down")];
    return `asks for GPUs with ${wanted} of memory each, and those of ${poolTitle(pool)} have ${there}`;
  }
  const wanted = amountText(subject, asked, "up");
  const there = left > 0 ? nodeAmount(subject, left, pool) : "none";
  return `asks for ${wanted}, of which a node of ${poolTitle(pool)} has ${there}`;
}

function selectionWords({ pod, flavorLabels, node, pool }: Meeting): string {
  const unmet = pod.nodeSelector.find(([key, value]) => labelOf(node.labels, key) !== value);
  if (unmet !== undefined) {
    const [key, value] = unmet;
    const there = labelOf(node.labels, key);
    if (key === OS_LABEL && there !== undefined) {
      return `is for ${value}, and nodes of ${poolTitle(pool)} run ${there}, whose kubelets refuse such pods`;
    }
    const by = flavorLabels.find((label) => label.key === key && label.value === value);
    const who = by === undefined ? SELECTS : `its ResourceFlavor ${by.flavor} is of nodes`;
    return `${selects({ key, operator: "In", values: [value] }, who)}, and nodes of ${poolTitle(pool)} ${have(key, node)}`;
  }
  const alternatives = (pod.nodeTerms ?? []).map(({ expressions }) =>
    expressions.filter((requirement) => !meets(requirement, node.labels)),
  );
  const [closest = []] = alternatives.filter(({ length }) => length > 0).sort((a, b) => a.length - b.length);
  const [first] = closest;
  if (first === undefined) return `has a node affinity that no node of ${poolTitle(pool)} matches`;
  return `${selects(first)}, and nodes of ${poolTitle(pool)} ${have(first.key, node)}`;
}

const OPERATORS: Record<LabelRequirement["operator"], (label: string, values: string) => string> = {
  In: (label, values) => `${label} ${values}`,
  NotIn: (label, values) => `${label} other than ${values}`,
  Exists: (label) => `${label} of any value`,
  DoesNotExist: (label) => `no ${label}`,
  Gt: (label, values) => `${label} above ${values}`,
  Lt: (label, values) => `${label} below ${values}`,
};

const SELECTS = "selects nodes";

function selects({ key, operator, values }: LabelRequirement, who = SELECTS): string {
  const noun = LABEL_NOUNS.get(key);
  if (noun !== undefined) return `${who} with ${OPERATORS[operator](noun, joined(values, "or"))} (label ${key})`;
  if (operator !== "In") return `${who} with ${OPERATORS[operator](`label ${key}`, joined(values, "or"))}`;
  return `${who} with the label ${joined(
    values.map((value) => `${key}=${value}`),
    "or",
  )}`;
}

function have(key: string, { labels }: SchedulableNode): string {
  const value = labelOf(labels, key);
  if (value === undefined) return "do not have that label";
  return LABEL_NOUNS.has(key) ? `have ${value}` : `have ${key}=${value}`;
}

function volumeWords({ obstacle, pod, pool }: Meeting): string {
  const terms = pod.volumes.find(({ claim }) => claim === obstacle.subject)?.terms ?? [];
  const reach = [...new Set(terms.flatMap(({ expressions }) => expressions.flatMap(({ values }) => values)))];
  const zones = pool.zones.filter((zone) => zone !== "");
  const there = zones.length === 0 ? "are elsewhere" : `are in ${joined(zones)}`;
  const volume = `the volume of claim ${obstacle.subject}, which is in ${joined(reach)}`;
  return `mounts ${volume}, and nodes of ${poolTitle(pool)} ${there}`;
}
