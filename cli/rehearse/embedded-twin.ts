import { isDeepStrictEqual } from "node:util";
import type { KubernetesObject } from "@kubernetes/client-node";
import { awsRegion, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../../components/model";
import { Problem } from "../../rehearsal/problem";
import { listed } from "../plan/words";
import { type Change, type Original, TWIN_CHANGES } from "./twin-changes";
import { READ_OF_STORAGE, standingClasses, standingStorage } from "./twin-storage";

/** A stack as the embedded cluster can have it. */
export interface EmbeddedTwin {
  /** Its configuration, by full keys. */
  config: TreeObject;
  /** What is not as in the stack itself, each a sentence without a period, with the paths that it is about. */
  remarks: string[];
  /** Region that the stack is in, whose prices its machines have; absent where it names none. */
  region?: string;
  /** What the stack's storage makes in the cluster, which no configuration of the embedded one has. */
  objects: KubernetesObject[];
}

/** Namespace of this project's configuration keys. */
const OWN = "mlstack:";

/** Keys and numbers of elements that lead to a value. */
type Path = readonly (string | number)[];

/** What is read of what is left out. */
const READ: readonly Path[] = [
  ["cluster", "kind"],
  ["cluster", "moduleCharts"],
  ["cluster", "eks", "region"],
  ["cluster", "eks", "autoMode"],
  ["cluster", "eks", "vpc", "availabilityZones", "*"],
  ["cluster", "eks", "existingVpc", "subnets", "*", "availabilityZone"],
  ["storage", "artifacts", "bucketName"],
  ...READ_OF_STORAGE.map((path) => ["storage", ...path]),
];

/** Zones of a cluster that names none, as its network has them. */
const USUAL_ZONES = 3;

/**
 * The configuration with which a stack on EKS can be rehearsed on the embedded cluster: all that decides about machines,
 * queues, quotas, tenants, workloads and cost is kept, and nothing of AWS is asked. What is wrong with what is kept, the
 * configuration check of the stack tells as ever.
 *
 * @param stack its name, for messages.
 * @param config its configuration, as its file has it under `config`.
 * @throws {Problem} for a stack on a cluster that brings its own nodes, and where what is kept is secret.
 */
export function embeddedTwin(stack: string, config: TreeObject): EmbeddedTwin {
  const own = Object.entries(config).filter(([key]) => key.startsWith(OWN));
  const written: TreeObject = Object.fromEntries(own.map(([key, value]) => [key.slice(OWN.length), structured(value)]));
  const cluster = objectAt(written, "cluster");
  if (stringAt(cluster, "kind") === "existing") {
    throw new Problem(
      `the stack ${stack} is on a cluster that brings its own nodes, so nothing tells which machines a rehearsal would have`,
      "Rehearse a file of the kind local, with pools like these nodes: name it by --config.",
    );
  }
  const original: Original = { written, zones: zonesOf(objectAt(cluster, "eks")) };
  const foreign = Object.keys(config).filter((key) => !key.startsWith(OWN));
  const told = new Map<string, string[]>();
  const twin = TWIN_CHANGES.reduce<Tree>(
    (node, change) => {
      const changed: string[] = [];
      const next = applied(node, change, change.at, [], { original, changed });
      if (change.because !== undefined && changed.length > 0) {
        told.set(change.because, [...new Set([...(told.get(change.because) ?? []), ...changed])]);
      }
      return next;
    },
    { systemPool: {}, ...written },
  ) as TreeObject;
  if (foreign.length > 0) told.set("settings of providers are not read", foreign);
  refuseSecrets(stack, [...secretsIn(twin, []), ...secretsIn(written, []).filter(isRead)]);
  const region = awsRegion(stringAt(objectAt(cluster, "eks"), "region") ?? "")?.name;
  return {
    config: Object.fromEntries(Object.entries(twin).map(([key, value]) => [`${OWN}${key}`, value])),
    remarks: [...told].map(([because, paths]) => `${because} (${paths.join(", ")})`),
    ...(region === undefined ? {} : { region }),
    objects: [...standingClasses(written), ...standingStorage(objectAt(written, "storage"))],
  };
}

/** Zones of the cluster, which pools that name none are in. */
function zonesOf(eks: TreeObject | undefined): string[] {
  const { subnets } = objectAt(eks, "existingVpc") ?? {};
  const ofSubnets = Array.isArray(subnets)
    ? subnets.flatMap((subnet) => stringAt(subnet, "availabilityZone") ?? [])
    : [];
  if (ofSubnets.length > 0) return [...new Set(ofSubnets)];
  const { availabilityZones } = objectAt(eks, "vpc") ?? {};
  if (Array.isArray(availabilityZones)) return availabilityZones.filter((zone) => typeof zone === "string");
  return awsRegion(stringAt(eks, "region") ?? "")?.zones.slice(0, USUAL_ZONES) ?? [];
}

/** Carries a change out wherever its path leads, and notes where something became another. */
function applied(
  node: Tree,
  change: Change,
  [key, ...rest]: readonly string[],
  path: Path,
  found: { original: Original; changed: string[] },
): Tree {
  if (key === undefined) {
    // What is added to a secret would hide that it is one.
    if (change.becomes !== undefined && isSecret(node)) return node;
    const becomes = change.becomes?.(node, found.original);
    if (!isDeepStrictEqual(becomes, node)) found.changed.push(spelled(path));
    return becomes;
  }
  if (Array.isArray(node)) {
    return key === "*" ? node.map((each, index) => applied(each, change, rest, [...path, index], found)) : node;
  }
  if (!isTreeObject(node)) return node;
  const entries = Object.entries(node).map(([name, value]) => {
    const isMeant = key === "*" || key === name;
    return [name, isMeant ? applied(value, change, rest, [...path, name], found) : value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Values of secrets can be read only where the stack belongs. */
function refuseSecrets(stack: string, secrets: readonly Path[]): void {
  if (secrets.length === 0) return;
  throw new Problem(
    `the stack ${stack} keeps secret what decides about its rehearsal: ${listed([...new Set(secrets.map(spelled))])}`,
    "Rehearse a copy of its configuration with values that may be seen: name it by --config.",
  );
}

function secretsIn(node: Tree, path: Path): Path[] {
  if (Array.isArray(node)) return node.flatMap((each, index) => secretsIn(each, [...path, index]));
  if (!isTreeObject(node)) return [];
  if (isSecret(node)) return [path];
  return Object.entries(node).flatMap(([key, value]) => secretsIn(value, [...path, key]));
}

function isSecret(node: Tree): boolean {
  return isTreeObject(node) && Object.keys(node).length === 1 && "secure" in node;
}

/** Whether what is left out is read all the same at a path, within it or around it. */
function isRead(path: Path): boolean {
  return READ.some((read) => {
    const common = read.slice(0, path.length);
    return common.every((key, index) => key === "*" || key === path[index]);
  });
}

/** Text that is JSON means the same to the program. */
function structured(value: Tree): Tree {
  if (typeof value !== "string" || !/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value) as Tree;
  } catch {
    return value;
  }
}

/** A path as messages about the configuration spell it: `mlstack:gpuPools[0].labels["example.com/team"]`. */
function spelled([key, ...rest]: Path): string {
  const steps = rest.map((step) => {
    if (typeof step === "number") return `[${step}]`;
    return /^[A-Za-z_]\w*$/.test(step) ? `.${step}` : `[${JSON.stringify(step)}]`;
  });
  return `${OWN}${key}${steps.join("")}`;
}
