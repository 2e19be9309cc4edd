import { describe, expect, it } from "vitest";
import { mergedLines } from "../../../cli/check/line-merge";

/** Texts of one letter a line. */
const lines = (letters: string) => letters.split("").join("\n");

describe("the lines of a text after changes", () => {
  it.each([
    ["nothing changes", "a b c", "abc", "abc", "a b c"],
    ["a line is added at the beginning", "ab", "ab", "xab", "xab"],
    ["in the middle", "abc", "abc", "abxc", "abxc"],
    ["at the end", "ab", "ab", "abxy", "abxy"],
    ["a line goes", "abc", "abc", "ac", "ac"],
    ["a line is another one", "abc", "abc", "axc", "axc"],
    ["several change", "abcdef", "abcdef", "xbcyef", "xbcyef"],
    ["all lines go", "abc", "abc", "x", "x"],
  ])("%s", (_, original, before, after, expected) => {
    const unspaced = (text: string) => lines(text.replaceAll(" ", ""));

    expect(mergedLines(unspaced(original), unspaced(before), unspaced(after))).toBe(unspaced(expected));
  });

  it("keeps the spaces and empty lines of the others", () => {
    expect(mergedLines("a:  1\n\n\nb:   2\n", "a: 1\n\nb: 2\n", "a: 1\nx: 0\n\nb: 2\n")).toBe(
      "a:  1\nx: 0\n\n\nb:   2\n",
    );
  });

  it("finds a place by the line behind where the one before is not there", () => {
    expect(mergedLines("[1,\n2]\nb\n", "[1, 2]\nb\n", "[1, 2]\nx\nb\n")).toBe("[1,\n2]\nx\nb\n");
  });

  it("gives up where a line that changes is not there", () => {
    expect(mergedLines("[1,\n2]\n", "[1, 2]\n", "[1, 3]\n")).toBeUndefined();
    expect(mergedLines("[1,\n2]\n3,\n4\n", "[1, 2]\n3, 4\n", "[1, 2]\nx\n3, 4\n")).toBeUndefined();
  });

  it("gives up where there is too much to compare", () => {
    const many = (letter: string) => `${letter}\n`.repeat(3100);

    expect(mergedLines(many("a"), many("a"), many("b"))).toBeUndefined();
  });
});
