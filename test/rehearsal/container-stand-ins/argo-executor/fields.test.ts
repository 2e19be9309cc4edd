import { describe, expect, test } from "vitest";
import { jsonPath } from "../../../../rehearsal/container-stand-ins/argo-executor/fields";

const object = {
  metadata: { name: "trial", labels: { "example.com/part": "a" } },
  status: {
    values: [1, 2.5],
    conditions: [
      { type: "Ready", status: "False" },
      { type: "Done", status: "True" },
    ],
  },
};

describe("a jsonPath of an output", () => {
  test.each([
    ["{.metadata.name}", "trial"],
    ["{$.metadata.name}", "trial"],
    ["{.metadata.labels.example\\.com/part}", "a"],
    ["{.metadata.labels['example.com/part']}", "a"],
    ["{.status.values[1]}", "2.5"],
    ["{.status.values[-1]}", "2.5"],
    ["{.status.values[*]}", "1 2.5"],
    ['{.status.conditions[?(@.type=="Done")].status}', "True"],
    ["{.status.conditions[0]}", '{"type":"Ready","status":"False"}'],
    ['{.metadata.name}{"/"}{.status.values[0]}', "trial/1"],
    ["{.status.missing.more}", ""],
  ])("%s is '%s'", (template, expected) => {
    expect(jsonPath(object, template)).toBe(expected);
  });

  test("is refused where it has what is not simulated", () => {
    expect(() => jsonPath(object, "{.status..type}")).toThrow(
      "the path {.status..type} has a part that is not simulated: ..type",
    );
  });
});
