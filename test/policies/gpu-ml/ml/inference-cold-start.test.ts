import { describe, expect, it } from "vitest";
import { inferenceColdStart } from "../../../../policies/gpu-ml/ml/inference-cold-start";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, service } from "./objects";

const asking = (limits: unknown) => [{ name: "kserve-container", image: "server:1", resources: { limits } }];
const gpu = (predictor: object = {}, mode: unknown = "Knative") =>
  service({ minReplicas: 0, containers: asking({ "nvidia.com/gpu": 1 }), ...predictor }, {}, mode);

const refused = (timeout: number, most = 600) =>
  `advisory [ML-09] InferenceService ml/it: spec.predictor.timeout is ${timeout} seconds, while minReplicas is 0 and the service ` +
  `needs GPUs; allowed: at least ${most} seconds, or minReplicas from 1. Keep one replica, or raise the timeout beyond the ` +
  "time that a GPU node and the model need.";

describe("ML-09 cold starts of inference services", () => {
  it.each([
    ["one replica at least", gpu({ minReplicas: 1 })],
    ["the one that is there by default", gpu({ minReplicas: undefined })],
    ["a long timeout", gpu({ timeout: 600 })],
    ["a long timeout beside a mode that is not known", gpu({ timeout: 600 }, UNKNOWN_STRING)],
    ["the mode Standard", gpu({}, "Standard")],
    ["no mode", gpu({}, null)],
    ["no GPUs", gpu({ containers: asking({ cpu: 1 }) })],
    ["no more GPUs", gpu({ containers: asking({ "nvidia.com/gpu": 0 }) })],
    ["a container that is no object", gpu({ containers: ["server"] })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(inferenceColdStart, resource)).toEqual([]);
  });

  it.each([
    ["no timeout", gpu(), 300],
    ["null for one", gpu({ timeout: null }), 300],
    ["a short one", gpu({ timeout: 599 }), 599],
    [
      "a server that KServe knows",
      gpu({ containers: [], model: { resources: { requests: { "nvidia.com/mig-1g.5gb": 1 } } } }),
      300,
    ],
    ["the old name of the mode", gpu({}, "Serverless"), 300],
  ])("refuses %s", (_case, resource, timeout) => {
    expect(judged(inferenceColdStart, resource)).toEqual([refused(timeout)]);
  });

  it("has the time that configuration says", () => {
    expect(judged(inferenceColdStart, gpu(), { seconds: 300 })).toEqual([]);
    expect(judged(inferenceColdStart, gpu(), { seconds: 301 })).toEqual([refused(300, 301)]);
    const parameter = inferenceColdStart.parameters.seconds;
    expect([1, 0, 1.5, "1"].map((value) => parameter.accepts(value))).toEqual([true, false, false, false]);
  });

  it.each([
    ["the replicas", gpu({ minReplicas: UNKNOWN_STRING }), "spec.predictor.minReplicas"],
    ["the mode", gpu({}, UNKNOWN_STRING), 'metadata.annotations["serving.kserve.io/deploymentMode"]'],
    ["the timeout", gpu({ timeout: UNKNOWN_STRING }), "spec.predictor.timeout"],
    ["the amount of GPUs", gpu({ containers: asking({ "nvidia.com/gpu": UNKNOWN_STRING }) }), "spec.predictor"],
    ["a container", gpu({ containers: [UNKNOWN_STRING] }), "spec.predictor"],
    ["the component", service({}, { explainer: UNKNOWN_STRING }), "spec.explainer"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(inferenceColdStart, resource)).toEqual([
      notKnown(inferenceColdStart, "InferenceService ml/it", path),
    ]);
  });

  it("asks for nothing that is not known where the rest is in order", () => {
    expect(judged(inferenceColdStart, gpu({ minReplicas: UNKNOWN_STRING, containers: asking({}) }))).toEqual([]);
    expect(judged(inferenceColdStart, gpu({ minReplicas: UNKNOWN_STRING }, "Standard"))).toEqual([]);
    expect(judged(inferenceColdStart, gpu({ timeout: UNKNOWN_STRING, minReplicas: 1 }))).toEqual([]);
  });
});
