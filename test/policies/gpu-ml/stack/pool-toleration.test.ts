import { describe, expect, it } from "vitest";
import { poolToleration } from "../../../../policies/gpu-ml/stack/pool-toleration";
import { analyze, analyzeStack, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const TAINT = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const TOLERATION = { key: "nvidia.com/gpu", operator: "Exists" };

function node(pool: string, taints: unknown, index = 0): TestResource {
  const name = `${pool}-${index}`;
  const metadata = { name, labels: { "mlstack.dev/pool": pool } };
  return {
    type: "kubernetes:core/v1:Node",
    name,
    props: { apiVersion: "v1", kind: "Node", metadata, spec: { taints } },
  };
}

function jobOn(pool: string, ...tolerations: object[]): TestResource {
  return job({}, { nodeSelector: { "mlstack.dev/pool": pool }, tolerations });
}

function messageFor(taint: string): string {
  return (
    `mandatory [GPU-02] Job ml/mnist: spec.template.spec.tolerations is without a match for the taint ${taint} of ` +
    "pool train; allowed: tolerations that match every taint of the selected pool. " +
    "Add a toleration for it, or select another pool."
  );
}

describe("GPU-02 tolerations over the stack", () => {
  it.each([
    ["a pod that tolerates the pool's taints", [node("train", [TAINT]), jobOn("train", TOLERATION)]],
    ["a pod on another pool", [node("train", [TAINT]), node("cpu", []), jobOn("cpu")]],
    ["a pod on a pool that the stack does not declare", [node("train", [TAINT]), jobOn("elsewhere")]],
    ["a pod that selects no pool", [node("train", [TAINT]), job()]],
    ["a taint that only prefers", [node("train", [{ ...TAINT, effect: "PreferNoSchedule" }]), jobOn("train")]],
    [
      "a taint without value, tolerated by key alone",
      [node("train", [{ key: "a", effect: "NoSchedule" }]), jobOn("train", { key: "a", operator: "Equal" })],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(analyzeStack([poolToleration], resources)).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["a node's taint", node("train", [TAINT]), "nvidia.com/gpu=present:NoSchedule"],
    [
      "a node group's taint, in Kubernetes spelling",
      {
        type: "aws:eks/nodeGroup:NodeGroup",
        props: { labels: { "mlstack.dev/pool": "train" }, taints: [{ key: "dedicated", effect: "NO_EXECUTE" }] },
      },
      "dedicated:NoExecute",
    ],
    [
      "a NodePool's taint",
      {
        type: "kubernetes:karpenter.sh/v1:NodePool",
        props: {
          apiVersion: "karpenter.sh/v1",
          kind: "NodePool",
          metadata: { name: "any" },
          spec: { template: { metadata: { labels: { "mlstack.dev/pool": "train" } }, spec: { taints: [TAINT] } } },
        },
      },
      "nvidia.com/gpu=present:NoSchedule",
    ],
    [
      "a pool component's taint",
      {
        type: "mlstack:index:GpuNodePool",
        props: { shape: { name: "train", taints: [TAINT] } },
      },
      "nvidia.com/gpu=present:NoSchedule",
    ],
  ])("refuses a pod that does not tolerate %s", (_case, pool, taint) => {
    expect(lines(analyzeStack([poolToleration], [pool, jobOn("train")]))).toEqual([messageFor(taint)]);
  });

  it("compares the value of the taint", () => {
    const pod = jobOn("train", { key: "nvidia.com/gpu", operator: "Equal", value: "absent" });

    expect(lines(analyzeStack([poolToleration], [node("train", [TAINT]), pod]))).toEqual([
      messageFor("nvidia.com/gpu=present:NoSchedule"),
    ]);
  });

  it("takes a taint without value for one whose value is empty", () => {
    const pool = node("train", [{ key: "a", effect: "NoSchedule" }]);
    const pod = jobOn("train", { key: "a", operator: "Equal", value: "b" });

    expect(lines(analyzeStack([poolToleration], [pool, pod]))).toEqual([messageFor("a:NoSchedule")]);
  });

  it("names every taint of the pool", () => {
    const pool = node("train", [TAINT, { key: "a", effect: "NoExecute" }]);

    expect(lines(analyzeStack([poolToleration], [pool, jobOn("train")]))).toEqual([
      messageFor("nvidia.com/gpu=present:NoSchedule"),
      messageFor("a:NoExecute"),
    ]);
  });

  it.each<[string, TestResource, TestResource]>([
    [
      "nodes that belong to no pool",
      { type: "aws:eks/nodeGroup:NodeGroup", props: { taints: [{ key: "a", effect: "NO_EXECUTE" }] } },
      job({}, { nodeSelector: UNKNOWN_STRING }),
    ],
    [
      "pools of the system",
      { type: "mlstack:index:SystemNodePool", props: { shape: { name: "train", taints: [TAINT] } } },
      jobOn("train"),
    ],
  ])("leaves %s alone", (_case, pool, pod) => {
    expect(analyzeStack([poolToleration], [pool, pod])).toEqual([]);
  });

  it("files the violation under the pod, once for all nodes of the pool", () => {
    const pod = jobOn("train");
    const nodes = [0, 1, 2].map((index) => node("train", [TAINT], index));

    expect(analyzeStack([poolToleration], [...nodes, pod])).toMatchObject([{ name: "GPU-02", urn: urnOf(pod) }]);
  });

  it.each([
    ["the pool's taints", node("train", UNKNOWN_STRING), jobOn("train")],
    ["a taint of the pool", node("train", [UNKNOWN_STRING]), jobOn("train")],
    [
      "the pod's tolerations",
      node("train", [TAINT]),
      job(
        {},
        {
          nodeSelector: { "mlstack.dev/pool": "train" },
          tolerations: UNKNOWN_STRING,
        },
      ),
    ],
  ])("cannot decide without knowing %s", (_case, pool, pod) => {
    const [message] = lines(analyzeStack([poolToleration], [pool, pod]));

    expect(message).toBe(
      "advisory [GPU-02] Job ml/mnist: spec.template.spec.tolerations is not known yet; allowed: a value that keeps " +
        '"Pods tolerate the taints of the pool that they select". ' +
        "It is judged at the end of the update, when the object is there already.",
    );
  });

  it.each([
    ["the pool that a pod selects", [node("train", [TAINT]), jobOn(UNKNOWN_STRING)]],
    ["the selector of a pod", [node("train", [TAINT]), job({}, { nodeSelector: UNKNOWN_STRING })]],
    [
      "the pool of nodes, where nothing else declares the selected one",
      [node(UNKNOWN_STRING, [TAINT]), jobOn("train")],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    const [message, ...more] = lines(analyzeStack([poolToleration], resources));

    expect(more).toEqual([]);
    expect(message).toBe(
      "advisory [GPU-02] Job ml/mnist: spec.template.spec.nodeSelector is not known yet; allowed: a value that keeps " +
        '"Pods tolerate the taints of the pool that they select". ' +
        "It is judged at the end of the update, when the object is there already.",
    );
  });

  it.each([
    ["the selected pool is declared otherwise", [node(UNKNOWN_STRING, [TAINT]), node("train", []), jobOn("train")]],
    ["the pod tolerates what they have", [node(UNKNOWN_STRING, [TAINT]), jobOn("train", TOLERATION)]],
    ["they have no taints", [node(UNKNOWN_STRING, []), jobOn("train")]],
    ["the pod selects no pool", [node(UNKNOWN_STRING, [TAINT]), job()]],
    ["the pod tolerates the taints of all pools", [node("train", [TAINT]), jobOn(UNKNOWN_STRING, TOLERATION)]],
  ])("needs not know the pool of nodes where %s", (_case, resources) => {
    expect(analyzeStack([poolToleration], resources)).toEqual([]);
  });

  it("has nothing to say of single resources", () => {
    expect(analyze([poolToleration], jobOn("train"))).toEqual([]);
  });
});
