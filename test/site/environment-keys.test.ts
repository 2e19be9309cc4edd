import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentKeys, environmentKeysPage } from "../../site/environment-keys";
import { allMatches, read, root } from "../support/pages";

const PAGE = "docs/environment-keys.md";

describe("the reference of keys in docs/environment-keys.md", () => {
  const page = environmentKeysPage(root);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(join(root, PAGE), page);

  it("is what schema, guide and environments say; UPDATE_GOLDEN=1 writes it anew", () => {
    expect(read(PAGE)).toBe(page);
  });

  it("has every key once, each with its type and whether it must be there", () => {
    expect(allMatches(/^## (.+)$/gm, page)).toEqual(environmentKeys().map(({ path }) => path));
    const entries = page.split(/^## /m).slice(1);
    const whole = /^.+\n\n.+\n\n- Value: .+\n- (Required|Default: .+)\n/;
    expect(entries.filter((entry) => !whole.test(entry))).toEqual([]);
  });

  it.each([
    ["cluster.kind", ["- Value: one of `local`, `existing`, `eks`", "- Required", '- In `local`: `"local"`']],
    ["gpuPools[].maxUsdPerHour", ["- Value: number", "- Default: none"]],
    ["platform.fullTypes", ["- Value: `true` or `false`"]],
    ["gpuPools[].taints[].effect", ["- Value: one of `NoSchedule`, `PreferNoSchedule`, `NoExecute`", "- Required"]],
    ["storage.artifacts.grants", ["- Value: list, each: mapping"]],
    ["tags", ["- Value: mapping of names, each: text"]],
  ])("says of %s what values it takes", (key, lines) => {
    const entry = page.split(`## ${key}\n`)[1]?.split("\n## ")[0]?.split("\n");
    expect(entry).toEqual(expect.arrayContaining(lines));
  });
});
