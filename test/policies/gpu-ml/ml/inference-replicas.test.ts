import { describe, expect, it } from "vitest";
import { inferenceReplicas } from "../../../../policies/gpu-ml/ml/inference-replicas";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, object, service } from "./objects";

const inverted = (path: string, least: number, most: number) =>
  `advisory [ML-09] InferenceService ml/it: spec.${path}.minReplicas is ${least}, more than maxReplicas; allowed: a number up ` +
  `to ${most}. Lower it, or raise maxReplicas.`;
const unlimited = (path = "predictor") =>
  `advisory [ML-09] InferenceService ml/it: spec.${path}.maxReplicas is absent, so that Knative has no limit; allowed: a number ` +
  "of replicas from 1. Set it to what the service may cost at most.";
const MODE = 'metadata.annotations["serving.kserve.io/deploymentMode"]';

describe("ML-09 replicas of inference services", () => {
  it.each([
    ["no numbers", service()],
    ["equal numbers", service({ minReplicas: 2, maxReplicas: 2 })],
    ["a most above the one that is there by default", service({ maxReplicas: 1 })],
    ["no most outside Knative", service({ minReplicas: 3, maxReplicas: 0 })],
    ["null", service({ minReplicas: null, maxReplicas: null })],
    ["a most in Knative", service({ minReplicas: 0, maxReplicas: 3 }, {}, "Knative")],
    ["the mode Standard", service({}, {}, "Standard")],
    ["text", service({ minReplicas: "3", maxReplicas: 2 })],
    ["a most that is text", service({ minReplicas: 3, maxReplicas: "2" })],
    ["no transformer", service({ maxReplicas: 1 }, { transformer: null }, "Knative")],
    [
      "another kind",
      object("serving.kserve.io/v1beta1", "Other", { spec: { predictor: { minReplicas: 3, maxReplicas: 2 } } }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(judged(inferenceReplicas, resource)).toEqual([]);
  });

  it.each(["predictor", "transformer", "explainer"])("refuses a least above the most of a %s", (role) => {
    expect(judged(inferenceReplicas, service({}, { [role]: { minReplicas: 3, maxReplicas: 2 } }))).toEqual([
      inverted(role, 3, 2),
    ]);
  });

  it.each(["Knative", "Serverless"])("refuses a service without a most in mode %s", (mode) => {
    expect(judged(inferenceReplicas, service({}, {}, mode))).toEqual([unlimited()]);
    expect(judged(inferenceReplicas, service({ maxReplicas: 0 }, {}, mode))).toEqual([unlimited()]);
  });

  it.each([
    ["the least", service({ minReplicas: UNKNOWN_STRING, maxReplicas: 2 }), "spec.predictor.minReplicas"],
    ["the most", service({ maxReplicas: UNKNOWN_STRING }, {}, "Knative"), "spec.predictor.maxReplicas"],
    ["the component", service({}, { transformer: UNKNOWN_STRING }), "spec.transformer"],
    ["the mode", service({}, {}, UNKNOWN_STRING), MODE],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(inferenceReplicas, resource)).toEqual([notKnown(inferenceReplicas, "InferenceService ml/it", path)]);
  });
});
