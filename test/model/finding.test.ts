import { describe, expect, it } from "vitest";
import { describeFinding } from "../../components/model/finding";

describe("describeFinding", () => {
  it("names rule, object, path, what was observed, what is allowed and the remedy, in one line", () => {
    const sentence = describeFinding({
      rule: "GPU-01",
      severity: "high",
      object: "Job ml/mnist",
      path: "spec.template.spec.containers[0].resources.limits",
      observed: "nvidia.com/gpu: 0.5",
      allowed: "a whole number of GPUs",
      remedy: "Ask for 1.",
    });
    expect(sentence).toBe(
      "[GPU-01] Job ml/mnist: spec.template.spec.containers[0].resources.limits is nvidia.com/gpu: 0.5; " +
        "allowed: a whole number of GPUs. Ask for 1.",
    );
  });
});
