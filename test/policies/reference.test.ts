import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { explainedRules, explanationOf, ruleIndex } from "../../cli/check/explanation";
import { checkoutRoot } from "../../rehearsal/checkout";

const folder = join(checkoutRoot(), "docs", "policies");
const pages = new Map([
  ["README.md", ruleIndex()],
  ...explainedRules().map((rule): [string, string] => [`${rule.id}.md`, explanationOf(rule)]),
]);

if (process.env["UPDATE_GOLDEN"] === "1") {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [page, text] of pages) writeFileSync(join(folder, page), text);
}

describe("the reference of rules in docs/policies", () => {
  it("has a page for every rule, and no other", () => {
    expect(readdirSync(folder).toSorted()).toEqual([...pages.keys()].toSorted());
  });

  it.each([...pages])("%s is what the rules say", (page, text) => {
    const path = join(folder, page);

    expect(existsSync(path) ? readFileSync(path, "utf8") : "").toBe(text);
  });
});
