import { describe, expect, it } from "vitest";
import { selectedPods } from "../../../../policies/gpu-ml/network/selected-pods";
import { analyzeStack, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { object, undecidedStackLine } from "./objects";

const SERVING = { podSelector: { matchLabels: { app: "serving" } } };
const TITLE = "Network policies select pods";
const MESSAGE =
  "advisory [NET-01] NetworkPolicy ml/serving: spec.podSelector is without a match among the pods of the stack in " +
  "namespace ml; allowed: a selector of labels that some of them carry. Select the labels that the pods carry, or " +
  "remove the policy.";

function policy(spec: unknown = SERVING, namespace: string | undefined = "ml"): TestResource {
  return object("networking.k8s.io/v1/NetworkPolicy", "serving", namespace, { spec });
}

function pod(labels: unknown, namespace: string | undefined = "ml"): TestResource {
  const metadata = namespace === undefined ? { name: "a", labels } : { name: "a", namespace, labels };
  return object("v1/Pod", "a", namespace, { metadata, spec: { containers: [{ name: "main", image: "a:1" }] } });
}

function workload(kind: string, labels: object): TestResource {
  const template = { metadata: { labels }, spec: { containers: [{ name: "main", image: "a:1" }] } };
  const spec = kind === "batch/v1/CronJob" ? { jobTemplate: { spec: { template } } } : { template };
  return object(kind, "a", "ml", { spec });
}

const release = (namespace?: unknown): TestResource => ({
  type: "kubernetes:helm.sh/v3:Release",
  name: "chart",
  props: { chart: "a", ...(namespace === undefined ? {} : { namespace }) },
});

function judge(...resources: TestResource[]): string[] {
  return lines(analyzeStack([selectedPods], resources));
}

describe("NET-01 policies that select pods", () => {
  it.each<[string, TestResource[]]>([
    ["a policy that selects a pod", [policy(), pod({ app: "serving" })]],
    ["a policy that selects one pod of two", [policy(), pod({ app: "other" }), pod({ app: "serving" })]],
    ["a policy for all pods", [policy({ podSelector: {} }), pod({ app: "other" })]],
    ["a policy where the stack has no pods", [policy()]],
    ["a policy where the stack has pods elsewhere only", [policy(), pod({ app: "other" }, "etl")]],
    ["a policy beside a Helm release", [policy(), pod({ app: "other" }), release("ml")]],
    [
      "a policy beside a Helm release in a namespace unknown",
      [policy(), pod({ app: "other" }), release(UNKNOWN_STRING)],
    ],
    ["a policy beside a Helm release that names none", [policy(), pod({ app: "other" }), release()]],
    ["other kinds", [object("v1/Service", "a", "ml", { spec: SERVING }), pod({ app: "other" })]],
    [
      "labels that controllers add",
      [
        policy({ podSelector: { matchLabels: { app: "other", "job-name": "a" } } }),
        workload("batch/v1/Job", { app: "other" }),
      ],
    ],
    [
      "labels that an operator may add",
      [
        policy({ podSelector: { matchLabels: { "training.kubeflow.org/job-role": "master" } } }),
        object("kubeflow.org/v1/PyTorchJob", "a", "ml", {
          spec: { pytorchReplicaSpecs: { Master: { template: { spec: { containers: [{ name: "pytorch" }] } } } } },
        }),
      ],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(judge(...resources)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["of a pod", [pod({ app: "other" })]],
    ["of a pod without labels", [pod(undefined)]],
    ["beside a Helm release elsewhere", [pod({ app: "other" }), release("etl")]],
    ["of a Deployment", [workload("apps/v1/Deployment", { app: "other" })]],
    ["of a StatefulSet", [workload("apps/v1/StatefulSet", {})]],
    ["of a DaemonSet", [workload("apps/v1/DaemonSet", {})]],
    ["of a ReplicaSet", [workload("apps/v1/ReplicaSet", {})]],
    ["of a ReplicationController", [workload("v1/ReplicationController", {})]],
    ["of a Job", [workload("batch/v1/Job", {})]],
    ["of a CronJob", [workload("batch/v1/CronJob", {})]],
    [
      "that an operator's object contradicts",
      [
        object("kubeflow.org/v1/PyTorchJob", "a", "ml", {
          spec: {
            pytorchReplicaSpecs: {
              Master: { template: { metadata: { labels: { app: "b" } }, spec: { containers: [{ name: "pytorch" }] } } },
            },
          },
        }),
      ],
    ],
  ])("finds a policy with labels unlike those %s", (_case, resources) => {
    expect(judge(policy(), ...resources)).toEqual([MESSAGE]);
  });

  it.each([
    "pod-template-hash",
    "controller-revision-hash",
    "apps.kubernetes.io/pod-index",
    "service.istio.io/canonical-name",
  ])("takes %s for a label that pods get", (key) => {
    expect(judge(policy({ podSelector: { matchLabels: { [key]: "a" } } }), pod({}))).toEqual([]);
  });

  it("says so once, at the policy, as medium", () => {
    expect(analyzeStack([selectedPods], [policy(), pod({}), pod({})])).toMatchObject([
      { severity: "medium", urn: urnOf(policy()) },
    ]);
  });

  it("knows the default namespace of policies and pods that name none", () => {
    const unnamed = object("networking.k8s.io/v1/NetworkPolicy", "serving", undefined, { spec: SERVING });
    const bare = object("v1/Pod", "a", undefined, { spec: { containers: [{ name: "main" }] } });
    expect(judge(unnamed, bare)[0]).toContain(
      "NetworkPolicy serving: spec.podSelector is without a match among the pods",
    );
  });

  it.each<[string, TestResource[]]>([
    ["the selector", [policy({ podSelector: UNKNOWN_STRING }), pod({ app: "other" })]],
    ["the labels of the pod", [policy(), pod(UNKNOWN_STRING)]],
    ["a label of the pod", [policy(), pod({ app: UNKNOWN_STRING })]],
    ["the namespace of the pod", [policy(), pod({ app: "serving" }, UNKNOWN_STRING)]],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(judge(...resources)).toEqual([
      undecidedStackLine("NET-01", "NetworkPolicy ml/serving", "spec.podSelector", TITLE),
    ]);
  });

  it("cannot decide without knowing the policy's namespace", () => {
    expect(judge(policy(SERVING, UNKNOWN_STRING), pod({ app: "other" }))).toEqual([
      undecidedStackLine("NET-01", "NetworkPolicy serving", "metadata.namespace", TITLE),
    ]);
  });
});
