/** Metadata of a {@link KubernetesObject}, as far as it is read here. */
export interface ObjectMeta {
  name: string;
  namespace?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
}

/** An object as a chart or a manifest has it, before it is registered. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- what else there is depends on the kind
  [field: string]: any;
}

/** Changes what a source gives before it is registered: pure, and told only what it is given. */
export type Adjustment = (objects: KubernetesObject[]) => KubernetesObject[];

/** Kind of resource types. */
export const CRD_KIND = "CustomResourceDefinition";

/** Tells whether an object is a resource type of its own (a CustomResourceDefinition). */
export function isResourceType({ kind }: KubernetesObject): boolean {
  return kind === CRD_KIND;
}

/** The group of an object's type; empty for the core group. */
function groupOf({ apiVersion }: KubernetesObject): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** Groups of the API that Kubernetes itself has, beside those under `k8s.io`. */
const ownGroups = ["", "apps", "autoscaling", "batch", "policy", "extensions"];
/** Groups under `k8s.io` that Kubernetes itself has. */
const ownDomain =
  /^(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|flowcontrol\.apiserver|networking|node|rbac\.authorization|resource|scheduling|storage)\.k8s\.io$/;

/** Tells whether an object is of a type that Kubernetes itself does not have. */
export function isCustomResource(object: KubernetesObject): boolean {
  const group = groupOf(object);
  return !ownGroups.includes(group) && !ownDomain.test(group);
}

/** An object as messages name it, for example `Deployment kueue-system/kueue-controller-manager`. */
export function objectTitle({ kind, metadata }: KubernetesObject): string {
  return `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
}

/** Kinds that belong to no namespace: Kubernetes' own, and custom resources whose types may not be rendered along. */
const clusterScopedKinds = [
  "APIService",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "PersistentVolume",
  "PriorityClass",
  "RuntimeClass",
  "StorageClass",
  "ValidatingWebhookConfiguration",
  "ClusterIssuer",
  "ClusterPolicy",
  "ClusterQueue",
  "ClusterServingRuntime",
  "ClusterStorageContainer",
  "ClusterTrainingRuntime",
  "ClusterTriggerAuthentication",
  "ClusterWorkflowTemplate",
  "Cohort",
  "CompositeController",
  "DecoratorController",
  "NodePool",
  "Profile",
  "ResourceFlavor",
  "Topology",
  "WorkloadPriorityClass",
];

/** What is read of a resource type. */
interface TypeSpec {
  group: string;
  scope: string;
  names: { kind: string };
}

/**
 * Leaves the namespace out of what belongs to none. Some charts write one, and the Kubernetes provider gives one to every
 * custom resource whose type is not established yet.
 */
export const withScopes: Adjustment = (objects) => {
  const types = objects.filter(isResourceType).map(({ spec }) => spec as TypeSpec);
  const scopes = new Map(types.map(({ group, scope, names }) => [`${names.kind}.${group}`, scope]));
  return objects.map((object) => {
    const told = scopes.get(`${object.kind}.${groupOf(object)}`);
    const scope = told ?? (clusterScopedKinds.includes(object.kind) ? "Cluster" : "Namespaced");
    if (scope !== "Cluster" || object.metadata.namespace === undefined) return object;
    const metadata = { ...object.metadata };
    delete metadata.namespace;
    return { ...object, metadata };
  });
};
