import {
  childAt,
  isTreeObject,
  isUnknown,
  MAX_PODS,
  stringAt,
  type PoolShape,
  type Tree,
  type TreeObject,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import type { Amounts } from "../scheduling/amounts";
import { amountOf } from "../scheduling/quantities";
import type { PoolUnknown } from "./planned-pool";
import { groupKindOf, objectName } from "./stack-index";

/** What a node has, and what its kubelet leaves of it to pods where nobody sets anything, in the units of `Amounts`. */
interface Sides {
  capacity: Amounts;
  allocatable: Amounts;
}

/** What pods can have with the settings of a pool, and what of these is not known. */
export interface KubeletAmounts {
  /** Amounts that differ from those by default; undefined where a setting that decides cannot be read. */
  amounts: Map<string, number | undefined>;
  unknowns: PoolUnknown[];
}

/** One thing that a kubelet keeps back of a resource. */
interface Part {
  resource: string;
  property: keyof PoolShape;
  /** Maps of `spec.kubelet` that say how much, of which the most counts, and the key in them. */
  maps: readonly string[];
  key: string;
  /** How much it is where none says so, of what is kept back by default in all. */
  byDefault: (kept: number) => number;
}

/** Memory below which a kubelet evicts where nothing is set, in bytes. */
const EVICTION_BYTES = 100 * 2 ** 20;

const none = () => 0;
const KUBE = ["kubeReserved"];
const SYSTEM = ["systemReserved"];
const EVICTION = ["evictionHard", "evictionSoft"];

/**
 * What is taken off the resources of a node. What is set for one resource leaves the others as they are by default.
 *
 * @see https://karpenter.sh/docs/concepts/nodeclasses/#speckubelet (v1.14) and
 * https://github.com/aws/karpenter-provider-aws/blob/v1.14.0/pkg/providers/instancetype/types.go, which starts no node
 * for pods that do not fit into what it works out so
 */
const PARTS: readonly Part[] = [
  { resource: "cpu", property: "vcpus", maps: KUBE, key: "cpu", byDefault: (kept) => kept },
  { resource: "cpu", property: "vcpus", maps: SYSTEM, key: "cpu", byDefault: none },
  { resource: "memory", property: "memoryGib", maps: KUBE, key: "memory", byDefault: (kept) => kept - EVICTION_BYTES },
  { resource: "memory", property: "memoryGib", maps: SYSTEM, key: "memory", byDefault: none },
  {
    resource: "memory",
    property: "memoryGib",
    maps: EVICTION,
    key: "memory.available",
    byDefault: () => EVICTION_BYTES,
  },
  ...[KUBE, SYSTEM].map((maps): Part => ({
    resource: "ephemeral-storage",
    property: "ephemeralStorageGib",
    maps,
    key: "ephemeral-storage",
    byDefault: none,
  })),
  {
    resource: "ephemeral-storage",
    property: "ephemeralStorageGib",
    maps: EVICTION,
    key: "nodefs.available",
    byDefault: (kept) => kept,
  },
];

/**
 * What the kubelet settings of a pool's EC2NodeClass change of the amounts that pods can have; NodeClasses of EKS Auto
 * Mode have none. Of settings in user data it is only told that they are there.
 */
export function kubeletAmounts(machines: PlannedResource | undefined, sides: Sides): KubeletAmounts {
  const result: KubeletAmounts = { amounts: new Map(), unknowns: [] };
  if (machines === undefined) return result;
  const userData = userDataRemark(machines);
  if (userData !== undefined) result.unknowns.push(userData);
  if (groupKindOf(machines)?.kind !== "EC2NodeClass") return result;
  const kubelet = settingAt(machines.properties, ["spec", "kubelet"], machines);
  if (isUnknown(kubelet.value) || isTreeObject(kubelet.value)) {
    reserve(machines, sides, result);
    countPods(machines, sides.capacity.get("cpu"), result);
  }
  return result;
}

/** A setting, and what messages call it: where something above it is not known, that. */
interface Setting {
  value: Tree;
  title: string;
}

function settingAt(root: TreeObject, keys: readonly string[], machines: PlannedResource): Setting {
  const path: string[] = [];
  let value: Tree = root;
  for (const key of keys) {
    if (isUnknown(value)) break;
    value = childAt(value, key);
    path.push(key);
  }
  return { value, title: `${path.join(".")} of EC2NodeClass ${objectName(machines) ?? machines.name}` };
}

function reserve(machines: PlannedResource, { capacity, allocatable }: Sides, result: KubeletAmounts): void {
  for (const { resource, property, maps, key, byDefault } of PARTS) {
    const [whole, left] = [capacity.get(resource), allocatable.get(resource)];
    if (whole === undefined || left === undefined) continue;
    const settings = maps
      .map((map) => settingAt(machines.properties, ["spec", "kubelet", map, key], machines))
      .filter(({ value }) => value !== undefined && value !== null);
    const told = settings.map(({ value }) => amountOrShare(resource, value, whole));
    const unread = settings[told.indexOf(undefined)];
    if (unread !== undefined) {
      result.amounts.set(resource, undefined);
      result.unknowns.push({ property, reason: unreadReason(unread, "quantity") });
      continue;
    }
    const before = result.amounts.has(resource) ? result.amounts.get(resource) : left;
    if (told.length === 0 || before === undefined) continue;
    result.amounts.set(resource, before + byDefault(whole - left) - Math.max(...told.map(Number)));
  }
}

/** A threshold of 100% is none. */
function amountOrShare(resource: string, value: Tree, whole: number): number | undefined {
  const percent = typeof value === "string" ? /^(\d+(?:\.\d+)?)%$/.exec(value)?.[1] : undefined;
  if (percent === undefined) return amountOf(resource, value);
  return Number(percent) >= 100 ? 0 : Math.ceil((whole * Number(percent)) / 100);
}

function countPods(machines: PlannedResource, millicores: number | undefined, result: KubeletAmounts): void {
  const read = (key: string): number | undefined => {
    const setting = settingAt(machines.properties, ["spec", "kubelet", key], machines);
    const { value } = setting;
    if (value === undefined || value === null) return undefined;
    if (typeof value === "number" && value >= 0) return value;
    // Fewer pods than are taken for granted may keep pods away, as taints may.
    result.unknowns.push({ property: "taints", reason: unreadReason(setting, "number of pods") });
    return undefined;
  };
  const [maxPods, perCore] = [read("maxPods"), read("podsPerCore")];
  const ofCores = perCore === undefined || perCore === 0 ? Infinity : perCore * ((millicores ?? Infinity) / 1000);
  if (maxPods !== undefined || ofCores < Infinity) result.amounts.set("pods", Math.min(maxPods ?? MAX_PODS, ofCores));
}

function unreadReason({ value, title }: Setting, noun: string): string {
  if (isUnknown(value)) return `${title} is not known yet`;
  return `${title} is ${JSON.stringify(value)}, which is no ${noun}`;
}

/** How user data set a kubelet: nodeadm's NodeConfig, the arguments of older images, and settings of Bottlerocket. */
const KUBELET = /\bkubelet["']?\s*:|kubelet-extra-args|max-?pods|(kube|system)-?reserved|eviction-?(hard|soft)/i;

/** Of no property that decides anything: what such settings change is taken to be as it is by default. */
function userDataRemark(machines: PlannedResource): PoolUnknown | undefined {
  const ofClass = stringAt(childAt(machines.properties, "spec"), "userData");
  const ofTemplate = Buffer.from(stringAt(machines.properties, "userData") ?? "", "base64").toString();
  const owner = groupKindOf(machines)?.kind ?? "launch template";
  const name = objectName(machines) ?? machines.name;
  return KUBELET.test(ofClass ?? ofTemplate)
    ? {
        property: "usdPerNodeHour",
        reason: `the user data of ${owner} ${name} set the kubelet, which is not read: each node is taken to run ${MAX_PODS} pods and to keep back what it does by default`,
      }
    : undefined;
}
