import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { visibleDevices } from "../../../../policies/gpu-ml/pods/visible-devices";
import { analyze, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const CONTAINER = "spec.template.spec.containers[0]";
const FOUND =
  "is NVIDIA_VISIBLE_DEVICES with a choice of GPUs; allowed: what the device plugin sets it to. " +
  "Remove it, and ask for GPUs in limits.";
const ALL = { name: "NVIDIA_VISIBLE_DEVICES", value: "all" };

function withEnv(...env: unknown[]): TestResource {
  return job({ env });
}

function fixesOf({ type, props, ...rest }: TestResource) {
  const subject = new Subject({ type, props, name: "it", urn: urnOf({ type, props, ...rest }) });
  const judgements = [...visibleDevices.judge(subject, { agentImages: [] })];
  return judgements.flatMap((judgement) => ("fix" in judgement ? (judgement.fix ?? []) : []));
}

describe("GPU-05 visible devices", () => {
  it.each<[string, TestResource]>([
    ["no variables", job()],
    ["other variables", withEnv({ name: "CUDA_VISIBLE_DEVICES", value: "0" })],
    ["a variable without value", withEnv({ name: "NVIDIA_VISIBLE_DEVICES" })],
    ["an empty value", withEnv({ ...ALL, value: "" })],
    ["a value that stands for no GPU", withEnv({ ...ALL, value: "void" })],
    ["a value that stands for the driver alone", withEnv({ ...ALL, value: "none" })],
    ["a source that is null", withEnv({ ...ALL, value: "void", valueFrom: null })],
    ["variables that are no list", job({ env: { NVIDIA_VISIBLE_DEVICES: "all" } })],
    ["the device plugin", job({ image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0", env: [ALL] })],
    ["the exporter by digest", job({ image: "nvcr.io/nvidia/k8s/dcgm-exporter@sha256:ab", env: [ALL] })],
    [
      "the device plugin, whatever is not known",
      job({ image: "nvcr.io/nvidia/k8s-device-plugin", env: UNKNOWN_STRING }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([visibleDevices], resource)).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["all GPUs", withEnv(ALL), `${CONTAINER}.env[0]`],
    ["one GPU", withEnv({ name: "A", value: "b" }, { ...ALL, value: "0" }), `${CONTAINER}.env[1]`],
    [
      "what comes from elsewhere",
      withEnv({ name: ALL.name, valueFrom: { configMapKeyRef: {} } }),
      `${CONTAINER}.env[0]`,
    ],
    [
      "all GPUs beside a limit",
      job({ env: [ALL], resources: { limits: { "nvidia.com/gpu": 1 } } }),
      `${CONTAINER}.env[0]`,
    ],
    [
      "all GPUs in an init container",
      job({}, { initContainers: [{ env: [ALL] }] }),
      "spec.template.spec.initContainers[0].env[0]",
    ],
    ["an image of a port and no tag", job({ image: "registry.example:5000/app", env: [ALL] }), `${CONTAINER}.env[0]`],
    ["an image that is no text", job({ image: 7, env: [ALL] }), `${CONTAINER}.env[0]`],
  ])("refuses %s", (_case, resource, path) => {
    expect(lines(analyze([visibleDevices], resource))).toEqual([`mandatory [GPU-05] Job ml/mnist: ${path} ${FOUND}`]);
  });

  it("reaches into the drivers of Spark applications", () => {
    const spec = { driver: { env: [ALL] }, executor: {} };
    const props = {
      apiVersion: "sparkoperator.k8s.io/v1beta2",
      kind: "SparkApplication",
      metadata: { name: "etl" },
      spec,
    };

    expect(
      lines(analyze([visibleDevices], { type: "kubernetes:sparkoperator.k8s.io/v1beta2:SparkApplication", props })),
    ).toEqual([`mandatory [GPU-05] SparkApplication etl: spec.driver.env[0] ${FOUND}`]);
  });

  it("removes every such variable, from the last to the first", () => {
    expect(fixesOf(withEnv(ALL, { name: "A", value: "b" }, ALL))).toEqual([
      { path: `${CONTAINER}.env[2]`, remove: true },
      { path: `${CONTAINER}.env[0]`, remove: true },
    ]);
  });

  it.each<[string, TestResource, string]>([
    ["the variables", job({ env: UNKNOWN_STRING }), `${CONTAINER}.env`],
    ["a variable", withEnv(UNKNOWN_STRING), `${CONTAINER}.env[0]`],
    ["the name", withEnv({ name: UNKNOWN_STRING, value: "all" }), `${CONTAINER}.env[0].name`],
    ["the value", withEnv({ ...ALL, value: UNKNOWN_STRING }), `${CONTAINER}.env[0].value`],
    ["where the value comes from", withEnv({ name: ALL.name, valueFrom: UNKNOWN_STRING }), `${CONTAINER}.env[0].value`],
    ["the image", job({ image: UNKNOWN_STRING, env: [ALL] }), `${CONTAINER}.image`],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([visibleDevices], resource))).toEqual([
      `advisory [GPU-05] Job ml/mnist: ${path} is not known yet; allowed: a value that keeps ` +
        '"Containers do not choose their GPUs themselves". It is judged at update, before the object is created.',
    ]);
  });

  it("says nothing of a harmless value whose name is not known", () => {
    expect(analyze([visibleDevices], withEnv({ name: UNKNOWN_STRING, value: "void" }))).toEqual([]);
  });

  it("lets the images choose that configuration names", () => {
    const config = { gpu: { rules: { "GPU-05": { agentImages: ["registry.example:5000/plugin"] } } } };

    expect(analyze([visibleDevices], job({ image: "registry.example:5000/plugin:1", env: [ALL] }), config)).toEqual([]);
    expect(
      analyze([visibleDevices], job({ image: "nvcr.io/nvidia/k8s-device-plugin", env: [ALL] }), config),
    ).toHaveLength(1);
  });

  it.each(["plugin", [1]])("takes no %j for a list of images", (images) => {
    expect(visibleDevices.parameters.agentImages.accepts(images)).toBe(false);
  });
});
