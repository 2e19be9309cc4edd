import { describe, expect, it } from "vitest";
import { STACK_POLICY } from "../../../../policies/engine/policy-name";
import { nodeClassVolume } from "../../../../policies/gpu-ml/pools/node-class-volume";
import { analyzeStack, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { instanceType, nodePool, notKnownInStack } from "./resources";

function nodeClass(kind: "EC2NodeClass" | "NodeClass", spec: unknown, name: unknown = "gpu"): TestResource {
  const apiVersion = kind === "NodeClass" ? "eks.amazonaws.com/v1" : "karpenter.k8s.aws/v1";
  const props = { apiVersion, kind, metadata: { name }, spec };
  return { type: `kubernetes:${apiVersion}:${kind}`, name: "gpu", props };
}

function karpenter(spec: object = {}, name?: unknown): TestResource {
  return nodeClass("EC2NodeClass", { amiSelectorTerms: [{ alias: "al2023@v20260724" }], ...spec }, name);
}

function autoMode(spec: object = {}): TestResource {
  return nodeClass("NodeClass", spec);
}

function volumes(...sizes: unknown[]) {
  return { blockDeviceMappings: sizes.map((volumeSize) => ({ ebs: { volumeSize } })) };
}

function pool(kind: unknown = "EC2NodeClass", requirement: object = instanceType("g5g.xlarge"), name: unknown = "gpu") {
  return nodePool({ template: { spec: { nodeClassRef: { kind, name }, requirements: [requirement] } } });
}

function messageFor(kind: string, path: string, observed: string, least = 100): string {
  return (
    `advisory [GPU-21] ${kind} gpu: ${path} is ${observed}; allowed: at least ${least} GiB for machines with GPUs. ` +
    `Ask for a volume of ${least}Gi or more.`
  );
}

const FIRST_VOLUME = "spec.blockDeviceMappings[0].ebs.volumeSize";
const CPUS = instanceType("m7i.large");

describe("GPU-21 disks of nodes that Karpenter starts", () => {
  it.each([
    ["a volume that is large enough", [karpenter(volumes("20Gi", "100Gi")), pool()]],
    ["local disks", [karpenter({ instanceStorePolicy: "RAID0" }), pool("EC2NodeClass", instanceType("g5.xlarge"))]],
    ["a volume of Auto Mode", [autoMode({ ephemeralStorage: { size: "100Gi" } }), pool("NodeClass")]],
    ["machines without GPUs", [karpenter(volumes("20Gi")), pool("EC2NodeClass", CPUS)]],
    ["a class that no pool uses", [karpenter(volumes("20Gi"))]],
    ["a pool of another class", [karpenter(volumes("20Gi")), pool("EC2NodeClass", undefined, "other")]],
    ["a pool of another kind of class", [karpenter(volumes("20Gi")), pool("NodeClass")]],
    [
      "a class of another cloud",
      [
        {
          type: "kubernetes:karpenter.azure.com/v1beta1:AKSNodeClass",
          props: {
            apiVersion: "karpenter.azure.com/v1beta1",
            kind: "AKSNodeClass",
            metadata: { name: "gpu" },
            spec: {},
          },
        },
        pool("AKSNodeClass"),
      ],
    ],
    ["a pool by itself", [pool()]],
  ])("accepts %s", (_case, resources) => {
    expect(analyzeStack([nodeClassVolume], resources)).toEqual([]);
  });

  it.each([
    ["a small volume", [karpenter(volumes("99Gi")), pool()], messageFor("EC2NodeClass", FIRST_VOLUME, "99 GiB")],
    [
      "small volumes, by the largest",
      [karpenter(volumes("4Gi", "50Gi", "20Gi")), pool()],
      messageFor("EC2NodeClass", "spec.blockDeviceMappings[1].ebs.volumeSize", "50 GiB"),
    ],
    [
      "a class without volumes",
      [karpenter(), pool()],
      messageFor(
        "EC2NodeClass",
        "spec.blockDeviceMappings",
        "without a size, which leaves the 20 GiB or so of the image",
      ),
    ],
    [
      "the volume that Auto Mode takes",
      [autoMode(), pool("NodeClass")],
      messageFor("NodeClass", "spec.ephemeralStorage.size", "80 GiB"),
    ],
    [
      "a class that several pools use, once",
      [karpenter(volumes("50Gi")), pool("EC2NodeClass", CPUS), pool(), pool()],
      messageFor("EC2NodeClass", FIRST_VOLUME, "50 GiB"),
    ],
    [
      "a small volume, whatever another pool is",
      [karpenter(volumes("50Gi")), pool("EC2NodeClass", instanceType(UNKNOWN_STRING)), pool()],
      messageFor("EC2NodeClass", FIRST_VOLUME, "50 GiB"),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(lines(analyzeStack([nodeClassVolume], resources))).toEqual([message]);
  });

  it("files the finding under the class", () => {
    const small = karpenter(volumes("50Gi"));

    expect(analyzeStack([nodeClassVolume], [pool(), small])).toMatchObject([{ urn: urnOf(small) }]);
  });

  it("asks for as much as configuration says", () => {
    const rules = { "GPU-21": { gib: 200 } };
    const config = { [STACK_POLICY]: { rules } };

    expect(lines(analyzeStack([nodeClassVolume], [karpenter(volumes("150Gi")), pool()], config))).toEqual([
      messageFor("EC2NodeClass", FIRST_VOLUME, "150 GiB", 200),
    ]);
  });

  it.each([
    ["the volumes", [karpenter({ blockDeviceMappings: UNKNOWN_STRING }), pool()], "spec.blockDeviceMappings"],
    ["the size of a volume", [karpenter(volumes(UNKNOWN_STRING)), pool()], "spec.blockDeviceMappings"],
    ["the name of the class", [karpenter(volumes("50Gi"), UNKNOWN_STRING), pool()], FIRST_VOLUME],
    ["the kind of class", [karpenter(volumes("50Gi")), pool(UNKNOWN_STRING)], FIRST_VOLUME],
    [
      "the class of the pool",
      [karpenter(volumes("50Gi")), pool("EC2NodeClass", undefined, UNKNOWN_STRING)],
      FIRST_VOLUME,
    ],
    ["the machines", [karpenter(volumes("50Gi")), pool("EC2NodeClass", instanceType(UNKNOWN_STRING))], FIRST_VOLUME],
    [
      "what a requirement is about",
      [karpenter(volumes("50Gi")), pool("EC2NodeClass", { ...CPUS, key: UNKNOWN_STRING })],
      FIRST_VOLUME,
    ],
  ])("leaves it to the update while %s is not known", (_case, resources, path) => {
    const found = lines(analyzeStack([nodeClassVolume], resources));

    expect(found).toEqual([expect.stringContaining(`${path} is not known yet`)]);
    expect(found[0]!.replace(/\[GPU-21\] .*: spec/, "[GPU-21] it: spec")).toBe(
      notKnownInStack("it", path, nodeClassVolume),
    );
  });
});
