import { describe, expect, it } from "vitest";
import { gangQueueLabels, scaleUpAdvice } from "../../../../components/workloads/object";
import { gpuPoolShape } from "../../../../components";
import { describeFinding } from "../../../../components/model";

describe("a workload waits", () => {
  it.each([
    ["nowhere with one pod", {}, 1, {}],
    ["in the queue that tenants have, with several", {}, 2, { "kueue.x-k8s.io/queue-name": "default" }],
    ["in the queue that it names", { queue: "night" }, 1, { "kueue.x-k8s.io/queue-name": "night" }],
    ["nowhere where its pods may start one by one", { gang: false }, 4, {}],
    [
      "in a queue that it names, gang or not",
      { gang: false, queue: "night" },
      4,
      { "kueue.x-k8s.io/queue-name": "night" },
    ],
    [
      "with a priority",
      { queuePriority: "high" },
      2,
      { "kueue.x-k8s.io/queue-name": "default", "kueue.x-k8s.io/priority-class": "high" },
    ],
  ])("%s", (_where, args, pods, labels) => {
    expect(gangQueueLabels(args, pods)).toEqual(labels);
  });
});

describe("the advice to scale up before out", () => {
  const role = { path: "worker.", countArgument: "replicas", pods: 4, gpus: 1 };
  const pools = (instanceType: string) => [gpuPoolShape("big", { instanceType, maxNodes: 1 })];
  const told = (pods: number, gpus: number, known?: ReturnType<typeof pools>) =>
    scaleUpAdvice("PyTorchJob resnet", { ...role, pods, gpus }, known).map(describeFinding);

  it("names one pod with all GPUs, where one machine has them", () => {
    expect(told(4, 1)).toEqual([
      "[SIZE-01] PyTorchJob resnet: worker.replicas is 4 pods with 1 GPU each; allowed: one pod with 4 GPUs, as long as one " +
        "machine has them. Ask for 4 GPUs in one pod on a machine with 4 GPUs or more: they exchange data faster than a " +
        "network does.",
    ]);
  });

  it("names the pool that has them", () => {
    expect(told(2, 4, pools("p5.48xlarge"))[0]).toContain("on pool big:");
  });

  it("is not given for shares of GPUs", () => {
    expect(scaleUpAdvice("PyTorchJob resnet", { ...role, gpuSharing: "mig" }, undefined)).toEqual([]);
  });

  it.each([
    ["one pod", 1, 8, undefined],
    ["pods without GPUs", 4, 0, undefined],
    ["more GPUs than any machine has", 4, 8, undefined],
    ["more GPUs than any known pool has", 2, 4, pools("g5.12xlarge")],
  ])("is not given for %s", (_given, pods, gpus, known) => {
    expect(told(pods, gpus, known)).toEqual([]);
  });
});
