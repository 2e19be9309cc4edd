import { dirname, join } from "node:path";
import { getPulumiComponents } from "@pulumi/pulumi/provider/experimental";
import { describe, expect, it } from "vitest";
import * as workloads from "../components/workloads";
import { allMatches, codeIn, guides, read, rows, section, titleOf, WORKLOADS_INDEX } from "./support/pages";

const index = read(WORKLOADS_INDEX);
const pages = guides.filter((path) => dirname(path) === dirname(WORKLOADS_INDEX) && path !== WORKLOADS_INDEX);
const components = getPulumiComponents(workloads).map(({ name }) => name);

/** Sections that every page has, in this order, with others between them. */
const SECTIONS = ["Creates", "Options", "Runs, retries and clean-up", "Needs"];

describe("the table of all workloads", () => {
  const table = rows(index.split("\n## ")[0] ?? "");
  const links = table.map(([name = ""]) => /^\[`(\w+)`\]\((.+)\)$/.exec(name)?.slice(1) ?? []);

  it("has every kind", () => {
    expect(links.map(([component]) => component).sort()).toEqual(components.toSorted());
  });

  it("has every page, under the title of its component", () => {
    expect(links.map(([, link = ""]) => join(dirname(WORKLOADS_INDEX), link)).sort()).toEqual(pages.toSorted());
    expect(links.map(([, link = ""]) => titleOf(join(dirname(WORKLOADS_INDEX), link)))).toEqual(
      links.map(([component]) => component),
    );
  });
});

describe.each(pages)("%s", (path) => {
  it("has the sections that every page has", () => {
    const headings = allMatches(/^## (.+)$/gm, read(path));
    expect(headings.filter((heading) => SECTIONS.includes(heading))).toEqual(SECTIONS);
  });

  it("names every argument of its component, or leads to the page that does", () => {
    const { resources } = JSON.parse(read("packaging/schema.json")) as {
      resources: Record<string, { inputProperties: Record<string, object> }>;
    };
    const options = section(read(path), "Options");
    const others = allMatches(/\]\(([\w-]+\.md)#options\)/g, options).map((page) => join(dirname(path), page));
    const named = [options, index, ...others.map((page) => section(read(page), "Options"))].flatMap(codeIn);
    const known = new Set(named.map((code) => code.split(/[.[:]/)[0]));
    const own = Object.keys(resources[`mlstack:index:${titleOf(path)}`]!.inputProperties);
    expect(own.filter((argument) => !known.has(argument))).toEqual([]);
  });
});
