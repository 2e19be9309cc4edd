import * as pulumi from "@pulumi/pulumi";
import { assert, asyncProperty, dictionary, letrec, oneof, type Arbitrary } from "fast-check";
import { array, boolean, constant, integer, string } from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { OutputMarks } from "../../../components/rendering/output-marks";
import { startMocks, valueOf } from "../../support/mocks";

beforeEach(async () => {
  await startMocks();
});

/** A value in which some leaves are of a kind of their own. */
function tree(leaf: Arbitrary<unknown>): Arbitrary<unknown> {
  return letrec((tie) => ({
    node: oneof(
      { depthSize: "small", withCrossShrink: true },
      oneof(leaf, string(), integer(), boolean(), constant(null)),
      array(tie("node"), { maxLength: 4 }),
      dictionary(string(), tie("node"), { maxKeys: 4 }),
    ),
  })).node;
}

/** The value of everything within, once all is known. */
async function settled(node: unknown): Promise<unknown> {
  return valueOf(pulumi.output<unknown>(node));
}

describe("marks of outputs", () => {
  it("filled in again give what was marked, wherever in it the outputs are", async () => {
    class Leaf {
      constructor(readonly text: string) {}
    }
    const leaves = string().map((text) => new Leaf(text));
    const resolve = (node: unknown, of: (leaf: Leaf) => unknown): unknown => {
      if (node instanceof Leaf) return of(node);
      if (Array.isArray(node)) return node.map((each) => resolve(each, of));
      if (typeof node !== "object" || node === null) return node;
      return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, resolve(value, of)]));
    };
    await assert(
      asyncProperty(tree(leaves), async (shape) => {
        const marks = new OutputMarks();
        const given = resolve(shape, ({ text }) => pulumi.output(text));
        const copy = JSON.parse(JSON.stringify(marks.mark(given))) as unknown;
        expect(await settled(marks.fill(copy))).toEqual(resolve(shape, ({ text }) => text));
      }),
    );
  });

  it("filled in leave outputs alone that were put in without a mark", async () => {
    const marks = new OutputMarks();
    const mark = marks.mark(pulumi.output("marked"));
    const later = pulumi.output("later");
    const filled = marks.fill({ mark, list: [later] }) as { mark: unknown; list: unknown[] };
    expect(filled.list[0]).toBe(later);
    expect(await settled(filled)).toEqual({ mark: "marked", list: ["later"] });
  });

  it("are filled in within a text, several of them and one of them several times", async () => {
    await assert(
      asyncProperty(string(), string(), string(), async (first, second, between) => {
        const marks = new OutputMarks();
        const [a, b] = marks.mark([pulumi.output(first), pulumi.output(second)]) as [string, string];
        const filled = marks.fill(`${a}${between}${b}/${a}`);
        expect(await settled(filled)).toBe(`${first}${between}${second}/${first}`);
      }),
    );
  });

  it("take values as they are, also what looks like the pattern of a replacement or like a mark", async () => {
    const marks = new OutputMarks();
    const [a, b] = marks.mark([pulumi.output("$&$1"), pulumi.output("mlstack-output-0-")]) as [string, string];
    expect(await settled(marks.fill(`<${a}|${b}>`))).toBe("<$&$1|mlstack-output-0->");
  });

  it("are kept apart where there are more than ten", async () => {
    const marks = new OutputMarks();
    const marked = marks.mark(Array.from({ length: 12 }, (_, index) => pulumi.output(`v${index}`))) as string[];
    expect(await settled(marks.fill(`${marked[1]}${marked[11]}`))).toBe("v1v11");
  });

  it("stand for promises too, which are inputs as well", async () => {
    const marks = new OutputMarks();
    const marked = marks.mark({ host: Promise.resolve("db") });
    expect(marked).toEqual({ host: "mlstack-output-0-" });
    expect(await settled(marks.fill(marked))).toEqual({ host: "db" });
  });

  it("keep a secret one, also within a text", async () => {
    const marks = new OutputMarks();
    const mark = marks.mark(pulumi.secret("s3cret")) as string;
    for (const text of [mark, `password=${mark}`]) {
      expect(await pulumi.isSecret(marks.fill(text) as pulumi.Output<string>), text).toBe(true);
    }
  });

  it("of another rendering stay as they are", () => {
    const marks = new OutputMarks();
    marks.mark(pulumi.output("known"));
    expect(marks.fill({ text: "mlstack-output-7-" })).toEqual({ text: "mlstack-output-7-" });
  });

  it("are not looked for where nothing was marked", () => {
    const marks = new OutputMarks();
    const large = { text: "mlstack-output-0-" };
    expect(marks.fill(large)).toBe(large);
  });
});
