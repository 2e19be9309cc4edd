import { describe, expect, it } from "vitest";
import { registeredResource } from "../../cli/registered-resources";
import { UNKNOWN } from "../../components/model";

const URN = "urn:pulumi:dev::mlstack::mlstack:index:GpuNodePool$aws:eks/nodeGroup:NodeGroup::train";
const nodeGroup = { urn: URN, type: "aws:eks/nodeGroup:NodeGroup", custom: true };

describe("registeredResource", () => {
  it("is named by the end of its URN, and has what it was given", () => {
    const inputs = { instanceTypes: ["g5.xlarge"] };
    expect(registeredResource({ ...nodeGroup, inputs, outputs: { arn: "arn:aws:eks" } })).toEqual({
      type: "aws:eks/nodeGroup:NodeGroup",
      name: "train",
      urn: URN,
      properties: inputs,
      isProtected: false,
    });
  });

  it("has what a component says of itself beside what it was given", () => {
    const component = { urn: URN, type: "mlstack:index:GpuNodePool", custom: false, inputs: { maxNodes: 2 } };
    const { properties } = registeredResource({ ...component, outputs: { shape: { maxNodes: 2 } } });
    expect(properties).toEqual({ maxNodes: 2, shape: { maxNodes: 2 } });
    expect(registeredResource(component, { shape: {} }).properties).toEqual({ maxNodes: 2, shape: {} });
  });

  it.each([
    ["a text that is not known yet", "04da6b54-80e4-46f7-96ec-b56ff0331ba9"],
    ["a number that is not known yet", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"],
    ["a list that is not known yet", "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"],
    ["a secret of a preview", "[secret]"],
    [
      "a secret of a state",
      { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1" },
    ],
  ])("has a marker for %s", (_, value) => {
    const { properties } = registeredResource({ ...nodeGroup, inputs: { tags: [{ key: "team", value }] } });
    expect(properties).toEqual({ tags: [{ key: "team", value: UNKNOWN }] });
  });

  it("tells its parent, what it waits for, and whether it is protected", () => {
    const state = { ...nodeGroup, parent: "urn:parent", dependencies: ["urn:role"], protect: true };
    expect(registeredResource(state)).toMatchObject({
      parent: "urn:parent",
      dependencies: ["urn:role"],
      isProtected: true,
    });
    expect(registeredResource({ ...nodeGroup, dependencies: null })).not.toHaveProperty("dependencies");
    expect(registeredResource({ ...nodeGroup, dependencies: [] })).not.toHaveProperty("dependencies");
  });
});
