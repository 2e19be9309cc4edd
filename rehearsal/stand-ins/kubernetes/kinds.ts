import type { Properties } from "../values";

/**
 * Fields whose change makes the provider replace an object, by type; a path stands for all that is under it.
 *
 * @see https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/provider/diff.go
 */
export const REPLACEMENTS: Record<string, string[]> = {
  "kubernetes:apps/v1:DaemonSet": ["spec.selector"],
  "kubernetes:apps/v1:Deployment": ["spec.selector"],
  "kubernetes:apps/v1:StatefulSet": [
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "kubernetes:batch/v1:Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "kubernetes:core/v1:PersistentVolume": ["spec.csi", "spec.hostPath", "spec.local", "spec.nfs"],
  "kubernetes:core/v1:PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeName",
  ],
  "kubernetes:core/v1:Pod": ["spec"],
  "kubernetes:core/v1:ResourceQuota": ["spec.scopes"],
  "kubernetes:core/v1:Service": ["spec.clusterIP"],
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": ["roleRef"],
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": ["roleRef"],
  "kubernetes:storage.k8s.io/v1:StorageClass": ["parameters", "provisioner"],
};

/** Fields of ConfigMaps and Secrets that replace the object, unless the provider is told that they may change. */
export const REPLACED_DATA: Record<string, { fields: string[]; setting: string }> = {
  "kubernetes:core/v1:ConfigMap": { fields: ["data", "binaryData"], setting: "enableConfigMapMutable" },
  "kubernetes:core/v1:Secret": { fields: ["data", "stringData", "type"], setting: "enableSecretMutable" },
};

/** Kinds of Kubernetes itself that belong to no namespace. */
export const CLUSTER_WIDE = new Set([
  "APIService",
  "CSIDriver",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "IngressClass",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "RuntimeClass",
  "StorageClass",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
]);

/** What the status of an object says once the object is ready, which it is at once. */
export const READY: Record<string, (spec: Properties) => Properties> = {
  "kubernetes:apps/v1:DaemonSet": () => ({ desiredNumberScheduled: 1, numberAvailable: 1, numberReady: 1 }),
  "kubernetes:apps/v1:Deployment": replicasReady,
  "kubernetes:apps/v1:StatefulSet": replicasReady,
  "kubernetes:batch/v1:Job": ({ completions }) => ({
    succeeded: completions ?? 1,
    conditions: [{ type: "Complete", status: "True" }],
  }),
  "kubernetes:core/v1:Namespace": () => ({ phase: "Active" }),
  "kubernetes:core/v1:PersistentVolumeClaim": () => ({ phase: "Bound" }),
  "kubernetes:core/v1:Pod": () => ({ phase: "Running" }),
  "kubernetes:core/v1:Service": ({ type }) => ({
    loadBalancer: type === "LoadBalancer" ? { ingress: [{ hostname: "stand-in.elb.amazonaws.com" }] } : {},
  }),
  "kubernetes:networking.k8s.io/v1:Ingress": () => ({
    loadBalancer: { ingress: [{ hostname: "stand-in.elb.amazonaws.com" }] },
  }),
};

function replicasReady({ replicas }: Properties): Properties {
  const count = replicas ?? 1;
  return { replicas: count, readyReplicas: count, availableReplicas: count };
}
