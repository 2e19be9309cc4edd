import { describe, expect, it } from "vitest";
import { inferenceCanary } from "../../../../policies/gpu-ml/ml/inference-canary";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, object, service } from "./objects";

const canaries = (...shares: unknown[]) =>
  service({}, { canary: shares.map((trafficPercent) => ({ trafficPercent })) });

const wrong = (path: string, observed: string) =>
  `advisory [ML-09] InferenceService ml/it: spec.${path} is ${observed}; allowed: a whole number from 0 to 100. ` +
  "Give the share of the traffic in percent.";
const tooMuch = (whole: number) =>
  `advisory [ML-09] InferenceService ml/it: spec.canary is ${whole} % of the traffic together; allowed: at most 100 %. ` +
  "Lower the shares, so that the rest goes to the predictor.";

describe("ML-09 canaries of inference services", () => {
  it.each([
    ["no canary", service()],
    ["nothing for a canary", service({ canaryTrafficPercent: 0 })],
    ["all for a canary", service({ canaryTrafficPercent: 100 })],
    ["null", service({ canaryTrafficPercent: null })],
    ["a canary beside the predictor", canaries(10)],
    ["canaries that share all", canaries(40, 60)],
    ["canaries that are no list", service({}, { canary: { trafficPercent: 110 } })],
    ["another kind", object("serving.kserve.io/v1beta1", "Other", { spec: { canary: [{ trafficPercent: 110 }] } })],
    ["no spec", object("serving.kserve.io/v1beta1", "InferenceService", {})],
  ])("accepts %s", (_case, resource) => {
    expect(judged(inferenceCanary, resource)).toEqual([]);
  });

  it.each([
    [110, "110"],
    [101, "101"],
    [-1, "-1"],
    [1.5, "1.5"],
    ["10", "no number"],
  ])("refuses a share of %j", (share, observed) => {
    expect(judged(inferenceCanary, service({ canaryTrafficPercent: share }))).toEqual([
      wrong("predictor.canaryTrafficPercent", observed),
    ]);
    expect(judged(inferenceCanary, canaries(10, share))).toEqual([wrong("canary[1].trafficPercent", observed)]);
  });

  it.each(["transformer", "explainer"])("refuses a wrong share of a %s", (role) => {
    expect(judged(inferenceCanary, service({}, { [role]: { canaryTrafficPercent: 110 } }))).toEqual([
      wrong(`${role}.canaryTrafficPercent`, "110"),
    ]);
  });

  it("refuses more than all traffic together", () => {
    expect(judged(inferenceCanary, canaries(60, 41))).toEqual([tooMuch(101)]);
  });

  it("refuses more than all traffic although one share is not known", () => {
    expect(judged(inferenceCanary, canaries(60, 41, UNKNOWN_STRING))).toEqual([
      tooMuch(101),
      notKnown(inferenceCanary, "InferenceService ml/it", "spec.canary[2].trafficPercent"),
    ]);
  });

  it.each([
    ["a share", service({ canaryTrafficPercent: UNKNOWN_STRING }), "spec.predictor.canaryTrafficPercent"],
    ["the share of a canary", canaries(UNKNOWN_STRING), "spec.canary[0].trafficPercent"],
    ["the canaries", service({}, { canary: UNKNOWN_STRING }), "spec.canary"],
    ["a component", service({}, { explainer: UNKNOWN_STRING }), "spec.explainer"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(inferenceCanary, resource)).toEqual([notKnown(inferenceCanary, "InferenceService ml/it", path)]);
  });
});
