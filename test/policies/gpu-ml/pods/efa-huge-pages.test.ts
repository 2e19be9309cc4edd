import { describe, expect, it } from "vitest";
import { efaHugePages } from "../../../../policies/gpu-ml/pods/efa-huge-pages";
import { analyze, job, lines, UNKNOWN_STRING } from "../../analyzer";

const RESOURCES = "spec.template.spec.containers[0].resources";
const EFA = { "vpc.amazonaws.com/efa": 32 };
const PAGES = { "hugepages-2Mi": "5120Mi" };
const FOUND =
  'resources.limits["hugepages-2Mi"] is absent, although the container has adapters; allowed: 5120Mi, or what libfabric is ' +
  "set up to use. Ask for 5120Mi, in limits and in requests.";

describe("GPU-13 huge pages", () => {
  it.each([
    ["no adapters", { limits: { "nvidia.com/gpu": 8 } }],
    ["no adapters at all", { limits: { "vpc.amazonaws.com/efa": 0 } }],
    ["both", { limits: { ...EFA, ...PAGES } }],
    ["both in requests", { requests: { ...EFA, ...PAGES } }],
    ["adapters in limits, pages in requests", { limits: EFA, requests: PAGES }],
    ["resources that are not known beside pages", { limits: UNKNOWN_STRING, requests: PAGES }],
  ])("accepts %s", (_case, resources) => {
    expect(analyze([efaHugePages], job({ resources }))).toEqual([]);
  });

  it.each([
    ["adapters alone", { limits: EFA }],
    ["adapters in requests", { requests: EFA }],
    ["adapters with no pages", { limits: { ...EFA, "hugepages-2Mi": 0 } }],
    ["adapters with pages of another size", { limits: { ...EFA, "hugepages-1Gi": "1Gi" } }],
  ])("refuses %s", (_case, resources) => {
    expect(lines(analyze([efaHugePages], job({ resources })))).toEqual([
      `advisory [GPU-13] Job ml/mnist: spec.template.spec.containers[0].${FOUND}`,
    ]);
  });

  it("reaches into the workers of a job set", () => {
    const template = { spec: { template: { spec: { containers: [{ name: "main", resources: { limits: EFA } }] } } } };
    const spec = { replicatedJobs: [{ name: "node", template }] };
    const props = { apiVersion: "jobset.x-k8s.io/v1alpha2", kind: "JobSet", metadata: { name: "chat" }, spec };

    expect(lines(analyze([efaHugePages], { type: "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet", props }))).toEqual([
      `advisory [GPU-13] JobSet chat: spec.replicatedJobs[0].template.spec.template.spec.containers[0].${FOUND}`,
    ]);
  });

  it.each([
    [
      "the adapters",
      { limits: { "vpc.amazonaws.com/efa": UNKNOWN_STRING } },
      `${RESOURCES}.limits["vpc.amazonaws.com/efa"]`,
    ],
    ["the pages", { limits: { ...EFA, "hugepages-2Mi": UNKNOWN_STRING } }, `${RESOURCES}.limits["hugepages-2Mi"]`],
    ["the requests", { limits: EFA, requests: UNKNOWN_STRING }, `${RESOURCES}.requests`],
  ])("leaves it to the update while %s are not known", (_case, resources, path) => {
    expect(lines(analyze([efaHugePages], job({ resources })))).toEqual([
      `advisory [GPU-13] Job ml/mnist: ${path} is not known yet; allowed: a value that keeps "Containers with EFA have huge ` +
        'pages". It is judged at update, before the object is created.',
    ]);
  });
});
