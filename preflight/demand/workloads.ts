import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  podSetsOf,
  stringAt,
  TENANT_LABEL,
  type PodSet,
  type Tree,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import {
  groupKindOf,
  isObject,
  objectName,
  objectNamespace,
  stackIndexOf,
  type StackIndex,
} from "../pools/stack-index";
import type { SchedulablePod } from "../scheduling/pod";
import { withExtendedResourceTolerations } from "../scheduling/extended-resource-tolerations";
import { schedulablePod } from "../scheduling/pod-reader";
import { admissionOf, type Admission } from "./admission";
import { autoscalersOf, type Autoscalers } from "./autoscalers";
import { withControllerLabels } from "./controller-labels";
import { localQueueOf, plannedQueuesOf, type PlannedQueues } from "./queues";
import { type NamespaceQuotas, namespaceQuotasOf } from "./quotas";
import { repeatedObjects } from "./repeated-objects";
import { timingOf } from "./timing";
import { volumeReachesOf, type VolumeReaches } from "./volumes";
import { admittedWhole } from "./whole-admission";
import { refusalOf } from "./refusal";
import type { DemandedPodSet, Timing, Workload } from "./workload";

/** What is read once for all workloads of a stack. */
interface Surroundings {
  stack: StackIndex;
  /** Objects that others may name. */
  objects: Tree[];
  admission: Admission;
  quotas: NamespaceQuotas;
  autoscalers: Autoscalers;
  volumes: VolumeReaches;
  queues: PlannedQueues;
  tenants: ReadonlyMap<string | undefined, string>;
  /** Whether the cluster makes pods tolerate the taints of the devices that they ask for, as EKS does. */
  toleratesDevices: boolean;
}

/** Kinds whose pods follow the nodes, and are counted there. */
const OF_NODES = "DaemonSet";

/**
 * Everything of a stack that brings pods, in its order and each object once; DaemonSets belong to the nodes, and are left
 * out.
 */
export function workloadsOf(resources: readonly PlannedResource[]): Workload[] {
  const stack = stackIndexOf(resources);
  const surroundings: Surroundings = {
    stack,
    objects: stack.resources
      .filter((resource) => groupKindOf(resource) !== undefined)
      .map(({ properties }) => properties),
    admission: admissionOf(stack),
    quotas: namespaceQuotasOf(stack),
    autoscalers: autoscalersOf(stack),
    volumes: volumeReachesOf(stack),
    queues: plannedQueuesOf(stack),
    tenants: tenantsOf(stack),
    toleratesDevices: stack.resources.some(isOfEks),
  };
  const again = new Set(repeatedObjects(stack).flatMap(([, ...others]) => others));
  const once = stack.resources.filter((resource) => !again.has(resource));
  return once.flatMap((resource) => workloadOf(resource, surroundings) ?? []);
}

function workloadOf(resource: PlannedResource, surroundings: Surroundings): Workload | undefined {
  const kinds = groupKindOf(resource);
  if (kinds === undefined || kinds.kind === OF_NODES) return undefined;
  const { properties } = resource;
  const isScaled = surroundings.autoscalers.ceilingOf(resource) !== undefined;
  const sets = podSetsOf(properties, surroundings.objects).filter(({ count }) => count !== 0 || isScaled);
  if (sets.length === 0) return undefined;
  const namespace = objectNamespace(resource) ?? "";
  const title = titleOf(kinds.kind, resource);
  const named = sets
    .map(({ template }) => localQueueOf(properties, template.metadata))
    .find((name) => name !== undefined);
  const place = surroundings.queues.placeOf(namespace, properties, named);
  const queue = place.localQueue;
  const clusterQueue = queue === undefined ? undefined : surroundings.queues.clusterQueueOf(namespace, queue);
  const timing = timingOf(kinds.group, kinds.kind, properties);
  const workload: Workload = {
    resource,
    title,
    namespace,
    tenant: surroundings.tenants.get(namespace),
    clusterQueue,
    podSets: sets.map((set) => {
      const demand = demandOf(set, sets.length > 1, title, resource, namespace, surroundings);
      return overlapping(place.isHeld ? { refusal: { kind: "unqueued", namespace }, ...demand } : demand, timing);
    }),
    timing,
  };
  return clusterQueue === undefined ? workload : { ...workload, podSets: admittedWhole(workload, place.isWhole) };
}

function demandOf(
  podSet: PodSet,
  isOneOfSeveral: boolean,
  title: string,
  resource: PlannedResource,
  namespace: string,
  { stack, admission, quotas, autoscalers, volumes, toleratesDevices }: Surroundings,
): DemandedPodSet {
  const template = admission.admitted(withControllerLabels(podSet.template, resource, podSet), namespace);
  const asked = schedulablePod(template, { namespace, volumes: (claim) => volumes.ofClaim(namespace, claim) });
  const pod = wasScheduled(resource) ? { ...asked, nodeName: undefined } : asked;
  const ceiling = isOneOfSeveral ? undefined : autoscalers.ceilingOf(resource);
  const floor = isOneOfSeveral ? undefined : autoscalers.floorOf(resource);
  const completed = withOperatingSystem(withClaimTemplates(pod, resource, namespace, volumes), template.spec);
  const refusal = refusalOf(
    { podSet, spec: template.spec, pod: completed, resource, namespace },
    admission,
    quotas,
    stack,
  );
  return {
    podSet,
    title: podSet.role === undefined ? title : `${title} ${podSet.role}`,
    pod: withGaps(toleratesDevices ? withExtendedResourceTolerations(completed) : completed, podSet),
    count: larger(podSet.count, ceiling),
    minCount: podSet.minCount,
    ...(floor === undefined ? {} : { leastCount: floor }),
    priority: admission.priorityOf(template),
    ...(refusal === undefined ? {} : { refusal }),
  };
}

/** After an update a pod has the name of the node that it was given, which is no wish of its own. */
function wasScheduled({ properties }: PlannedResource): boolean {
  const conditions = arrayAt(childAt(properties, "status"), "conditions");
  return conditions.some((condition) => stringAt(condition, "type") === "PodScheduled");
}

/**
 * Resources that only a stack on EKS has: those of EKS itself, and components of this project that know their cluster
 * there.
 */
function isOfEks({ type, properties }: PlannedResource): boolean {
  if (type.startsWith("aws:eks/") || type.startsWith("eks:index:")) return true;
  return type.startsWith("mlstack:index:") && isTreeObject(properties.eks);
}

/**
 * A kubelet refuses pods that say they are for another operating system than its own, which the scheduler does not look at.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/#pod-os (v1.36)
 */
function withOperatingSystem(pod: SchedulablePod, spec: Tree): SchedulablePod {
  const name = nodeAt(spec, "os.name");
  if (isUnknown(name)) return { ...pod, unknownPaths: [...pod.unknownPaths, "spec.os.name"] };
  const isNamed = typeof name === "string" && name !== "";
  return isNamed ? { ...pod, nodeSelector: [...pod.nodeSelector, ["kubernetes.io/os", name]] } : pod;
}

/** Each pod of a StatefulSet has claims of its own. */
function withClaimTemplates(
  pod: SchedulablePod,
  { properties }: PlannedResource,
  namespace: string,
  volumes: VolumeReaches,
): SchedulablePod {
  const templates = arrayAt(childAt(properties, "spec"), "volumeClaimTemplates");
  const owner = stringAt(nodeAt(properties, "metadata"), "name");
  const reaches = templates.flatMap((template) => {
    const terms = volumes.ofTemplate(template, namespace, owner);
    return terms === undefined ? [] : [{ claim: stringAt(nodeAt(template, "metadata"), "name") ?? "", terms }];
  });
  return reaches.length === 0 ? pod : { ...pod, volumes: [...pod.volumes, ...reaches] };
}

/**
 * Of pods that are not known yet nothing can be said for certain; of those that another object completes, not what they
 * ask for where they say nothing of it themselves.
 */
function withGaps(pod: SchedulablePod, { isUnknown: isHidden, completedBy }: PodSet): SchedulablePod {
  const isSilent = completedBy !== undefined && pod.requests.size <= 1;
  const gaps = isHidden === true ? ["spec"] : isSilent ? ["spec.containers"] : [];
  return gaps.length === 0 ? pod : { ...pod, unknownPaths: [...new Set([...pod.unknownPaths, ...gaps])] };
}

/** The pods of all runs that are under way at once. */
function overlapping(set: DemandedPodSet, { runsAtOnce = 1 }: Timing): DemandedPodSet {
  return runsAtOnce === 1 || set.count === undefined ? set : { ...set, count: set.count * runsAtOnce };
}

/** What an autoscaler may raise a count to; without one, the count itself. */
function larger(count: number | undefined, ceiling: number | undefined): number | undefined {
  return ceiling === undefined ? count : Math.max(count ?? 0, ceiling);
}

/** Tenants by the namespaces that are theirs. */
function tenantsOf(stack: StackIndex): Map<string | undefined, string> {
  return new Map(
    stack.resources
      .filter((resource) => isObject(resource, "", "Namespace"))
      .flatMap((namespace) => {
        const tenant = childAt(nodeAt(namespace.properties, "metadata.labels"), TENANT_LABEL);
        return typeof tenant === "string" ? [[objectName(namespace), tenant] as const] : [];
      }),
  );
}

function titleOf(kind: string, resource: PlannedResource): string {
  const metadata = nodeAt(resource.properties, "metadata");
  const namespace = stringAt(metadata, "namespace");
  const start = stringAt(metadata, "generateName");
  const name = objectName(resource) ?? (start === undefined ? resource.name : `${start}*`);
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
