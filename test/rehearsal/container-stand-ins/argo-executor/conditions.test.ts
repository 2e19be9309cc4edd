import { describe, expect, test } from "vitest";
import { judge, parseCondition } from "../../../../rehearsal/container-stand-ins/argo-executor/conditions";

const object = {
  status: {
    succeeded: 3,
    phase: "Ready",
    empty: null,
    conditions: [{ type: "Complete" }],
    applicationState: { state: "COMPLETED" },
  },
};

describe("a condition of a resource template", () => {
  test.each([
    ["status.phase == Ready", true],
    ["status.phase = Ready", true],
    ["status.phase == Done", false],
    ["status.phase != Done", true],
    ["status.missing != Done", true],
    ["status.applicationState.state in (COMPLETED, FAILED)", true],
    ["status.applicationState.state in (FAILED)", false],
    ["status.missing notin (Done)", true],
    ["status.phase notin (Done, Ready)", false],
    ["status.succeeded > 2", true],
    ["status.succeeded > 3", false],
    ["status.succeeded < 4", true],
    ["status.phase > 2", false],
    ["status.missing < 4", false],
    ["status.succeeded", true],
    ["status.empty", true],
    ["status.missing", false],
    ["!status.missing", true],
    ["!status.succeeded", false],
    ["status.conditions.0.type == Complete", true],
    ["status.conditions.1.type == Complete", false],
    ["status.succeeded > 2,status.phase in (Done, Ready)", true],
    ["status.succeeded > 2,status.phase == Done", false],
  ])("'%s' says %s", (text, expected) => {
    expect(judge(object, parseCondition(text), [])).toBe(expected);
  });

  test("fails where any part of it holds, whatever the success says", () => {
    const failure = parseCondition("status.phase == Failed,status.succeeded == 3");
    expect(judge(object, parseCondition("status.succeeded"), failure)).toBe(
      "failure condition 'status.succeeded == 3' evaluated true",
    );
  });

  test("is refused where it is none", () => {
    expect(() => parseCondition("status.phase == Ready,of all")).toThrow(
      "'status.phase == Ready,of all' is no condition: it has the part 'of all'",
    );
  });
});
