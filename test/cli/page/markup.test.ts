import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { escaped, markup, type Content } from "../../../cli/page/markup";

describe("markup", () => {
  it.each<[string, Content, string]>([
    ["text, escaped", `<b>"it's" & more`, "&lt;b&gt;&quot;it&#39;s&quot; &amp; more"],
    ["numbers", 0, "0"],
    ["markup as it is", markup`<b>${"<"}</b>`, "<b>&lt;</b>"],
    ["nothing for what is absent", undefined, ""],
    ["each of several", ["a<", 1, [markup`<i>`, undefined]], "a&lt;1<i>"],
    ["signs that would not be seen, made visible", "a\u202eb\n", "a\\u202eb\\u000a"],
    ["a backslash as it is", "a\\nb", "a\\nb"],
  ])("holds %s", (_, content, text) => {
    expect(markup`[${content}]`.text).toBe(`[${text}]`);
  });

  it("never lets a text open a tag, end an attribute or begin an entity", () => {
    const unit = fc.constantFrom(...Array.from(`<>"'&;#/!-=amplt0 \n\u202e\ud83d`));
    fc.assert(
      fc.property(fc.string({ unit }), (text) => {
        expect(escaped(text)).not.toMatch(/[<>"']|&(?!(amp|lt|gt|quot|#39);)/);
      }),
      { seed: 8, numRuns: 500 },
    );
  });
});
