import { EFA_RESOURCE, type PoolShape } from "../../components/model";
import type { PlannedPool, PoolUnknown } from "../pools/planned-pool";
import { labelOf, meets } from "../scheduling/label-matching";
import type { SchedulableNode } from "../scheduling/node";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { NodeTerm, SchedulablePod } from "../scheduling/pod";

type OfObstacle = (obstacle: Obstacle) => boolean;

const isResource = (obstacle: Obstacle) => obstacle.kind === ObstacleKind.resource;
const isOf =
  (...resources: string[]): OfObstacle =>
  (obstacle) =>
    isResource(obstacle) && resources.includes(obstacle.subject ?? "");
const isDevice: OfObstacle = (obstacle) => isResource(obstacle) && (obstacle.subject ?? "").includes("/");
const isHugePages: OfObstacle = (obstacle) => isResource(obstacle) && (obstacle.subject ?? "").startsWith("hugepages-");
const isPlace: OfObstacle = ({ kind }) => kind === ObstacleKind.nodeAffinity || kind === ObstacleKind.volumeZone;
const anyOf =
  (...all: OfObstacle[]): OfObstacle =>
  (obstacle) =>
    all.some((each) => each(obstacle));

const ofMachines = anyOf(isResource, isPlace);

/** Obstacles that may turn out to be none once a property of the pool is known. */
const LIFTED: Partial<Record<keyof PoolShape, OfObstacle>> = {
  instanceType: ofMachines,
  vcpus: isOf("cpu"),
  memoryGib: isOf("memory"),
  ephemeralStorageGib: isOf("ephemeral-storage"),
  gpuResource: isDevice,
  gpusPerNode: isDevice,
  efaInterfaces: anyOf(isOf(EFA_RESOURCE), isHugePages),
  architecture: isPlace,
  capacityType: isPlace,
  gpuModel: isPlace,
  name: isPlace,
  labels: isPlace,
  availabilityZones: isPlace,
};

/** Properties that may keep pods away once they are known. */
const BARRING: readonly (keyof PoolShape)[] = ["taints", "labels", "instanceTypes"];

/** What is not known of a pool and may make an obstacle none; undefined where it certainly stands. */
export function liftedBy(obstacle: Obstacle, { unknowns }: PlannedPool): PoolUnknown | undefined {
  return unknowns.find(({ property }) => LIFTED[property]?.(obstacle) === true);
}

/** What is not known of a pool and may keep pods away from it. */
export function barredBy({ unknowns }: PlannedPool): PoolUnknown | undefined {
  return unknowns.find(({ property }) => BARRING.includes(property));
}

/** What is not known of how large a pool may become. */
export function sizeUnknown({ unknowns }: PlannedPool): PoolUnknown | undefined {
  return unknowns.find(({ property }) => property === "maxNodes");
}

/**
 * A label that a pod selects by and that nodes of a pool may have beside those that are declared, where with it they
 * would be selected; undefined where they are not for another reason.
 */
export function openLabel(pod: SchedulablePod, node: SchedulableNode, { openLabels }: PlannedPool): string | undefined {
  const isOpen = (key: string) =>
    openLabels.some((open) => isBelow(key, open)) && labelOf(node.labels, key) === undefined;
  const unmet = pod.nodeSelector.flatMap(([key, value]) => (labelOf(node.labels, key) === value ? [] : [key]));
  if (!unmet.every(isOpen)) return undefined;
  if (pod.nodeTerms === undefined) return unmet[0];
  const terms = pod.nodeTerms.flatMap((term) => {
    const keys = unmetKeys(term, node);
    return keys?.every(isOpen) === true ? [keys] : [];
  });
  return terms.length === 0 ? undefined : (unmet[0] ?? terms[0]![0]);
}

/** Keys of the requirements that a node does not meet; undefined where its name or a term without any is at fault. */
function unmetKeys({ expressions, fields }: NodeTerm, { labels, name }: SchedulableNode): string[] | undefined {
  if (expressions.length + fields.length === 0) return undefined;
  if (!fields.every((field) => meets(field, { "metadata.name": name }))) return undefined;
  return expressions.filter((each) => !meets(each, labels)).map(({ key }) => key);
}

function isBelow(key: string, open: string): boolean {
  const isBeginning = open === "" || open.endsWith("/") || open.endsWith(".");
  return isBeginning ? key.startsWith(open) : key === open;
}

/**
 * Path, inside the pod template, of what may keep a pod from a node that takes it as far as is known. Whatever is not
 * known is read in favour of the pod, so nothing that stands in its way is ever lifted.
 */
export function barredByPod(paths: readonly string[], { taints }: SchedulableNode): string | undefined {
  return paths.find((path) => taints.length > 0 || !TOLERATIONS.test(path));
}

/** Paths of tolerations, which nodes without taints do not ask for. */
const TOLERATIONS = /(^|\.)tolerations\b/;
