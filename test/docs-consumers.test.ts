import { describe, expect, it } from "vitest";
import { read } from "./support/pages";

const page = read("docs/consumers.md");

/** Programs of the page's blocks of code, in their order. */
const PROGRAMS = ["team/index.ts", "workloads-only/index.ts", "yaml/Pulumi.yaml"];

describe("the page on programs that use the components", () => {
  it("shows the programs that the tests run, as they stand", () => {
    const blocks = [...page.matchAll(/```(?:ts|yaml)\n([^]*?)```/g)].map(([, text]) => text);
    expect(blocks).toEqual(PROGRAMS.map((program) => read(`examples/consumers/${program}`)));
  });
});
