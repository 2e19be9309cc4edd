import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  objectAt,
  stringAt,
  type PodTemplate,
  type Tree,
  type TreeObject,
} from "../../components/model";
import { findObject, isObject, objectNamespace, type StackIndex } from "../pools/stack-index";

/** What admission does to the pods of a stack, as far as objects of it tell. */
export interface Admission {
  /** The template as pods are created from it in a namespace. */
  admitted: (template: PodTemplate, namespace: string) => PodTemplate;
  /** Priority of the pods; 0 where nothing gives them one, and undefined where it is not known. */
  priorityOf: (template: PodTemplate) => number | undefined;
}

/** Amounts that containers of a namespace get where they say none. */
interface Defaults {
  requests: TreeObject;
  limits: TreeObject;
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
 * Reads the objects by which admission changes pods: default amounts of a namespace's LimitRanges, the overhead and
 * nodes of RuntimeClasses, and PriorityClasses.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/ (v1.36)
 */
export function admissionOf(stack: StackIndex): Admission {
  const defaults = new Map<string, Defaults>();
  for (const range of stack.resources) {
    const namespace = isObject(range, "", "LimitRange") ? objectNamespace(range) : undefined;
    if (namespace !== undefined) defaults.set(namespace, combined(defaults.get(namespace), range.properties));
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

function numberIn(value: Tree): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/**
 * Defaults of one more LimitRange; those of an earlier one stay.
 *
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/pkg/apis/core/v1/defaults.go `SetDefaults_LimitRangeItem`
 */
function combined(earlier: Defaults | undefined, range: Tree): Defaults {
  const sum: Defaults = { requests: { ...earlier?.requests }, limits: { ...earlier?.limits } };
  for (const item of arrayAt(childAt(range, "spec"), "limits")) {
    if (stringAt(item, "type") !== "Container") continue;
    const side = (name: string): TreeObject => objectAt(item, name) ?? {};
    const limits = { ...side("max"), ...side("default") };
    const requests = { ...side("min"), ...limits, ...side("defaultRequest") };
    sum.limits = { ...limits, ...sum.limits };
    sum.requests = { ...requests, ...sum.requests };
  }
  return sum;
}

/** Limits that are given stand for requests before admission fills in any. */
function withAmounts(spec: TreeObject, defaults: Defaults): TreeObject {
  const filled = ["containers", "initContainers"].flatMap((list): [string, Tree][] => {
    const containers = childAt(spec, list);
    if (!Array.isArray(containers)) return [];
    return [
      [
        list,
        containers.map((container) =>
          isTreeObject(container) ? withContainerAmounts(container, defaults) : container,
        ),
      ],
    ];
  });
  return { ...spec, ...Object.fromEntries(filled) };
}

function withContainerAmounts(container: TreeObject, { requests, limits }: Defaults): TreeObject {
  const sides = ["requests", "limits"].map((side): Tree => childAt(container["resources"], side));
  if (sides.some(isUnknown)) return container;
  const [given, givenLimits] = sides.map((side) => (isTreeObject(side) ? side : {}));
  const resources = { requests: { ...requests, ...givenLimits, ...given }, limits: { ...limits, ...givenLimits } };
  return { ...container, resources };
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
