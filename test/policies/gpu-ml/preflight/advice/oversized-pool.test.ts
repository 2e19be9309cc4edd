import { describe, expect, it } from "vitest";
import { oversizedPool } from "../../../../../policies/gpu-ml/preflight/advice/oversized-pool";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { nodeGroup, object, pod, pyTorchJob, release, said, undecidedAt } from "../../stack/resources";

function group(types: unknown, rest: object = {}): TestResource {
  return nodeGroup("serve", { instanceTypes: types, ...rest });
}

const LARGE = group(["g5.12xlarge"]);

function deployment(replicas: unknown, gpus: unknown, spec: object = {}): TestResource {
  const containers = [{ name: "a", resources: { limits: { "nvidia.com/gpu": gpus } } }];
  return object("apps/v1", "Deployment", "chat", { spec: { replicas, template: { spec: { containers, ...spec } } } });
}

function advice(large: string, used: number, small: string, where = "us-east-1"): string {
  return (
    `advisory [ADV-02] NodeGroup serve: instanceTypes is ${large} in ${where}, of which pods of the stack use ${used}; ` +
    `allowed: machines whose GPUs are used, such as ${small}. Choose ${small.split(" ")[0] ?? ""}.`
  );
}

const G5 = "g5.12xlarge with 4 GPUs at USD 5.67/h";
const G5_SMALL = "g5.xlarge with 1 GPU at USD 1.01/h";

describe("ADV-02 pools too large for what runs there", () => {
  it.each<[string, TestResource[]]>([
    ["pods with more than a quarter of the GPUs", [LARGE, pod(2)]],
    ["pods with more than a quarter, which half of them would hold", [group(["g7e.48xlarge"]), pod(3)]],
    ["machines of which only others of the same number are cheaper", [group(["p4de.24xlarge"]), pod(1)]],
    ["pods that use more than half of them together", [LARGE, deployment(3, 1)]],
    ["machines with few GPUs", [group(["g7e.12xlarge"]), pod(1)]],
    ["a pool that nothing runs on", [LARGE]],
    ["pods without GPUs", [LARGE, pod(undefined)]],
    ["pods on other pools", [group(["g5.12xlarge"], { labels: { a: "b" } }), pod(1, { nodeSelector: { a: "c" } })]],
    ["pools of several types", [group(["g5.12xlarge", "g5.24xlarge"]), pod(1)]],
    ["machines without GPUs", [group(["m6i.large"]), pod(1)]],
    ["pods of which it is not known how many there are", [LARGE, deployment(UNKNOWN_STRING, 1)]],
    ["shared GPUs", [LARGE, pod(1), release("x", { a: "timeSlicing" })]],
    [
      "pools of a queue",
      [
        LARGE,
        pod(1),
        object("kueue.x-k8s.io/v1beta2", "ResourceFlavor", "a", {
          spec: { nodeLabels: { "node.kubernetes.io/instance-type": "g5.12xlarge" } },
        }),
      ],
    ],
    ["hidden nodes", [LARGE, pod(1), { type: "eks:index:Cluster", props: {} }]],
    ["machines that have no smaller size", [group(["p4d.24xlarge"]), pod(1)]],
    ["machines that are not known and pods elsewhere", [group(UNKNOWN_STRING), pod(undefined)]],
    ["none of a Deployment", [LARGE, deployment(0, 1)]],
  ])("has nothing to say about %s", (_case, resources) => {
    expect(said(oversizedPool, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["one pod with one GPU", [LARGE, pod(1)], advice(G5, 1, G5_SMALL)],
    ["pods that use half of them", [LARGE, deployment(2, 1)], advice(G5, 2, G5_SMALL)],
    ["pods beside others without GPUs", [LARGE, deployment(2, 1), pyTorchJob(4, undefined)], advice(G5, 2, G5_SMALL)],
    [
      "pods with several GPUs",
      [group(["g7e.48xlarge"]), pod(2)],
      advice("g7e.48xlarge with 8 GPUs at USD 33.14/h", 2, "g7e.12xlarge with 2 GPUs at USD 8.29/h"),
    ],
  ])("names a smaller type for %s", (_case, resources, message) => {
    expect(said(oversizedPool, resources)).toEqual([message]);
  });

  it("tells prices of the region that is asked for", () => {
    const config = { stack: { rules: { "ADV-02": { level: "advisory", region: "us-west-2" } } } };

    expect(said(oversizedPool, [LARGE, pod(1)], config)).toEqual([advice(G5, 1, G5_SMALL, "us-west-2")]);
  });

  it.each<[string, TestResource[]]>([
    ["the machines", [group(UNKNOWN_STRING), pod(1)]],
    ["one machine", [group([UNKNOWN_STRING]), pod(1)]],
    ["one of several machines", [group(["g5.xlarge", UNKNOWN_STRING]), pod(1)]],
    ["the amount", [LARGE, pod(UNKNOWN_STRING)]],
    [
      "the pool of a pod",
      [group(["g5.12xlarge"], { labels: { a: "b" } }), pod(1, { nodeSelector: { a: UNKNOWN_STRING } })],
    ],
  ])("cannot decide without knowing %s", (_case, resources) => {
    expect(said(oversizedPool, resources)).toEqual([undecidedAt(oversizedPool, "NodeGroup serve", "instanceTypes")]);
  });
});
