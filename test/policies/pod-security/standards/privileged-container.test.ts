import { describe, expect, it } from "vitest";
import { privilegedContainer } from "../../../../policies/pod-security/standards/privileged-container";
import { analyze, job, lines, UNKNOWN_STRING } from "../../analyzer";

const RULES = [privilegedContainer];

const MESSAGE = "is true; allowed: false or absent. Remove it, and add the single capabilities that the program needs.";

describe("POD-01 privileged containers", () => {
  it.each([
    ["no security context", {}],
    ["an empty security context", { securityContext: {} }],
    ["privileged: false", { securityContext: { privileged: false } }],
  ])("accepts %s", (_case, container) => {
    expect(analyze(RULES, job(container))).toEqual([]);
  });

  it("refuses a privileged container as mandatory and critical", () => {
    expect(analyze(RULES, job({ securityContext: { privileged: true } }))).toMatchObject([
      {
        name: "POD-01",
        enforcementLevel: "mandatory",
        severity: "critical",
        message: `[POD-01] Job ml/mnist: spec.template.spec.containers[0].securityContext.privileged ${MESSAGE}`,
      },
    ]);
  });

  it.each([
    ["the EFA device plugin by tag", "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v0.5.20", undefined, 0],
    ["the same by digest", `public.ecr.aws/eks/aws-efa-k8s-device-plugin@sha256:${"0".repeat(64)}`, undefined, 0],
    ["an image of the same name elsewhere", "registry.example/eks/aws-efa-k8s-device-plugin:v0.5.20", undefined, 1],
    ["an image that configuration names, from a registry with a port", "registry.example:5000/tool:1", "tool", 0],
    [
      "the EFA device plugin where configuration names others",
      "public.ecr.aws/eks/aws-efa-k8s-device-plugin:v1",
      "tool",
      1,
    ],
  ])("knows %s among images that need it", (_case, image, configured, findings) => {
    const config = configured && { pod: { rules: { "POD-01": { images: [`registry.example:5000/${configured}`] } } } };
    const privileged = job({ image, securityContext: { privileged: true } });
    expect(analyze(RULES, privileged, ...(config ? [config] : []))).toHaveLength(findings);
  });

  it.each([
    [["registry.example/tool"], 0],
    [["registry.example/tool", 1], 1],
    ["registry.example/tool", 1],
  ])("reads %j as images: %i mistakes", (images, mistakes) => {
    const config = { pod: { rules: { "POD-01": { images } } } };
    expect(analyze(RULES, { type: "pulumi:pulumi:Stack", props: {} }, config)).toHaveLength(mistakes);
  });

  it("finds init and ephemeral containers too", () => {
    const privileged = { image: "registry.example/tool:1", securityContext: { privileged: true } };
    const pod = job({}, { initContainers: [privileged], ephemeralContainers: [privileged] });

    expect(lines(analyze(RULES, pod))).toEqual([
      `mandatory [POD-01] Job ml/mnist: spec.template.spec.initContainers[0].securityContext.privileged ${MESSAGE}`,
      `mandatory [POD-01] Job ml/mnist: spec.template.spec.ephemeralContainers[0].securityContext.privileged ${MESSAGE}`,
    ]);
  });

  it.each([
    [
      "privileged",
      job({ securityContext: { privileged: UNKNOWN_STRING } }),
      ".containers[0].securityContext.privileged",
    ],
    ["the security context", job({ securityContext: UNKNOWN_STRING }), ".containers[0].securityContext.privileged"],
    ["the list of containers", job({}, { containers: UNKNOWN_STRING }), ".containers"],
    ["the ephemeral containers", job({}, { ephemeralContainers: UNKNOWN_STRING }), ".ephemeralContainers"],
    ["a container", job({}, { containers: [UNKNOWN_STRING] }), ".containers[0]"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze(RULES, resource))).toEqual([
      `advisory [POD-01] Job ml/mnist: spec.template.spec${path} is not known yet; allowed: a value that keeps ` +
        `"Containers are not privileged". It is judged at update, before the object is created.`,
    ]);
  });

  it("leaves it to the update while the whole pod template is not known", () => {
    const resource = { ...job(), props: { ...job().props, spec: { template: UNKNOWN_STRING } } };

    expect(lines(analyze(RULES, resource))).toEqual([
      "advisory [POD-01] Job ml/mnist: spec.template.spec is not known yet; allowed: a value that keeps " +
        `"Containers are not privileged". It is judged at update, before the object is created.`,
    ]);
  });

  it("looks into the items of a list", () => {
    const pod = (spec: unknown) => ({ metadata: { name: "a" }, spec });
    const items = [pod(UNKNOWN_STRING), pod({ containers: [{ securityContext: { privileged: true } }] })];
    const props = { apiVersion: "v1", kind: "PodList", items };

    expect(lines(analyze(RULES, { type: "kubernetes:core/v1:PodList", name: "pods", props }))).toEqual([
      `mandatory [POD-01] PodList pods: items[1].spec.containers[0].securityContext.privileged ${MESSAGE}`,
      "advisory [POD-01] PodList pods: items[0].spec is not known yet; allowed: a value that keeps " +
        `"Containers are not privileged". It is judged at update, before the object is created.`,
    ]);
  });

  it("does not judge resources that are no Kubernetes object", () => {
    const { props } = job({ securityContext: { privileged: true } });

    expect(analyze(RULES, { type: "mlstack:index:GpuJob", props })).toEqual([]);
    expect(analyze(RULES, { type: "kubernetes:helm.sh/v3:Release", props: { values: props } })).toEqual([]);
  });
});
