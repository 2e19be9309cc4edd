import { describe, expect, it } from "vitest";
import { STACK_POLICY } from "../../../../policies/engine/policy-name";
import { efaInterfaces } from "../../../../policies/gpu-ml/pools/efa-interfaces";
import { analyzeStack, lines, UNKNOWN_STRING, urnOf } from "../../analyzer";
import { launchTemplate, nodeGroup, notKnownInStack } from "./resources";

const ARN = "arn:aws:ec2:us-east-1:123456789012:launch-template/lt-1";
const PLAIN = { networkInterfaces: [{ deviceIndex: 0 }] };
const FAST = { networkInterfaces: [{ deviceIndex: 0 }, { interfaceType: "efa-only" }] };

function group(launchTemplate: unknown, instanceTypes: unknown = ["p5.48xlarge"]) {
  return nodeGroup({ instanceTypes, launchTemplate });
}

function messageFor(observed: string, type = "p5.48xlarge"): string {
  return (
    `advisory [GPU-13] NodeGroup train: launchTemplate is ${observed}, although ${type} has adapters for them; ` +
    "allowed: a launch template with EFA interfaces. " +
    "List one interface of type efa or efa-only per network card in the launch template."
  );
}

describe("GPU-13 interfaces of machines with fast adapters", () => {
  it.each([
    ["EFA interfaces, by name", [launchTemplate({ name: "fast", ...FAST }), group({ name: "fast" })]],
    ["EFA interfaces, by id", [launchTemplate({ arn: ARN, ...FAST }), group({ id: "lt-1" })]],
    [
      "a primary interface with EFA",
      [launchTemplate({ name: "a", networkInterfaces: [{ interfaceType: "efa" }] }), group({ name: "a" })],
    ],
    ["machines with few adapters", [group(undefined, ["g5.48xlarge"])]],
    ["machines without adapters", [group(undefined, ["m7i.large", "p5.48xlarge."])]],
    ["a group without instance types", [group(undefined, undefined)].map(() => nodeGroup({}))],
    ["a template of another stack", [group({ id: "lt-1" })]],
    ["a template of that name beside another", [launchTemplate({ name: "b", ...PLAIN }), group({ name: "a" })]],
    ["a template of that id beside another", [launchTemplate({ arn: `${ARN}0`, ...PLAIN }), group({ id: "lt-1" })]],
    ["a template that neither has", [launchTemplate({ ...PLAIN }), group({ version: "1" })]],
    ["a template whose id is no text", [launchTemplate({ arn: ARN, ...PLAIN }), group({ id: 1 })]],
    [
      "machines with few adapters, whatever the template is",
      [launchTemplate({ name: UNKNOWN_STRING, ...PLAIN }), group({ name: "a" }, ["g5.xlarge"])],
    ],
    [
      "EFA interfaces, whatever the template is",
      [launchTemplate({ name: UNKNOWN_STRING, ...FAST }), group({ name: "a" })],
    ],
    [
      "no node group",
      [launchTemplate({ name: "a", ...PLAIN }), { ...group({ name: "a" }), type: "aws:ec2/instance:Instance" }],
    ],
    [
      "what is no template",
      [
        { ...launchTemplate({ name: "a", ...PLAIN }), type: "aws:ec2/launchConfiguration:LaunchConfiguration" },
        group({ name: "a" }),
      ],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(analyzeStack([efaInterfaces], resources)).toEqual([]);
  });

  it.each([
    ["no launch template", [group(undefined)], "absent"],
    ["null", [group(null)], "absent"],
    [
      "a plain template, by name",
      [launchTemplate({ name: "a", ...PLAIN }), group({ name: "a" })],
      "one without EFA interfaces",
    ],
    [
      "a plain template, by id",
      [launchTemplate({ arn: ARN, ...PLAIN }), group({ id: "lt-1" })],
      "one without EFA interfaces",
    ],
    [
      "a template without interfaces",
      [launchTemplate({ name: "a" }), group({ name: "a" })],
      "one without EFA interfaces",
    ],
  ])("refuses %s", (_case, resources, observed) => {
    expect(lines(analyzeStack([efaInterfaces], resources))).toEqual([messageFor(observed)]);
  });

  it("names the type that is fast, and files the finding under the group", () => {
    const slow = group(undefined, ["g5.xlarge", "p4d.24xlarge"]);
    const found = analyzeStack([efaInterfaces], [launchTemplate(PLAIN), slow]);

    expect(lines(found)).toEqual([messageFor("absent", "p4d.24xlarge")]);
    expect(found).toMatchObject([{ urn: urnOf(slow) }]);
  });

  it.each([
    [1, 1],
    [2, 0],
  ])("asks of machines with %d adapters or more where configuration says so", (adapters, findings) => {
    const rules = { "GPU-13": { adapters } };
    const found = analyzeStack([efaInterfaces], [group(undefined, ["g5.48xlarge"])], { [STACK_POLICY]: { rules } });

    expect(found).toHaveLength(findings);
  });

  it.each([
    [1, true],
    [0, false],
    [1.5, false],
    ["4", false],
  ])("tells whether %j is a number of adapters", (value, accepted) => {
    expect(efaInterfaces.parameters.adapters.accepts(value)).toBe(accepted);
  });

  it.each([
    ["the instance types", [group(undefined, UNKNOWN_STRING)], "instanceTypes"],
    ["an instance type", [group(undefined, ["g5.xlarge", UNKNOWN_STRING])], "instanceTypes"],
    [
      "the name in the group",
      [launchTemplate({ name: "a", ...PLAIN }), group({ name: UNKNOWN_STRING })],
      "launchTemplate",
    ],
    ["the id in the group", [launchTemplate({ arn: ARN, ...PLAIN }), group({ id: UNKNOWN_STRING })], "launchTemplate"],
    [
      "the name of the template",
      [launchTemplate({ name: UNKNOWN_STRING, ...PLAIN }), group({ name: "a" })],
      "launchTemplate",
    ],
    [
      "the ARN of the template",
      [launchTemplate({ arn: UNKNOWN_STRING, ...PLAIN }), group({ id: "lt-1" })],
      "launchTemplate",
    ],
    [
      "the interfaces",
      [launchTemplate({ name: "a", networkInterfaces: UNKNOWN_STRING }), group({ name: "a" })],
      "launchTemplate",
    ],
    [
      "the kind of an interface",
      [launchTemplate({ name: "a", networkInterfaces: [UNKNOWN_STRING] }), group({ name: "a" })],
      "launchTemplate",
    ],
  ])("leaves it to the update while %s is not known", (_case, resources, path) => {
    expect(lines(analyzeStack([efaInterfaces], resources))).toEqual([
      notKnownInStack("NodeGroup train", path, efaInterfaces),
    ]);
  });

  it("refuses a fast machine beside one that is not known", () => {
    expect(lines(analyzeStack([efaInterfaces], [group(undefined, [UNKNOWN_STRING, "p5.48xlarge"])]))).toEqual([
      messageFor("absent"),
    ]);
  });
});
