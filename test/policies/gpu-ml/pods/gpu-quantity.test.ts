import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { gpuQuantity } from "../../../../policies/gpu-ml/pods/gpu-quantity";
import { analyze, job, lines, UNKNOWN_STRING, urnOf } from "../../analyzer";

const RESOURCES = "Job ml/mnist: spec.template.spec.containers[0].resources";
const WHOLE =
  "allowed: a whole number of GPUs. Ask for whole GPUs; to share one, use a MIG profile or a time-sliced pool.";

function fixesOf(resources: object) {
  const resource = job({ resources });
  const subject = new Subject({ ...resource, name: "it", urn: urnOf(resource) });
  return [...gpuQuantity.judge(subject, {})].flatMap((judgement) => ("fix" in judgement ? [judgement.fix] : []));
}

describe("GPU-01 GPU quantities", () => {
  it.each([
    ["no resources", {}],
    ["no GPU, in so many words", { limits: { "nvidia.com/gpu": 0 } }],
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
      "a word in requests, once, beside a number",
      { limits: { "nvidia.com/gpu": 2 }, requests: { "nvidia.com/gpu": "two" } },
      `mandatory [GPU-01] ${RESOURCES}.requests["nvidia.com/gpu"] is "two"; ${WHOLE}`,
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

  it.each([
    ["the limit to the request", {}, { "nvidia.com/gpu": 1 }, "limits", 1],
    ["the limit to the request as it is written", {}, { "nvidia.com/mig-1g.5gb": "2" }, "limits", "2"],
    ["the request to the limit", { "nvidia.com/gpu": "2" }, { "nvidia.com/gpu": 1 }, "requests", "2"],
  ])("offers to set %s", (_case, limits, requests, side, value) => {
    const [resource = ""] = Object.keys(requests);

    expect(fixesOf({ limits, requests })).toEqual([
      [{ path: `spec.template.spec.containers[0].resources.${side}["${resource}"]`, value }],
    ]);
  });

  it.each([
    ["half a GPU in requests", { requests: { "nvidia.com/gpu": 0.5 } }],
    ["half a GPU in limits", { limits: { "nvidia.com/gpu": 0.5 }, requests: { "nvidia.com/gpu": 1 } }],
    ["a negative request", { requests: { "nvidia.com/gpu": -1 } }],
    ["a word in requests", { requests: { "nvidia.com/gpu": "two" } }],
  ])("takes no %s for the other side", (_case, resources) => {
    expect(fixesOf(resources)).toEqual([]);
    expect(analyze([gpuQuantity], job({ resources }))).toHaveLength(2);
  });
});
