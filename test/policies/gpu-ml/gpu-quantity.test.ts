import { describe, expect, it } from "vitest";
import { gpuQuantity } from "../../../policies/gpu-ml/gpu-quantity";
import { analyze, job, lines, UNKNOWN_STRING } from "../analyzer";

const RESOURCES = "Job ml/mnist: spec.template.spec.containers[0].resources";
const WHOLE =
  "allowed: a whole number of GPUs. Ask for whole GPUs; to share one, use a MIG profile or a time-sliced pool.";

describe("GPU-01 GPU quantities", () => {
  it.each([
    ["no resources", {}],
    ["one GPU in limits", { limits: { "nvidia.com/gpu": 1 } }],
    ["a quantity in quotes", { limits: { "nvidia.com/gpu": "8" } }],
    ["a whole number in another unit", { limits: { "nvidia.com/gpu": "2000m" } }],
    ["equal requests", { limits: { "nvidia.com/gpu": "2" }, requests: { "nvidia.com/gpu": 2 } }],
    ["a MIG slice", { limits: { "nvidia.com/mig-1g.5gb": 1 } }],
    ["fractions of other resources", { limits: { cpu: "0.5" }, requests: { cpu: "0.25" } }],
    ["an amount that is null", { limits: { "nvidia.com/gpu": null } }],
  ])("accepts %s", (_case, resources) => {
    expect(analyze([gpuQuantity], job({ resources }))).toEqual([]);
  });

  it.each([
    [
      "half a GPU",
      { limits: { "nvidia.com/gpu": 0.5 } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/gpu"] is 0.5; ${WHOLE}`,
    ],
    [
      "a fraction of a MIG slice",
      { limits: { "nvidia.com/mig-1g.5gb": "500m" } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/mig-1g.5gb"] is "500m"; ${WHOLE}`,
    ],
    [
      "a negative number",
      { limits: { "nvidia.com/gpu": -1 } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/gpu"] is -1; ${WHOLE}`,
    ],
    [
      "a word",
      { limits: { "nvidia.com/gpu": "two" } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/gpu"] is "two"; ${WHOLE}`,
    ],
    [
      "an object",
      { limits: { "nvidia.com/gpu": { count: 1 } } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/gpu"] is no quantity; ${WHOLE}`,
    ],
    [
      "a time-sliced half",
      { limits: { "nvidia.com/gpu.shared": 0.5 } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/gpu.shared"] is 0.5; ${WHOLE}`,
    ],
    [
      "a word, once, beside a number",
      { limits: { "nvidia.com/gpu": "two" }, requests: { "nvidia.com/gpu": 2 } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/gpu"] is "two"; ${WHOLE}`,
    ],
    [
      "a request without limit",
      { requests: { "nvidia.com/gpu": 1 } },
      `mandatory [GPU-01] ${RESOURCES}.limits["nvidia.com/gpu"] is absent, although requests has it; ` +
        "allowed: the amount in requests, 1. Set the limit; the request may then be left out.",
    ],
    [
      "a request below the limit",
      { limits: { "nvidia.com/gpu": 2 }, requests: { "nvidia.com/gpu": 1 } },
      `mandatory [GPU-01] ${RESOURCES}.requests["nvidia.com/gpu"] is 1; ` +
        "allowed: the amount in limits, 2, or absent. Set only the limit.",
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(lines(analyze([gpuQuantity], job({ resources })))).toEqual([message]);
  });

  it.each([
    ["the amount", { limits: { "nvidia.com/gpu": UNKNOWN_STRING } }, 'limits["nvidia.com/gpu"]'],
    ["the request without limit", { requests: { "nvidia.com/gpu": UNKNOWN_STRING } }, 'requests["nvidia.com/gpu"]'],
    ["the limits", { limits: UNKNOWN_STRING, requests: { "nvidia.com/gpu": 1 } }, "limits"],
  ])("leaves it to the update while %s is not known", (_case, resources, path) => {
    const [message, ...others] = lines(analyze([gpuQuantity], job({ resources })));

    expect(others).toEqual([]);
    expect(message).toContain(`advisory [GPU-01] ${RESOURCES}.${path}`);
    expect(message).toContain("is not known yet");
  });

  it("still refuses half a GPU in requests while the limits are not known", () => {
    const resources = { limits: UNKNOWN_STRING, requests: { "nvidia.com/gpu": 0.5 } };

    expect(lines(analyze([gpuQuantity], job({ resources })))[0]).toBe(
      `mandatory [GPU-01] ${RESOURCES}.requests["nvidia.com/gpu"] is 0.5; ${WHOLE}`,
    );
  });
});
