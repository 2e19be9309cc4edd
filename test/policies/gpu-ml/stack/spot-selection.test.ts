import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../../components/model";
import type { Truth } from "../../../../policies/engine/truth";
import { stackPoolsOf } from "../../../../policies/gpu-ml/stack/node-labels";
import { choosesSpot } from "../../../../policies/gpu-ml/stack/spot-selection";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { nodeGroup, object, pod, subjectOf } from "./resources";

function group(capacityType: unknown, labels: unknown = { team: "x" }, name = "train"): TestResource {
  return nodeGroup(name, { capacityType, labels });
}

const other = group("ON_DEMAND", {}, "other");
const chosen = pod(1, { nodeSelector: { team: "x" } });
const runtime = object("trainer.kubeflow.org/v1alpha1", "TrainJob", "bert", {
  spec: { runtimeRef: { name: "torch" } },
});

describe("a choice of spot capacity", () => {
  it.each<[string, TestResource, TestResource[], Truth]>([
    ["a pool of it", chosen, [group("SPOT")], true],
    ["a pool of other capacity", chosen, [group("ON_DEMAND")], false],
    ["a pool of capacity that is not known yet", chosen, [group(UNKNOWN_STRING)], UNKNOWN],
    ["a pool that is chosen, and one that may be", chosen, [group("SPOT"), group("SPOT", UNKNOWN_STRING, "b")], true],
    ["a pool that may be chosen", chosen, [group("SPOT", UNKNOWN_STRING)], UNKNOWN],
    ["no declared pool", chosen, [other], false],
    ["no selector", pod(1), [group("SPOT")], false],
    ["a label", pod(1, { nodeSelector: { "karpenter.sh/capacity-type": "spot" } }), [other], true],
    ["a runtime beside other capacity", runtime, [other], false],
    ["a runtime beside some of it", runtime, [group("SPOT"), other], UNKNOWN],
    ["a runtime beside capacity that is not known yet", runtime, [group(UNKNOWN_STRING), other], UNKNOWN],
  ])("is read from %s", (_case, workload, pools, truth) => {
    const [pods] = subjectOf(workload).pods;

    expect(pods && choosesSpot(pods, stackPoolsOf(pools.map(subjectOf)))).toBe(truth);
  });
});
