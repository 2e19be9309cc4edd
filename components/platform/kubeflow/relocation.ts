import type { Adjustment, KubernetesObject } from "../../rendering";
import { isResourceType } from "../../rendering";
import { KUBEFLOW_NAMESPACE } from "./kubeflow-args";

/** Kinds in these manifests that belong to no namespace, beside resource types. */
const clusterKinds = [
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterStorageContainer",
  "CompositeController",
  "DecoratorController",
  "MutatingWebhookConfiguration",
  "Namespace",
  "PriorityClass",
  "ValidatingWebhookConfiguration",
];

/** Fields whose texts are labels, and so no namespaces. */
const labelFields = ["labels", "matchLabels"];

/** Changes every text of the objects that a test picks, but for labels and names of fields. */
export function withTexts(
  change: (text: string) => string,
  test: (object: KubernetesObject) => boolean = () => true,
): Adjustment {
  return (objects) => objects.map((object) => (test(object) ? (changed(object, change) as KubernetesObject) : object));
}

function changed(node: unknown, change: (text: string) => string): unknown {
  if (typeof node === "string") return change(node);
  if (Array.isArray(node)) return node.map((value) => changed(value, change));
  if (typeof node !== "object" || node === null || Object.getPrototypeOf(node) !== Object.prototype) return node;
  const entries = Object.entries(node);
  return Object.fromEntries(
    entries.map(([key, value]) => [key, labelFields.includes(key) ? (value as unknown) : changed(value, change)]),
  );
}

/** Ways in which upstream's manifests write their namespace into longer texts. */
const mentions: [RegExp, (namespace: string) => string][] = [
  [/^kubeflow$/, (namespace) => namespace],
  [/^kubeflow\/(?!kubeflow-gateway)/, (namespace) => `${namespace}/`],
  [/\.kubeflow(?=\.svc|[:/"'\s]|$)/g, (namespace) => `.${namespace}`],
  [/\/ns\/kubeflow\//g, (namespace) => `/ns/${namespace}/`],
  [/:serviceaccount:kubeflow:/g, (namespace) => `:serviceaccount:${namespace}:`],
];

/**
 * Puts the objects of Kubeflow's manifests, which are written for the namespace `kubeflow`, into another one, and gives a
 * namespace to those that have none.
 */
export function inNamespace(namespace: string): Adjustment {
  const move = withTexts(
    (text) => mentions.reduce((given, [pattern, of]) => given.replace(pattern, of(namespace)), text),
    (object) => !isResourceType(object),
  );
  return (objects) => {
    const placed = objects.map((object) => placedIn(object, namespace));
    return namespace === KUBEFLOW_NAMESPACE ? placed : move(placed);
  };
}

function placedIn(object: KubernetesObject, namespace: string): KubernetesObject {
  const isClusterWide = isResourceType(object) || clusterKinds.includes(object.kind);
  const metadata = { ...object.metadata, namespace };
  if (isClusterWide) delete (metadata as { namespace?: string }).namespace;
  return { ...object, metadata };
}
