import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { siteLinks } from "../../site/links";
import { PICTURES } from "../../site/pictures";
import { writeSite } from "../../site/site";
import { missingBrowser, startBrowser } from "../support/browser";
import { lastingFolder } from "../support/lasting-folder";
import { allMatches, files, read, titleOf } from "../support/pages";
import { scratchFolder } from "../support/scratch";

const folder = join(lastingFolder("site"), "site");
const pageOf = (path: string) => readFileSync(join(folder, path), "utf8");

/** A picture of one pixel, which stands for one that Chromium took. */
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

const { resources } = JSON.parse(read("test/golden/schema.json")) as { resources: Record<string, unknown> };
const components = Object.keys(resources).map((token) => token.split(":").at(-1)!);

beforeAll(async () => {
  const file = join(lastingFolder("pictures"), "plan.png");
  writeFileSync(file, Buffer.from(PIXEL, "base64"));
  await writeSite(folder, [{ ...PICTURES.plan, file }, PICTURES.rehearsal]);
}, 300_000);

describe("the site", () => {
  it("has no link that leads nowhere", () => {
    const { pages, dead, external } = siteLinks(folder);
    expect(dead).toEqual([]);
    expect(pages).toBeGreaterThan(1000);
    expect(external).toContain("https://typedoc.org");
  });

  it("has a page for every page of the docs, in its place and under its title", () => {
    const guides = files.filter((path) => /^docs\/.*\.md$/.test(path));
    const missing = guides.filter((path) => {
      const page = path.replace(/\.md$/, ".html");
      return !existsSync(join(folder, page)) || !textOf(pageOf(page)).includes(titleOf(path).replaceAll("`", ""));
    });
    expect(guides.length).toBeGreaterThan(150);
    expect(missing).toEqual([]);
  });

  it("has a page for every component, which leads to its guide, and for its arguments", () => {
    const written = components.map((name) => ({
      name,
      page: ["cluster", "platform", "workloads"]
        .map((area) => `classes/mlstack_${area}.${name}.html`)
        .find((path) => existsSync(join(folder, path))),
    }));
    const withoutGuide = written.filter(({ page }) => page === undefined || !/href="\.\.\/docs\//.test(bodyOf(pageOf(page))));
    expect(withoutGuide).toEqual([]);
  });
});
