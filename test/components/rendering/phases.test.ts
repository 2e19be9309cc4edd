import { describe, expect, it } from "vitest";
import { isCustomResource, objectTitle, withScopes, type KubernetesObject } from "../../../components/rendering";
import { PHASES, phaseOf } from "../../../components/rendering/phases";

function object(apiVersion: string, kind: string, namespace?: string): KubernetesObject {
  return { apiVersion, kind, metadata: { name: "x", ...(namespace === undefined ? {} : { namespace }) } };
}

describe("phases", () => {
  it.each([
    ["v1", "Namespace", "namespaces"],
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition", "types"],
    ["v1", "ServiceAccount", "ground"],
    ["v1", "ConfigMap", "ground"],
    ["v1", "PersistentVolumeClaim", "ground"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole", "ground"],
    ["scheduling.k8s.io/v1", "PriorityClass", "ground"],
    ["policy/v1", "PodDisruptionBudget", "ground"],
    ["networking.k8s.io/v1", "NetworkPolicy", "ground"],
    ["cert-manager.io/v1", "Certificate", "ground"],
    ["cert-manager.io/v1", "Issuer", "ground"],
    ["v1", "Service", "controllers"],
    ["v1", "Pod", "controllers"],
    ["apps/v1", "Deployment", "controllers"],
    ["apps/v1", "StatefulSet", "controllers"],
    ["apps/v1", "DaemonSet", "controllers"],
    ["batch/v1", "Job", "controllers"],
    ["batch/v1", "CronJob", "controllers"],
    ["admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration", "callbacks"],
    ["admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", "callbacks"],
    ["apiregistration.k8s.io/v1", "APIService", "callbacks"],
    ["monitoring.coreos.com/v1", "ServiceMonitor", "resources"],
    ["kueue.x-k8s.io/v1beta2", "ClusterQueue", "resources"],
    ["gateway.networking.k8s.io/v1", "Gateway", "resources"],
  ])("%s %s is of the phase %s", (apiVersion, kind, phase) => {
    expect(phaseOf(object(apiVersion, kind))).toBe(phase);
  });

  it("go from what everything is in to what only controllers can delete", () => {
    expect(PHASES).toEqual(["namespaces", "types", "ground", "controllers", "callbacks", "resources"]);
  });
});

describe("custom resources", () => {
  it.each(["v1", "apps/v1", "batch/v1", "autoscaling/v2", "storage.k8s.io/v1", "flowcontrol.apiserver.k8s.io/v1"])(
    "are not of %s",
    (apiVersion) => {
      expect(isCustomResource(object(apiVersion, "X"))).toBe(false);
    },
  );

  it.each([
    "jobset.x-k8s.io/v1alpha2",
    "policy.networking.k8s.io/v1alpha1",
    "autoscaling.k8s.io/v1",
    "argoproj.io/v1alpha1",
  ])("are of %s", (apiVersion) => {
    expect(isCustomResource(object(apiVersion, "X"))).toBe(true);
  });
});

describe("scopes", () => {
  const type = (group: string, kind: string, scope: string): KubernetesObject => ({
    ...object("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    spec: { group, scope, names: { kind } },
  });

  it.each([
    ["rbac.authorization.k8s.io/v1", "ClusterRole"],
    ["admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"],
    ["kueue.x-k8s.io/v1beta2", "ResourceFlavor"],
    ["karpenter.sh/v1", "NodePool"],
  ])("%s %s loses the namespace that a chart wrote", (apiVersion, kind) => {
    expect(withScopes([object(apiVersion, kind, "ml")])).toEqual([object(apiVersion, kind)]);
  });

  it("what belongs to a namespace keeps it", () => {
    const role = object("rbac.authorization.k8s.io/v1", "Role", "ml");
    expect(withScopes([role])).toEqual([role]);
  });

  it("types that come along tell the scope of their resources, and of no other group's", () => {
    const types = [type("a.example", "Widget", "Cluster"), type("b.example", "Topology", "Namespaced")];
    const given = [
      object("a.example/v1", "Widget", "ml"),
      object("c.example/v1", "Widget", "ml"),
      object("b.example/v1", "Topology", "ml"),
    ];
    const namespaces = withScopes([...types, ...given]).map(({ metadata }) => metadata.namespace);
    expect(namespaces.slice(2)).toEqual([undefined, "ml", "ml"]);
  });
});

it("titles name the kind, the namespace where there is one, and the object", () => {
  expect(objectTitle(object("v1", "Service", "ml"))).toBe("Service ml/x");
  expect(objectTitle(object("v1", "Namespace"))).toBe("Namespace x");
});
