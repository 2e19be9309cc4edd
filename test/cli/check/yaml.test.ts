import { describe, expect, it, vi } from "vitest";
import { readInput } from "../../../cli/check/input";
import { none, scratch } from "./manifests";

const reading =
  (value: unknown) =>
  (text: string): [string, unknown] => [text, value];

describe("YAML, as mlstack check reads it", () => {
  const { file } = scratch();

  async function valueOf(text: string): Promise<unknown> {
    const { documents } = await readInput([await file("a.yaml", `apiVersion: v1\nkind: A\nvalue: ${text}\n`)], none);
    return documents[0]?.resource.properties["value"];
  }

  const readings: [text: string, value: unknown][] = [
    ...["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"].map(reading(true)),
    ...["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"].map(reading(false)),
    ...["yEs", "oN", "nope"].map((text) => reading(text)(text)),
    ["'yes'", "yes"],
    ['"on"', "on"],
    ["0644", 420],
    ["-010", -8],
    ["0o17", 15],
    ["0", 0],
    ["089", 89],
    ["'0644'", "0644"],
    ["1:30", "1:30"],
    ["2001-01-01", "2001-01-01"],
  ];

  it.each(readings)("%s is %j", async (text, value) => {
    expect(await valueOf(text)).toBe(value);
  });

  it("follows merge keys and aliases", async () => {
    expect(await valueOf("[&a { b: 1, c: 1 }, { <<: *a, c: 2 }, *a]")).toEqual([
      { b: 1, c: 1 },
      { b: 1, c: 2 },
      { b: 1, c: 1 },
    ]);
  });

  it.each([
    ["a: [1,\nb: 2\n", 2, "the indentation is wrong"],
    ["a: 1\na: secret\n", 2, "a key is there twice in one map"],
    ['a: "secret\n', 2, "a sign is missing, such as a closing bracket or quote, or the space after a colon"],
    ["a:\n\tb: secret\n", 2, "a tab indents a line, where YAML wants spaces"],
    ["a: 1\nb: *secret\n", 2, "an alias has no anchor before it"],
    ["a: 1\nb: &b { c: *b }\n", 2, "an alias stands inside of what it stands for"],
    ["a: 1\n? { secret: 1 }\n: 2\n", 2, "a key is a map or a list, where text belongs"],
    ["a: 1\nb: {? [secret] }\n", 2, "a key is a map or a list, where text belongs"],
    ["a: 1\nimage: {{ .Values.image }}\n", 2, "this is a template that is not rendered"],
    ["a: 1\nimage: {{ inputs.parameters.image }}\n", 2, "this is a template that is not rendered"],
    ["{{- if .Values.on }}\na: 1\n{{- end }}\n", 1, "this is a template that is not rendered"],
    [`a: ${"[".repeat(20000)}${"]".repeat(20000)}\n`, undefined, "it nests too deep"],
    [
      `a: &a [1, 1, 1, 1]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a]\nc: &c [*b, *b, *b, *b, *b, *b, *b, *b]\nd: &d [*c, *c, *c, *c, *c, *c, *c, *c]\ne: [*d, *d, *d, *d, *d, *d, *d, *d]\n`,
      1,
      "its aliases unfold to too much",
    ],
  ])("refuses %#, with its line and without what stands there", async (text, line, reason) => {
    const warning = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const path = await file("a.yaml", text);
    const reading = readInput([path], none);

    await expect(reading).rejects.toThrow(line === undefined ? reason : `${path}:${line}: ${reason}`);
    await expect(reading).rejects.not.toThrow("secret");
    expect(warning).not.toHaveBeenCalled();
    warning.mockRestore();
  });

  it("takes the variables of Argo inside text for what they are", async () => {
    expect(await valueOf('"{{inputs.parameters.image}}"')).toBe("{{inputs.parameters.image}}");
  });
});
