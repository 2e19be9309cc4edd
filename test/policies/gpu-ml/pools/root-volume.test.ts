import { describe, expect, it } from "vitest";
import { judgementsOf } from "../../judgements";
import { Subject } from "../../../../policies/engine/subject";
import { rootVolume } from "../../../../policies/gpu-ml/pools/root-volume";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { launchTemplate, nodeGroup, notKnown } from "./resources";

const RAID0 = Buffer.from("spec: { instance: { localStorage: { strategy: RAID0 } } }").toString("base64");

function group(props: object): TestResource {
  return nodeGroup({ instanceTypes: ["g5.xlarge"], ...props });
}

function template(props: object): TestResource {
  return launchTemplate({ instanceType: "g5.xlarge", ...props });
}

function volumes(...sizes: unknown[]) {
  return { blockDeviceMappings: sizes.map((volumeSize) => ({ ebs: { volumeSize } })) };
}

function messageFor(object: string, path: string, observed: string, least = 100): string {
  return (
    `advisory [GPU-21] ${object}: ${path} is ${observed}; allowed: at least ${least} GiB for machines with GPUs. ` +
    `Give it a volume of ${least} GiB or more.`
  );
}

describe("GPU-21 disks of managed nodes", () => {
  it.each([
    ["a disk that is large enough", group({ diskSize: 100 })],
    ["machines without GPUs", group({ instanceTypes: ["m7i.large"], diskSize: 20 })],
    ["a disk that a launch template describes", group({ launchTemplate: { id: "lt-1", version: "1" } })],
    ["a disk that a launch template not known yet describes", group({ launchTemplate: UNKNOWN_STRING })],
    ["a large disk of whatever machines", group({ diskSize: 200, instanceTypes: UNKNOWN_STRING })],
    ["a template with a volume that is large enough", template(volumes(20, 100))],
    ["a template of machines whose local disks hold images", template({ userData: RAID0, ...volumes(20) })],
    ["a template of machines without GPUs", template({ instanceType: "m7i.large", ...volumes(20) })],
    ["a template that names no machines", launchTemplate(volumes(20))],
    ["a template with an image of its own", template({ imageId: "ami-1" })],
    ["a template with an image of its own that is not known yet", template({ imageId: UNKNOWN_STRING })],
    ["a resource of another type", { type: "aws:ec2/instance:Instance", props: { instanceType: "g5.xlarge" } }],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([rootVolume], resource)).toEqual([]);
  });

  it.each([
    ["a small disk", group({ diskSize: 99 }), messageFor("NodeGroup train", "diskSize", "99 GiB")],
    ["the disk of a group that names none", group({}), messageFor("NodeGroup train", "diskSize", "20 GiB")],
    [
      "a volume of size zero",
      template(volumes(0)),
      messageFor("LaunchTemplate train", "blockDeviceMappings[0].ebs.volumeSize", "0 GiB"),
    ],
    [
      "null for a launch template",
      group({ launchTemplate: null }),
      messageFor("NodeGroup train", "diskSize", "20 GiB"),
    ],
    [
      "a small volume",
      template(volumes(20, 50)),
      messageFor("LaunchTemplate train", "blockDeviceMappings[1].ebs.volumeSize", "50 GiB"),
    ],
    [
      "a template without volumes",
      template({ imageId: null }),
      messageFor(
        "LaunchTemplate train",
        "blockDeviceMappings",
        "without a size, which leaves the 20 GiB or so of the image",
      ),
    ],
    [
      "volumes without a size",
      template(volumes(undefined)),
      messageFor(
        "LaunchTemplate train",
        "blockDeviceMappings",
        "without a size, which leaves the 20 GiB or so of the image",
      ),
    ],
  ])("refuses %s", (_case, resource, message) => {
    expect(lines(analyze([rootVolume], resource))).toEqual([message]);
  });

  it("asks for as much as configuration says", () => {
    const config = { gpu: { rules: { "GPU-21": { gib: 300 } } } };

    expect(analyze([rootVolume], group({ diskSize: 300 }), config)).toEqual([]);
    expect(lines(analyze([rootVolume], group({ diskSize: 299 }), config))).toEqual([
      messageFor("NodeGroup train", "diskSize", "299 GiB", 300),
    ]);
  });

  it.each([
    [1, true],
    [0, false],
    [99.5, false],
    ["100", false],
  ])("tells whether %j is a size", (value, accepted) => {
    expect(rootVolume.parameters.gib.accepts(value)).toBe(accepted);
  });

  it.each([
    ["a group", group({}), [{ path: "diskSize", value: 120 }]],
    ["a volume", template(volumes(50)), [{ path: "blockDeviceMappings[0].ebs.volumeSize", value: 120 }]],
    ["no volume", template({}), undefined],
  ])("sets the size of the disk of %s", (_case, { type, props }, fix) => {
    const judgements = judgementsOf(rootVolume, [new Subject({ type, name: "train", urn: "", props })], { gib: 120 });

    expect(judgements.map(([, judgement]) => ("fix" in judgement ? judgement.fix : undefined))).toEqual([fix]);
  });

  it.each([
    ["the size", group({ diskSize: UNKNOWN_STRING }), "NodeGroup train", "diskSize"],
    ["whether there are GPUs", group({ instanceTypes: UNKNOWN_STRING }), "NodeGroup train", "diskSize"],
    ["the volumes", template({ blockDeviceMappings: UNKNOWN_STRING }), "LaunchTemplate train", "blockDeviceMappings"],
    ["the size of a volume", template(volumes(UNKNOWN_STRING)), "LaunchTemplate train", "blockDeviceMappings"],
    [
      "the machines of a template",
      template({ instanceType: UNKNOWN_STRING }),
      "LaunchTemplate train",
      "blockDeviceMappings",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, object, path) => {
    expect(lines(analyze([rootVolume], resource))).toEqual([notKnown(object, path, rootVolume)]);
  });
});
