import { describe, expect, it } from "vitest";
import { API_REMOVALS } from "../../../../policies/pod-security/practices/api-removals";
import { apiVersion } from "../../../../policies/pod-security/practices/api-version";
import { refused, said } from "./said";

function object(version: string, kind: string): string {
  return `{ apiVersion: ${version}, kind: ${kind}, metadata: { name: it } }`;
}

function message(version: string, kind: string, by: string, instead: string, path = "apiVersion"): string {
  return (
    `mandatory [POD-28] ${kind} it: ${path} is "${version}", of which ${by} and later serve no ${kind}; ` +
    `allowed: a version that is served. Use ${instead} instead.`
  );
}

describe("POD-28 API versions that are gone", () => {
  it.each([
    ["extensions/v1beta1", "Deployment", "Kubernetes 1.16", "apps/v1"],
    ["extensions/v1beta1", "Ingress", "Kubernetes 1.22", "networking.k8s.io/v1"],
    ["apps/v1beta2", "StatefulSet", "Kubernetes 1.16", "apps/v1"],
    ["batch/v2alpha1", "CronJob", "Kubernetes 1.21", "batch/v1"],
    ["rbac.authorization.k8s.io/v1beta1", "RoleBinding", "Kubernetes 1.22", "rbac.authorization.k8s.io/v1"],
    ["batch/v1beta1", "CronJob", "Kubernetes 1.25", "batch/v1"],
    ["policy/v1beta1", "PodSecurityPolicy", "Kubernetes 1.25", "Pod Security admission"],
    ["autoscaling/v2beta2", "HorizontalPodAutoscaler", "Kubernetes 1.26", "autoscaling/v2"],
    ["storage.k8s.io/v1beta1", "CSIStorageCapacity", "Kubernetes 1.27", "storage.k8s.io/v1"],
    ["flowcontrol.apiserver.k8s.io/v1beta2", "FlowSchema", "Kubernetes 1.29", "flowcontrol.apiserver.k8s.io/v1"],
    ["flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema", "Kubernetes 1.32", "flowcontrol.apiserver.k8s.io/v1"],
    ["kueue.x-k8s.io/v1beta1", "ClusterQueue", "Kueue 0.20", "kueue.x-k8s.io/v1beta2"],
    ["karpenter.sh/v1beta1", "NodePool", "Karpenter 1.14", "karpenter.sh/v1"],
    ["karpenter.sh/v1alpha5", "Provisioner", "Karpenter 1.14", "a NodePool of karpenter.sh/v1"],
    ["autoscaling.k8s.io/v1beta2", "VerticalPodAutoscaler", "VPA 1.7", "autoscaling.k8s.io/v1"],
    ["kubeflow.org/v1alpha2", "MPIJob", "MPI Operator 0.8", "kubeflow.org/v2beta1"],
    ["kubeflow.org/v1alpha3", "Experiment", "Katib 0.19", "kubeflow.org/v1beta1"],
    ["serving.kserve.io/v1alpha2", "InferenceService", "KServe 0.20", "serving.kserve.io/v1beta1"],
    ["jobset.x-k8s.io/v1alpha1", "JobSet", "JobSet 0.12", "jobset.x-k8s.io/v1alpha2"],
    ["cert-manager.io/v1alpha2", "Issuer", "cert-manager 1.21", "cert-manager.io/v1"],
    ["acme.cert-manager.io/v1beta1", "Order", "cert-manager 1.21", "acme.cert-manager.io/v1"],
  ])("refuses %s %s", (version, kind, by, instead) => {
    expect(said(apiVersion, object(version, kind))).toEqual([message(version, kind, by, instead)]);
  });

  it.each([
    ["v1", "Pod"],
    ["apps/v1", "Deployment"],
    ["batch/v1", "CronJob"],
    ["kubeflow.org/v1", "PyTorchJob"],
    ["kubeflow.org/v1", "Notebook"],
    ["kubeflow.org/v2beta1", "MPIJob"],
    ["kubeflow.org/v1", "MPIJob"],
    ["jobset.x-k8s.io/v1alpha1", "Configuration"],
    ["serving.kserve.io/v1alpha2", "LLMInferenceService"],
    ["networking.k8s.io/v1beta1", "ServiceCIDR"],
    ["storage.k8s.io/v1beta1", "VolumeAttributesClass"],
    ["kueue.x-k8s.io/v1beta2", "ClusterQueue"],
    ["networking.istio.io/v1alpha3", "EnvoyFilter"],
  ])("accepts %s %s", (version, kind) => {
    expect(said(apiVersion, object(version, kind))).toEqual([]);
  });

  it("has something in place of each, and each once", () => {
    const names = API_REMOVALS.flatMap((one) => (one.kinds ?? ["*"]).map((kind) => `${one.apiVersion} ${kind}`));

    expect(new Set(names).size).toBe(names.length);
    for (const { apiVersion: old, kinds = [], instead } of API_REMOVALS) {
      expect(old).toMatch(/^[a-z0-9.-]+\/v\d+((alpha|beta)\d+)?$/);
      for (const kind of kinds) expect(kind).toMatch(/^[A-Z][A-Za-z0-9]+$/);
      expect(instead).toMatch(/^([a-z0-9.-]+\/v\d+(beta\d+|alpha\d+)?|an? \w.+|Pod Security admission)$/);
      expect(instead).not.toBe(old);
    }
  });

  it("reads the version of the cluster from its parameter", () => {
    const schema = object("flowcontrol.apiserver.k8s.io/v1beta3", "FlowSchema");

    expect(said(apiVersion, schema, { kubernetes: "1.31" })).toEqual([]);
    expect(said(apiVersion, schema, { kubernetes: "1.32" })).toHaveLength(1);
    expect(said(apiVersion, object("batch/v1beta1", "CronJob"), { kubernetes: "1.9" })).toEqual([]);
    expect(said(apiVersion, object("kueue.x-k8s.io/v1beta1", "LocalQueue"), { kubernetes: "1.9" })).toHaveLength(1);
    expect(["1.35", "1.9"].some((version) => refused(apiVersion, "kubernetes", version))).toBe(false);
    expect(["v1.35", "1.35.1", "2.1", 1.35].every((version) => refused(apiVersion, "kubernetes", version))).toBe(true);
  });

  it("looks at the objects inside an object, and at what it names", () => {
    const experiment = `
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: it }
spec: { trialTemplate: { trialSpec: { apiVersion: kubeflow.org/v1alpha1, kind: MPIJob } } }
`;
    const list = `
apiVersion: v1
kind: List
metadata: { name: it }
items: [{ apiVersion: v1, kind: Pod }, { apiVersion: batch/v1beta1, kind: CronJob }]
`;
    const odd = `{ apiVersion: v1, kind: Odd, metadata: { name: it }, "a/b": { apiVersion: apps/v1beta1, kind: Deployment } }`;

    expect(said(apiVersion, experiment)).toEqual([
      message(
        "kubeflow.org/v1alpha1",
        "MPIJob",
        "MPI Operator 0.8",
        "kubeflow.org/v2beta1",
        "spec.trialTemplate.trialSpec.apiVersion",
      ).replace("] MPIJob", "] Experiment"),
    ]);
    expect(said(apiVersion, list)).toEqual([
      message("batch/v1beta1", "CronJob", "Kubernetes 1.25", "batch/v1", "items[1].apiVersion").replace(
        "] CronJob",
        "] List",
      ),
    ]);
    expect(said(apiVersion, odd)).toEqual([
      message("apps/v1beta1", "Deployment", "Kubernetes 1.16", "apps/v1", '["a/b"].apiVersion').replace(
        "] Deployment",
        "] Odd",
      ),
    ]);
  });

  it.each([
    ["a version without a kind", "{ apiVersion: v1, kind: Pod, a: { apiVersion: apps/v1beta1 } }"],
    ["a version that is not known yet", "{ apiVersion: v1, kind: Pod, a: { apiVersion: ?, kind: Deployment } }"],
    [
      "another resource",
      "{ type: aws:eks/cluster:Cluster, properties: { apiVersion: apps/v1beta1, kind: Deployment } }",
    ],
  ])("has nothing to say of %s", (_case, yaml) => {
    expect(said(apiVersion, yaml)).toEqual([]);
  });

  it("looks however deep, within reason", () => {
    const nested = (depth: number): object => {
      if (depth === 0) return { apiVersion: "apps/v1beta1", kind: "Deployment" };
      return depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) };
    };
    const at = (depth: number) => ({
      type: "kubernetes:core/v1:Pod",
      props: { apiVersion: "v1", kind: "Pod", a: nested(depth) },
    });

    expect(said(apiVersion, at(39))).toHaveLength(1);
    expect(said(apiVersion, at(40))).toEqual([]);
    expect(said(apiVersion, at(1500))).toEqual([]);
  });
});
