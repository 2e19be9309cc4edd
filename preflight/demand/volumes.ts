import {
  arrayAt,
  childAt,
  isUnknown,
  itemsAt,
  nodeAt,
  objectAt,
  stringAt,
  UNKNOWN,
  type Told,
  type Tree,
} from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { findObject, isObject, type StackIndex } from "../pools/stack-index";
import type { ClaimUse, NodeTerm } from "../scheduling/pod";
import { readNodeTerms } from "../scheduling/readers/selector-reader";

/** Where the volumes of claims can be reached from. */
export interface VolumeReaches {
  /** What a claim asks of its pods; what the stack does not tell does not bind them. */
  ofClaim: (namespace: string, claim: string) => ClaimUse;
  /**
   * Terms for claims that are made from a template, of an object of some name, whose claims end in the pod's number.
   */
  ofTemplate: (template: Tree, namespace: string, owner: string | undefined) => readonly NodeTerm[] | undefined;
}

const DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";

/**
 * Reads from volumes and storage classes of a stack where claims bind: a claim that is bound to a volume reaches it
 * where the node affinity of that says so, and one that is not yet bound gets a volume where the topologies of its
 * class allow one.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#node-affinity (v1.36)
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/#allowed-topologies (v1.36)
 */
export function volumeReachesOf(stack: StackIndex): VolumeReaches {
  const volumes = volumesByClaim(stack);
  const defaultClass = stack.resources.find(
    (resource) => isObject(resource, "storage.k8s.io", "StorageClass") && isDefault(resource),
  );
  const known = new Map<string, ClaimUse>();
  const reachOf = (claim: Tree, namespace: string, name: string): readonly NodeTerm[] | undefined => {
    const volume =
      volumeNamed(stack, stringAt(childAt(claim, "spec"), "volumeName")) ?? volumes.get(`${namespace}/${name}`);
    return volume === undefined ? termsOfClass(classOf(stack, claim, defaultClass)) : termsOfVolume(volume);
  };
  return {
    ofClaim: (namespace, claim) => {
      const key = `${namespace}/${claim}`;
      const before = known.get(key);
      if (before !== undefined) return before;
      const object = findObject(stack, "", "PersistentVolumeClaim", namespace, claim);
      const terms = object === undefined ? termsIfAny(volumes.get(key)) : reachOf(object.properties, namespace, claim);
      const use: ClaimUse = { terms, isForOnePod: isForOnePod(object?.properties) };
      known.set(key, use);
      return use;
    },
    ofTemplate: (template, namespace, owner) => {
      const base = stringAt(childAt(template, "metadata"), "name");
      return reachOf(template, namespace, `${base}-${owner}-0`);
    },
  };
}

/** @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes (v1.36) */
function isForOnePod(claim: Tree): Told<boolean> {
  const modes = nodeAt(claim, "spec.accessModes");
  const isOpen = isUnknown(modes) || (Array.isArray(modes) && modes.some(isUnknown));
  return isOpen ? UNKNOWN : arrayAt({ modes }, "modes").includes("ReadWriteOncePod");
}

/** Volumes that name the claim they are kept for. */
function volumesByClaim(stack: StackIndex): Map<string, PlannedResource> {
  const volumes = stack.resources.filter((resource) => isObject(resource, "", "PersistentVolume"));
  return new Map(
    volumes.map((volume) => {
      const claim = nodeAt(volume.properties, "spec.claimRef");
      return [`${stringAt(claim, "namespace")}/${stringAt(claim, "name")}`, volume];
    }),
  );
}

function volumeNamed(stack: StackIndex, name = ""): PlannedResource | undefined {
  return findObject(stack, "", "PersistentVolume", "", name);
}

function termsIfAny(volume: PlannedResource | undefined): readonly NodeTerm[] | undefined {
  return volume === undefined ? undefined : termsOfVolume(volume);
}

function termsOfVolume({ properties }: PlannedResource): readonly NodeTerm[] | undefined {
  const required = objectAt(nodeAt(properties, "spec.nodeAffinity"), "required");
  if (required === undefined) return undefined;
  return readNodeTerms({ value: childAt(required, "nodeSelectorTerms"), path: "", unknownPaths: new Set() });
}

/**
 * Class of a claim: the one that it names, none where it names the empty one, and the default one where it is silent.
 */
function classOf(
  stack: StackIndex,
  claim: Tree,
  defaultClass: PlannedResource | undefined,
): PlannedResource | undefined {
  const name = childAt(childAt(claim, "spec"), "storageClassName");
  if (name === undefined || name === null) return defaultClass;
  return typeof name === "string" ? findObject(stack, "storage.k8s.io", "StorageClass", "", name) : undefined;
}

/** Each topology is a term of its own; classes without any make volumes wherever the pod runs. */
function termsOfClass(storageClass: PlannedResource | undefined): readonly NodeTerm[] | undefined {
  const topologies = arrayAt(storageClass?.properties, "allowedTopologies");
  if (topologies.length === 0) return undefined;
  const terms = topologies.map((topology) =>
    itemsAt(topology, "matchLabelExpressions").map((expression) => ({
      key: stringAt(expression, "key"),
      values: itemsAt(expression, "values"),
    })),
  );
  const isKnown = terms.flat().every(({ key, values }) => key !== undefined && !values.some(isUnknown));
  if (!isKnown) return undefined;
  return terms.map((expressions) => ({
    expressions: expressions.map(({ key, values }) => ({
      key: key!,
      operator: "In" as const,
      values: values.map(String),
    })),
    fields: [],
  }));
}

function isDefault(resource: PlannedResource): boolean {
  return childAt(nodeAt(resource.properties, "metadata.annotations"), DEFAULT_CLASS) === "true";
}
