import {
  arrayAt,
  childAt,
  isUnknown,
  nodeAt,
  pathInPodSet,
  stringAt,
  type PodSet,
  type Tree,
  type TreeObject,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { findObject, groupKindOf, type StackIndex } from "../pools/stack-index";
import type { SchedulablePod } from "../scheduling/pod";
import type { Admission } from "./admission";
import { countRefusal } from "./count-faults";
import type { NamespaceQuotas, NeededAmount } from "./quotas";
import type { Refusal } from "./workload";

/** A set of pods, as it is created. */
interface CreatedPods {
  podSet: PodSet;
  /** Their spec with what admission fills in, and as the scheduler sees them. */
  spec: TreeObject;
  pod: SchedulablePod;
  /** The object that brings them. */
  resource: PlannedResource;
  namespace: string;
}

/** Groups of objects whose pods have what is written and no more; operators may add amounts of their own. */
const AS_WRITTEN = new Set(["", "apps", "batch"]);

/** Why the API server takes none of some pods; undefined where it does, or they are a guess. */
export function refusalOf(
  { podSet, spec, pod: { faults = [] }, resource, namespace }: CreatedPods,
  admission: Admission,
  quotas: NamespaceQuotas,
  stack: StackIndex,
): Refusal | undefined {
  if (podSet.isGuess === true) return undefined;
  const [fault] = faults;
  if (fault !== undefined) return { kind: "field", path: pathInPodSet(podSet, fault[0]), why: fault[1] };
  const { group, kind } = groupKindOf(resource)!;
  const ofCount = countRefusal(`${group}/${kind}`, resource.properties, podSet);
  if (ofCount !== undefined) return ofCount;
  const ofQuota = AS_WRITTEN.has(group)
    ? unstatedAmount(podSet, spec, quotas.neededIn(namespace), namespace)
    : undefined;
  if (ofQuota !== undefined) return ofQuota;
  const ofPods = admission.refusalOf(spec, namespace);
  if (ofPods !== undefined) return ofPods;
  for (const [name, claim] of claimsOf(spec, resource, namespace, stack)) {
    const ofClaim = admission.claimRefusalOf(claim, name, namespace);
    if (ofClaim !== undefined) return ofClaim;
  }
  return undefined;
}

/** The first amount that a quota bounds and a container does not state, in itself or for the pod as a whole. */
function unstatedAmount(
  podSet: PodSet,
  spec: TreeObject,
  needed: readonly NeededAmount[],
  namespace: string,
): Refusal | undefined {
  for (const kind of ["initContainers", "containers"]) {
    for (const [index, container] of arrayAt(spec, kind).entries()) {
      const owners: Tree[] = [spec, container];
      const missing = needed.find(({ of, resource }) => !owners.some((owner) => states(owner, of, resource)));
      if (missing === undefined) continue;
      const { of, resource } = missing;
      const path = pathInPodSet(podSet, `spec.${kind}[${index}].resources.${of}.${resource}`);
      return {
        kind: "field",
        path,
        why: `a quota of namespace ${namespace} bounds ${of}.${resource}, so that every container must say it`,
      };
    }
  }
  return undefined;
}

/** Whether a container, or a pod as a whole, states an amount; a limit stands for a request that is not written. */
function states(owner: Tree, of: NeededAmount["of"], resource: string): boolean {
  const places = of === "requests" ? ["requests", "limits"] : ["limits"];
  return places.some((place) => {
    const amounts = nodeAt(owner, `resources.${place}`);
    return isUnknown(amounts) || (childAt(amounts, resource) ?? undefined) !== undefined;
  });
}

/** The claims that pods mount, by name, as far as the stack declares them. */
function* claimsOf(
  spec: TreeObject,
  { properties }: PlannedResource,
  namespace: string,
  stack: StackIndex,
): Iterable<[name: string, claim: Tree]> {
  for (const volume of arrayAt(spec, "volumes")) {
    const name = stringAt(childAt(volume, "persistentVolumeClaim"), "claimName");
    if (name === undefined) continue;
    const claim = findObject(stack, "", "PersistentVolumeClaim", namespace, name);
    if (claim !== undefined) yield [name, claim.properties];
  }
  for (const template of arrayAt(childAt(properties, "spec"), "volumeClaimTemplates")) {
    yield [stringAt(nodeAt(template, "metadata"), "name") ?? "", template];
  }
}
