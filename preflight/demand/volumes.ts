import { arrayAt, childAt, isUnknown, nodeAt, objectAt, stringAt, type Tree } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { findObject, isObject, objectName, type StackIndex } from "../pools/stack-index";
import type { NodeTerm } from "../scheduling/pod";
import { readNodeTerms } from "../scheduling/readers/selector-reader";

/** Where the volumes of claims can be reached from. */
export interface VolumeReaches {
  /** Terms for a claim that is an object of the stack; undefined where it can be reached from everywhere. */
  ofClaim: (namespace: string, claim: string) => readonly NodeTerm[] | undefined;
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
  const known = new Map<string, readonly NodeTerm[] | undefined>();
  const reachOf = (claim: Tree, namespace: string, name: string | undefined): readonly NodeTerm[] | undefined => {
    const volume =
      volumeNamed(stack, stringAt(childAt(claim, "spec"), "volumeName")) ??
      (name === undefined ? undefined : volumes.get(`${namespace}/${name}`));
    return volume === undefined ? termsOfClass(classOf(stack, claim, defaultClass)) : termsOfVolume(volume);
  };
  return {
    ofClaim: (namespace, claim) => {
      const key = `${namespace}/${claim}`;
      if (!known.has(key)) {
        const object = findObject(stack, "", "PersistentVolumeClaim", namespace, claim);
        known.set(
          key,
          object === undefined ? termsIfAny(volumes.get(key)) : reachOf(object.properties, namespace, claim),
        );
      }
      return known.get(key);
    },
    ofTemplate: (template, namespace, owner) => {
      const base = stringAt(childAt(template, "metadata"), "name");
      const first = base === undefined || owner === undefined ? undefined : `${base}-${owner}-0`;
      return reachOf(template, namespace, first);
    },
  };
}

/** Volumes that name the claim they are kept for. */
function volumesByClaim(stack: StackIndex): Map<string, PlannedResource> {
  const volumes = stack.resources.filter((resource) => isObject(resource, "", "PersistentVolume"));
  return new Map(
    volumes.flatMap((volume) => {
      const claim = nodeAt(volume.properties, "spec.claimRef");
      const [namespace, name] = [stringAt(claim, "namespace"), stringAt(claim, "name")];
      return namespace === undefined || name === undefined ? [] : [[`${namespace}/${name}`, volume] as const];
    }),
  );
}

function volumeNamed(stack: StackIndex, name: string | undefined): PlannedResource | undefined {
  return name === undefined || name === "" ? undefined : findObject(stack, "", "PersistentVolume", "", name);
}

function termsIfAny(volume: PlannedResource | undefined): readonly NodeTerm[] | undefined {
  return volume === undefined ? undefined : termsOfVolume(volume);
}

function termsOfVolume({ properties }: PlannedResource): readonly NodeTerm[] | undefined {
  const required = nodeAt(properties, "spec.nodeAffinity.required");
  if (isUnknown(required) || objectAt({ required }, "required") === undefined) return undefined;
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
    arrayAt(topology, "matchLabelExpressions").map((expression) => ({
      key: stringAt(expression, "key"),
      values: arrayAt(expression, "values"),
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
  return nodeAt(resource.properties, "metadata.annotations") !== undefined &&
    childAt(nodeAt(resource.properties, "metadata.annotations"), DEFAULT_CLASS) === "true"
    ? objectName(resource) !== undefined
    : false;
}
