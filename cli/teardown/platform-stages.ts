import { definitionName, type DrainPhase, PLATFORM_TYPES } from "../../components/model/platform-types";
import { type ClusterObject, type ClusterObjects, objectTitle } from "./cluster-objects";
import type { DrainStage, Hanging } from "./drain-stages";
import { groupOf } from "./held-objects";
import { grouped, listed } from "./listed";
import type { PlatformObjects } from "./platform-objects";

/** Titles of the steps, in their order. */
export const PHASE_TITLES: Record<DrainPhase, string> = {
  schedules: "Schedules of workloads",
  makers: "Workloads that make others",
  workloads: "Workloads",
  helpers: "What helps workloads",
  templates: "Templates and runtimes",
  admissions: "Workloads in queues",
  localQueues: "Local queues",
  clusterQueues: "Cluster queues",
  flavors: "What queues are made of",
};

const REMEDY =
  "The part in brackets takes its finalizer off once its work is done: look at the log of its controller, mend what stops it and run the command again. The commands above take finalizers off by force; what these guard is then not cleaned up. To destroy the platform without the drain: --skip-drain; no controller is then left to let these resources go, nor the namespaces that they are in.";

/** One stage for each phase in which the platform may have something. */
export function platformStages(objects: PlatformObjects): DrainStage[] {
  return objects.phases.map((phase) => ({
    title: PHASE_TITLES[phase],
    typical: "30 s",
    remaining: (cluster) => objects.remaining(cluster, phase),
    explain: usersOfQueue,
    lines: linesByKind,
    remedy: REMEDY,
  }));
}

/** A cluster queue stays as long as something runs out of it, which may be something that the stack holds. */
async function usersOfQueue(cluster: ClusterObjects, object: ClusterObject): Promise<string | undefined> {
  if (object.kind !== "ClusterQueue") return undefined;
  const workloads = await cluster.list(object.apiVersion, "Workload");
  const users = workloads.filter(({ status }) => {
    const { clusterQueue } = (status?.["admission"] ?? {}) as { clusterQueue?: string };
    return clusterQueue === object.metadata?.name;
  });
  return users.length === 0 ? undefined : `used by ${listed(users.map(objectTitle))}`;
}

/** What hangs for the same reason, by kind and namespace, with the command that ends it. */
function linesByKind(hanging: Hanging[]): string[] {
  const alike = ({ object, because }: Hanging) => [object.kind, object.metadata?.namespace ?? "", because];
  return grouped(hanging, alike).flatMap((group) => {
    const [{ object, because }] = group;
    const { namespace } = object.metadata ?? {};
    const names = group.map(({ object: { metadata } }) => metadata?.name ?? "");
    const place = namespace === undefined ? "" : ` in ${namespace}`;
    const part = partOf(object);
    return [
      `  ${object.kind}${place}: ${listed(names)}: ${because}${part === undefined ? "" : ` (${part})`}`,
      ...((object.metadata?.finalizers ?? []).length === 0 ? [] : [`    ${releaseCommand(object, names)}`]),
    ];
  });
}

function partOf({ apiVersion, kind }: ClusterObject): string | undefined {
  return typeOf(apiVersion, kind)?.part;
}

function releaseCommand({ apiVersion, kind, metadata }: ClusterObject, names: string[]): string {
  const type = typeOf(apiVersion, kind);
  const title = type === undefined ? kind.toLowerCase() : definitionName(type);
  const place = metadata?.namespace === undefined ? [] : [`--namespace ${metadata.namespace}`];
  return [
    `kubectl patch ${title} ${names.join(" ")}`,
    ...place,
    `--type merge --patch '{"metadata":{"finalizers":null}}'`,
  ].join(" ");
}

function typeOf(apiVersion: string, kind: string) {
  return PLATFORM_TYPES.find((type) => type.group === groupOf(apiVersion) && type.kind === kind);
}
