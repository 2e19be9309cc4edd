import {
  arrayAt,
  childAt,
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

/** Why the API server takes none of some pods; undefined where it does, or they are a guess. */
export function refusalOf(
  { podSet, spec, pod: { faults = [] }, resource, namespace }: CreatedPods,
  admission: Admission,
  stack: StackIndex,
): Refusal | undefined {
  if (podSet.isGuess === true) return undefined;
  const [fault] = faults;
  if (fault !== undefined) return { kind: "field", path: pathInPodSet(podSet, fault[0]), why: fault[1] };
  const { group, kind } = groupKindOf(resource)!;
  const ofCount = countRefusal(`${group}/${kind}`, resource.properties, podSet);
  if (ofCount !== undefined) return ofCount;
  const ofPods = admission.refusalOf(spec, namespace);
  if (ofPods !== undefined) return ofPods;
  for (const [name, claim] of claimsOf(spec, resource, namespace, stack)) {
    const ofClaim = admission.claimRefusalOf(claim, name, namespace);
    if (ofClaim !== undefined) return ofClaim;
  }
  return undefined;
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
