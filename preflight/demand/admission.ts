import {
  arrayAt,
  childAt,
  isUnknown,
  nodeAt,
  objectAt,
  stringAt,
  type PodTemplate,
  type Tree,
  type TreeObject,
} from "../../components/model";
import { combined, withAmounts, type Defaults } from "./limit-defaults";
import { boundsOf, claimRefusal, podRefusal, type Bound } from "./limit-bounds";
import type { LimitRangeRefusal } from "./workload";
import { findObject, isObject, objectNamespace, type StackIndex } from "../pools/stack-index";

/** What admission does to the pods of a stack, as far as objects of it tell. */
export interface Admission {
  /** The template as pods are created from it in a namespace. */
  admitted: (template: PodTemplate, namespace: string) => PodTemplate;
  /** Priority of the pods; 0 where nothing gives them one, and undefined where it is not known. */
  priorityOf: (template: PodTemplate) => number | undefined;
  /** What LimitRanges of a namespace refuse of pods, as they are admitted; undefined where they let them pass. */
  refusalOf: (spec: TreeObject, namespace: string) => LimitRangeRefusal | undefined;
  /** What they refuse of a claim of some name. */
  claimRefusalOf: (claim: Tree, name: string, namespace: string) => LimitRangeRefusal | undefined;
}

/**
 * Priorities of the classes that every cluster has.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/ (v1.36)
 */
const BUILT_IN_PRIORITIES = new Map([
  ["system-cluster-critical", 2_000_000_000],
  ["system-node-critical", 2_000_001_000],
]);

/**
 * Reads the objects by which admission changes pods or refuses them: a namespace's LimitRanges, the overhead and nodes of
 * RuntimeClasses, and PriorityClasses.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/ (v1.36)
 */
export function admissionOf(stack: StackIndex): Admission {
  const defaults = new Map<string, Defaults>();
  const bounds = new Map<string, Bound[]>();
  for (const range of stack.resources) {
    const namespace = isObject(range, "", "LimitRange") ? objectNamespace(range) : undefined;
    if (namespace === undefined) continue;
    defaults.set(namespace, combined(defaults.get(namespace), range.properties));
    bounds.set(namespace, [...(bounds.get(namespace) ?? []), ...boundsOf(range.properties, namespace)]);
  }
  const globalPriority = stack.resources.find(
    (resource) =>
      isObject(resource, "scheduling.k8s.io", "PriorityClass") && resource.properties.globalDefault === true,
  );
  return {
    admitted: ({ metadata, spec }, namespace) => {
      const ofNamespace = defaults.get(namespace);
      const className = stringAt(spec, "runtimeClassName");
      const runtime =
        className === undefined ? undefined : findObject(stack, "node.k8s.io", "RuntimeClass", "", className);
      if (ofNamespace === undefined && runtime === undefined) return { metadata, spec };
      const withRuntime = runtime === undefined ? spec : onRuntime(spec, runtime.properties);
      return { metadata, spec: ofNamespace === undefined ? withRuntime : withAmounts(withRuntime, ofNamespace) };
    },
    refusalOf: (spec, namespace) => podRefusal(spec, bounds.get(namespace) ?? []),
    claimRefusalOf: (claim, name, namespace) => claimRefusal(claim, name, bounds.get(namespace) ?? []),
    priorityOf: ({ spec }) => {
      const own = childAt(spec, "priority");
      if (typeof own === "number") return own;
      const name = childAt(spec, "priorityClassName") ?? "";
      if (typeof name !== "string") return undefined;
      if (name === "") return globalPriority === undefined ? 0 : numberIn(globalPriority.properties.value);
      const builtIn = BUILT_IN_PRIORITIES.get(name);
      return builtIn ?? numberIn(findObject(stack, "scheduling.k8s.io", "PriorityClass", "", name)?.properties.value);
    },
  };
}

/** Whether a PriorityClass is there in every cluster. */
export function isBuiltInPriority(name: string): boolean {
  return BUILT_IN_PRIORITIES.has(name);
}

function numberIn(value: Tree): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/**
 * A pod of a runtime has its overhead, and runs on the nodes that have it.
 *
 * @see https://kubernetes.io/docs/concepts/containers/runtime-class/#scheduling (v1.36)
 */
function onRuntime(spec: TreeObject, runtime: Tree): TreeObject {
  const [own, ownTolerations] = ["nodeSelector", "tolerations"].map((field): Tree => childAt(spec, field));
  const selector = { ...objectAt(spec, "nodeSelector"), ...objectAt(childAt(runtime, "scheduling"), "nodeSelector") };
  const tolerations = [...arrayAt(spec, "tolerations"), ...arrayAt(childAt(runtime, "scheduling"), "tolerations")];
  return {
    ...spec,
    overhead: nodeAt(runtime, "overhead.podFixed"),
    nodeSelector: isUnknown(own) ? own : selector,
    tolerations: isUnknown(ownTolerations) ? ownTolerations : tolerations,
  };
}
