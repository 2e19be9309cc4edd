import { describe, expect, it } from "vitest";
import { versionPair } from "../../../../../policies/gpu-ml/preflight/layers/version-pair";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { partsOf } from "../../../../../policies/gpu-ml/preflight/layers/part-versions";
import { release, said, subjectOf, undecidedAt } from "../../stack/resources";
import { deployment } from "./objects";

function cluster(version: unknown, type = "aws:eks/cluster:Cluster"): TestResource {
  return { type, name: "lab", props: { name: "lab", version } };
}

function chart(name: unknown, version: unknown, values: object = {}): TestResource {
  return release(name, values, { version });
}

function refusal(title: string, path: string, observed: string, allowed: string, because: string): string {
  return `mandatory [LAY-08] ${title}: ${path} is ${observed}; allowed: ${allowed}. Change one of the two versions; ${because}.`;
}

const KARPENTER = "Karpenter manages nodes of Kubernetes 1.36 from 1.13 on";
const KUEUE = "Kueue admits TrainJobs by a field that older Trainers do not have";

describe("LAY-08 versions that go together", () => {
  it.each<[string, TestResource[]]>([
    [
      "a Karpenter that knows the cluster",
      [cluster("1.36"), chart("oci://public.ecr.aws/karpenter/karpenter", "1.13.0")],
    ],
    ["a pair that is tested", [chart("kueue", "0.19.2"), chart("kubeflow-trainer", "2.3.0")]],
    ["a part whose partner is elsewhere", [chart("kubeflow-trainer", "2.3.0")]],
    ["a chart without a version", [cluster("1.36"), chart("karpenter", undefined)]],
    ["a range of versions", [cluster("1.36"), chart("karpenter", "^1.9.0")]],
    ["an image without a tag", [cluster("1.36"), deployment("a", "public.ecr.aws/karpenter/controller")]],
    ["an image by its digest", [cluster("1.36"), deployment("a", "public.ecr.aws/karpenter/controller@sha256:0a")]],
    ["an image that is none", [cluster("1.36"), deployment("a", 7)]],
    ["a registry with a port", [cluster("1.36"), deployment("a", "localhost:5000/karpenter/controller")]],
    ["other images", [cluster("1.36"), deployment("a", "registry.example/my-karpenter/controllers:1.0.0")]],
    [
      "other kinds",
      [
        cluster("1.36"),
        {
          ...deployment("a", "x/karpenter/controller:1.0.0"),
          type: "kubernetes:apps/v1:DaemonSet",
          props: { apiVersion: "apps/v1", kind: "DaemonSet" },
        },
      ],
    ],
    ["a cluster without a version", [cluster(undefined), chart("karpenter", "1.9.0")]],
    [
      "a version that is none",
      [cluster("latest"), chart("karpenter", "1.9.0"), deployment("ca", "x/cluster-autoscaler:v1.2.3")],
    ],
    ["another kind of cluster", [cluster("1.36", "gcp:container/cluster:Cluster"), chart("karpenter", "1.9.0")]],
    [
      "a Cluster Autoscaler of the same version",
      [cluster("1.35"), deployment("ca", "registry.k8s.io/autoscaling/cluster-autoscaler:v1.35.2")],
    ],
    [
      "a Cluster Autoscaler whose tag is none",
      [cluster("1.35"), deployment("ca", "registry.k8s.io/autoscaling/cluster-autoscaler:latest")],
    ],
    ["a chart that leaves its tag to itself", [cluster("1.35"), chart("cluster-autoscaler", "9.59.0")]],
    [
      "its chart with the right tag",
      [cluster("1.35"), chart("cluster-autoscaler", "9.59.0", { image: { tag: "v1.35.2" } })],
    ],
    ["charts that are not known and nothing to compare with", [chart(UNKNOWN_STRING, UNKNOWN_STRING)]],
  ])("accepts %s", (_case, resources) => {
    expect(said(versionPair, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string[]]>([
    [
      "a chart too old for the cluster",
      [cluster("1.36"), chart("oci://public.ecr.aws/karpenter/karpenter", "v1.12.9")],
      [
        refusal(
          "Release oci://public.ecr.aws/karpenter/karpenter",
          "version",
          "karpenter 1.12.9 beside Kubernetes 1.36 (version of Cluster lab)",
          "Kubernetes <1.36.0",
          KARPENTER,
        ),
      ],
    ],
    [
      "an image too old for the cluster of another provider",
      [
        cluster("1.36", "eks:index:Cluster"),
        deployment("karpenter", "public.ecr.aws/karpenter/controller:1.12.9@sha256:0a"),
      ],
      [
        refusal(
          "Deployment ml/karpenter",
          "spec.template.spec.containers[0].image",
          "karpenter 1.12.9 beside Kubernetes 1.36 (version of Cluster lab)",
          "Kubernetes <1.36.0",
          KARPENTER,
        ),
      ],
    ],
    [
      "a cluster and its component once",
      [cluster("1.36"), cluster("1.36", "eks:index:Cluster"), chart("karpenter", "1.12.9")],
      [
        refusal(
          "Release karpenter",
          "version",
          "karpenter 1.12.9 beside Kubernetes 1.36 (version of Cluster lab)",
          "Kubernetes <1.36.0",
          KARPENTER,
        ),
      ],
    ],
    [
      "parts that were never tested together",
      [chart("kueue", "0.19.2"), deployment("trainer", "ghcr.io/kubeflow/trainer/trainer-controller-manager:v2.1.0")],
      [
        refusal(
          "Release kueue",
          "version",
          "kueue 0.19.2 beside trainer 2.1.0 (spec.template.spec.containers[0].image of Deployment ml/trainer)",
          "trainer >=2.2.0",
          KUEUE,
        ),
      ],
    ],
    [
      "them beside a cluster that goes together with both",
      [cluster("1.35"), chart("kueue", "0.19.2"), chart("kubeflow-trainer", "2.1.0")],
      [
        refusal(
          "Release kueue",
          "version",
          "kueue 0.19.2 beside trainer 2.1.0 (version of Release kubeflow-trainer)",
          "trainer >=2.2.0",
          KUEUE,
        ),
      ],
    ],
    [
      "a Cluster Autoscaler of another version",
      [cluster("1.35"), deployment("ca", "registry.k8s.io/autoscaling/cluster-autoscaler:v1.34.5")],
      [
        "mandatory [LAY-08] Deployment ml/ca: spec.template.spec.containers[0].image is Cluster Autoscaler 1.34 beside " +
          "Kubernetes 1.35 (version of Cluster lab); allowed: Cluster Autoscaler 1.35, of the minor version of the " +
          "cluster. Take a tag of 1.35.",
      ],
    ],
    [
      "its chart with another tag",
      [cluster("1.35"), chart("cluster-autoscaler", "9.59.0", { image: { tag: "1.36.1" } })],
      [
        "mandatory [LAY-08] Release cluster-autoscaler: values.image.tag is Cluster Autoscaler 1.36 beside Kubernetes 1.35 " +
          "(version of Cluster lab); allowed: Cluster Autoscaler 1.35, of the minor version of the cluster. Take a tag " +
          "of 1.35.",
      ],
    ],
  ])("refuses %s", (_case, resources, messages) => {
    expect(said(versionPair, resources)).toEqual(messages);
  });

  it.each([
    ["registry.k8s.io/kueue/kueue:v0.19.2", "kueue"],
    ["registry.k8s.io/jobset/jobset:v0.12.0", "jobSet"],
    ["quay.io/argoproj/workflow-controller:v4.0.5", "argoWorkflows"],
    ["docker.io/istio/pilot:1.30.3", "istiod"],
    ["ghcr.io/kserve/kserve-controller:v0.20.0", "kserve"],
    ["quay.io/jetstack/cert-manager-controller:v1.21.1", "certManager"],
    ["ghcr.io/kedacore/keda:2.20.2", "keda"],
    ["ghcr.io/kubeflow/kfp-api-server:2.17.0", "pipelines"],
  ])("knows %s", (image, part) => {
    expect(partsOf(subjectOf(deployment("a", image))).map((one) => one.part)).toEqual([part]);
  });

  it.each([
    ["jobset", "jobSet"],
    ["istiod", "istiod"],
    ["ztunnel", "ztunnel"],
    ["kserve-resources", "kserve"],
    ["cert-manager", "certManager"],
    ["keda", "keda"],
    ["vertical-pod-autoscaler", "verticalPodAutoscaler"],
  ])("knows the chart %s", (name, part) => {
    expect(partsOf(subjectOf(chart(name, "1.2.3"))).map((one) => one.part)).toEqual([part]);
  });

  it.each<[string, TestResource[], string, string]>([
    [
      "the version of the cluster",
      [cluster(UNKNOWN_STRING), chart("karpenter", "1.9.0")],
      "Release karpenter",
      "version",
    ],
    ["the version of the chart", [cluster("1.36"), chart("karpenter", UNKNOWN_STRING)], "Release karpenter", "version"],
    ["the chart", [cluster("1.36"), chart(UNKNOWN_STRING, "1.9.0")], `Release ${UNKNOWN_STRING}`, "chart"],
    [
      "one of two charts",
      [chart("kueue", "0.19.2"), chart(UNKNOWN_STRING, "1.9.0")],
      `Release ${UNKNOWN_STRING}`,
      "chart",
    ],
    [
      "the version of the cluster beside its autoscaler",
      [cluster(UNKNOWN_STRING), deployment("ca", "x/cluster-autoscaler:v1.34.5")],
      "Deployment ml/ca",
      "spec.template.spec.containers[0].image",
    ],
  ])("cannot decide without knowing %s", (_case, resources, title, path) => {
    expect(said(versionPair, resources)).toEqual([undecidedAt(versionPair, title, path)]);
  });
});
