import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { siteLinks } from "../../site/links";
import { PICTURES } from "../../site/pictures";
import { writeSite } from "../../site/site";
import { missingBrowser, startBrowser } from "../support/browser";
import { lastingFolder } from "../support/lasting-folder";
import { files, read, titleOf } from "../support/pages";

const folder = join(lastingFolder("site"), "site");

/** The tests share one site. */
beforeAll(async () => {
  const file = join(dirname(folder), "plan.png");
  writeFileSync(file, "stands for a picture");
  await writeSite(folder, [{ ...PICTURES.plan, file }, PICTURES.rehearsal]);
}, 300_000);

describe("the site", () => {
  it("has no link that leads nowhere", () => {
    const { pages, dead, external } = siteLinks(folder);
    expect(dead).toEqual([]);
    expect(pages).toBeGreaterThan(1000);
    expect(external).toContain("https://typedoc.org");
  });

  it("has every page of the docs in its place, under its title", () => {
    const guides = files.filter((path) => /^docs\/.*\.md$/.test(path));
    const titles = guides.map((path) => titleIn(path.replace(/\.md$/, ".html")));
    expect(guides.length).toBeGreaterThan(150);
    expect(titles).toEqual(guides.map((path) => titleOf(path)));
  });

  it("has a page for every component, which leads to its guide and from there to its arguments", () => {
    const { resources } = JSON.parse(read("packaging/schema.json")) as { resources: Record<string, unknown> };
    const components = Object.keys(resources).map((token) => token.split(":").at(-1)!);
    const lost = components.filter((name) => {
      const page = componentPage(name);
      const guide = /the guide to <a href="\.\.\/([^"#]+)/.exec(page ?? "")?.[1];
      if (guide === undefined) return true;
      return (
        guide !== "docs/components.html" && !new RegExp(`Types: <a href="[^"]*\\.${name}\\.html"`).test(html(guide))
      );
    });
    expect(lost).toEqual([]);
  });

  it("calls areas as programs import them", () => {
    const areas = ["cluster", "platform", "workloads", "model", "policies"];
    expect(areas.filter((area) => !html(`modules/mlstack_${area}.html`).includes(`mlstack/${area}`))).toEqual([]);
  });

  it("shows pictures that were taken, and tells which were not", () => {
    expect(html("docs/plan.html")).toContain(`<img src="../media/plan.png" alt="${PICTURES.plan.caption}"`);
    expect(html("docs/rehearsal.html")).toContain(
      `${PICTURES.rehearsal.caption}: this site was built without Chromium`,
    );
  });
});

const missing = missingBrowser();

describe.skipIf(missing !== undefined)(
  `the site in Chromium, from files${missing === undefined ? "" : ` (${missing})`}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await startBrowser();
    });

    afterAll(() => browser?.close());

    it.each([
      ["GpuJob", "classes/mlstack_workloads.GpuJob.html"],
      ["GPU-05", "docs/policies/GPU-05.html"],
      ["maxUsdPerHour", "docs/environment-keys.html"],
    ])("finds %s", async (words, path) => {
      const { page, complaints, others } = await opened(browser, "docs/ci.html");
      await page.locator("#tsd-search-trigger").click();
      await page.locator("#tsd-search-input").fill(words);
      const results = page.locator("#tsd-search-results a");
      await results.first().waitFor();
      const found = await hrefs(page, "#tsd-search-results a");
      expect(found).toContain(pathToFileURL(join(folder, path)).href);
      expect({ complaints, others }).toEqual({ complaints: [], others: [] });
    });

    it("leads from its navigation to pages that are there", async () => {
      const { page } = await opened(browser, "index.html");
      await page.locator("#tsd-nav-container a").first().waitFor({ state: "attached" });
      const links = await hrefs(page, "#tsd-nav-container a");
      expect(links.length).toBeGreaterThan(150);
      expect(links.filter((link) => !existsSync(fileURLToPath(link.split("#")[0]!)))).toEqual([]);
    });

    it.each(["docs/architecture", "docs/diagrams"])("draws every diagram of %s", async (path) => {
      const { page, complaints, others } = await opened(browser, `${path}.html`);
      const written = read(`${path}.md`).split("\n```mermaid\n").length - 1;
      await page
        .locator("pre.mermaid svg")
        .nth(written - 1)
        .waitFor();
      expect(await page.locator("pre.mermaid svg[aria-roledescription='error']").count()).toBe(0);
      expect(await page.locator("pre.mermaid svg").count()).toBe(written);
      expect({ complaints, others }).toEqual({ complaints: [], others: [] });
    });
  },
);

describe("links of a site", () => {
  const small = lastingFolder("links");
  const pages = {
    "index.html": `<a href="docs/a.html#here">a</a> <a href="docs/">folder</a> <script src="lost.js"></script> <a href="https://typedoc.org">t</a>`,
    "a b.html": `<p id="top">&lt;a href="text.html"&gt;</p><a href="#top">top</a><a href="a%20b.html?x#top">itself</a><a href="#lost">lost</a>`,
  };
  for (const [name, text] of Object.entries(pages)) writeFileSync(join(small, name), text);

  it("are followed to files and to places in pages", () => {
    expect(siteLinks(small)).toEqual({
      pages: 2,
      dead: [
        { page: "a b.html", link: "#lost" },
        { page: "index.html", link: "docs/a.html#here" },
        { page: "index.html", link: "docs/" },
        { page: "index.html", link: "lost.js" },
      ],
      external: ["https://typedoc.org"],
    });
  });
});

function html(path: string): string {
  return readFileSync(join(folder, path), "utf8");
}

/** A page's first heading as it was written. */
function titleIn(path: string): string {
  const heading = /<h1 [^>]*>(.*?)<a /.exec(html(path))?.[1] ?? "";
  return heading
    .replaceAll(/<\/?code>/g, "`")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&");
}

function componentPage(name: string): string | undefined {
  const areas = ["cluster", "platform", "workloads"];
  const path = areas
    .map((area) => `classes/mlstack_${area}.${name}.html`)
    .find((each) => existsSync(join(folder, each)));
  return path === undefined ? undefined : html(path);
}

async function hrefs(page: Page, selector: string): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll(${JSON.stringify(selector)})].map((each) => each.href)`,
  );
}

/** A page of the site, with what it complains of and what it asks other hosts for. */
async function opened(browser: Browser, path: string) {
  const context = await browser.newContext();
  onTestFinished(() => context.close());
  const complaints: string[] = [];
  const others: string[] = [];
  await context.route(/^(?!file:|data:|blob:)/, (route) => {
    others.push(route.request().url());
    return route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    // Files may not take icons out of one another, so a script of TypeDoc then puts them into the page.
    if (!/^Unsafe attempt to load URL .*icons\.svg/.test(message.text())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  await page.goto(pathToFileURL(join(folder, path)).href);
  return { page, complaints, others };
}
