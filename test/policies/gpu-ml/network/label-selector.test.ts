import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree } from "../../../../components/model";
import { selects, selectsAll } from "../../../../policies/gpu-ml/network/label-selector";

describe("selectors that select everything", () => {
  it.each<[Tree, boolean | symbol]>([
    [undefined, true],
    [null, true],
    [{}, true],
    [{ matchLabels: {}, matchExpressions: [] }, true],
    [{ matchLabels: null }, true],
    [{ matchLabels: { app: "a" } }, false],
    [{ matchExpressions: [{ key: "app", operator: "Exists" }] }, false],
    [{ matchLabels: { app: UNKNOWN } }, false],
    [{ matchLabels: UNKNOWN }, UNKNOWN],
    [{ matchExpressions: UNKNOWN }, UNKNOWN],
    [{ matchLabels: UNKNOWN, matchExpressions: [{ key: "app", operator: "Exists" }] }, false],
    [UNKNOWN, UNKNOWN],
  ])("tells of %o", (selector, expected) => {
    expect(selectsAll(selector)).toBe(expected);
  });
});

describe("selected labels", () => {
  const expression = (operator: Tree, values?: Tree): Tree => ({
    matchExpressions: [{ key: "app", operator, values }],
  });

  it.each<[Tree, Tree, boolean | symbol]>([
    [{ matchLabels: { app: "a" } }, { app: "a", tier: "b" }, true],
    [{ matchLabels: { app: "a", tier: "c" } }, { app: "a", tier: "b" }, false],
    [{ matchLabels: { app: "a" } }, {}, false],
    [{ matchLabels: { app: "a" } }, undefined, false],
    [{ matchLabels: { app: "a" } }, UNKNOWN, UNKNOWN],
    [{ matchLabels: { app: UNKNOWN } }, { app: "a" }, UNKNOWN],
    [{ matchLabels: UNKNOWN }, { app: "a" }, UNKNOWN],
    [{ matchExpressions: UNKNOWN }, { app: "a" }, UNKNOWN],
    [expression("In", ["a", "b"]), { app: "b" }, true],
    [expression("In", ["a", "b"]), { app: "c" }, false],
    [expression("In", ["a", "b"]), {}, false],
    [expression("In", UNKNOWN), { app: "c" }, UNKNOWN],
    [expression("NotIn", ["a"]), { app: "b" }, true],
    [expression("NotIn", ["a"]), { app: "a" }, false],
    [expression("NotIn", ["a"]), {}, true],
    [expression("NotIn", UNKNOWN), { app: "a" }, UNKNOWN],
    [expression("NotIn", UNKNOWN), {}, true],
    [expression("Exists"), { app: "a" }, true],
    [expression("Exists"), {}, false],
    [expression("Exists"), { app: UNKNOWN }, UNKNOWN],
    [expression("DoesNotExist"), {}, true],
    [expression("DoesNotExist"), { app: null }, true],
    [expression("DoesNotExist"), { app: "a" }, false],
    [expression("Gt", ["1"]), { app: "a" }, UNKNOWN],
    [{ matchExpressions: [{ key: UNKNOWN, operator: "Exists" }] }, { app: "a" }, UNKNOWN],
    [{ matchLabels: { app: "b" }, matchExpressions: [{ key: "app", operator: "Exists" }] }, { app: "a" }, false],
  ])("%o selects %o: %s", (selector, labels, expected) => {
    expect(selects(selector, labels, () => false)).toBe(expected);
  });

  it("takes labels that may be added for those that are asked for", () => {
    expect(selects({ matchLabels: { job: "a" } }, {}, (key) => key === "job")).toBe(true);
    expect(selects({ matchLabels: { job: "a" } }, { job: "b" }, () => true)).toBe(false);
    expect(selects({ matchLabels: { job: "a" } }, {}, (key) => key === "app")).toBe(false);
  });
});
