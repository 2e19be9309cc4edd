import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planPage } from "../../../../cli/plan/page";
import type { PlanReport } from "../../../../cli/plan/report";
import { missingBrowser, startBrowser } from "../../../support/browser";
import { DEVICES, LEAST_CONTRAST, openedPage } from "../../../support/opened-page";
import { scratchFolder } from "../../../support/scratch";
import { emptyReport, typicalReport } from "./fixture";
import { hostileReport, hugeReport } from "./fixture-extremes";

const REPORTS = { typical: typicalReport, empty: emptyReport, hostile: hostileReport, huge: hugeReport };
const SECTIONS = ["pools", "workloads", "waiting", "cost", "difference", "findings", "graph", "assumptions"];

interface Stretch {
  kind: string;
  share: number;
}

const missing = missingBrowser();

describe.skipIf(missing !== undefined)(
  `a plan's page in Chromium${missing === undefined ? "" : ` (${missing})`}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await startBrowser();
    });

    afterAll(() => browser?.close());

    const opened = (report: PlanReport, options: BrowserContextOptions = DEVICES.desktop) =>
      openedPage(browser, planPage(report), options);

    async function overflow(page: Page): Promise<{ has: number; shows: number }> {
      return page.evaluate(
        "({ has: document.documentElement.scrollWidth, shows: document.documentElement.clientWidth })",
      );
    }

    async function unfolded(page: Page): Promise<void> {
      await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
    }

    describe.each(Object.entries(REPORTS))("of a plan that is %s", (name, report) => {
      it.each(Object.entries(DEVICES))("asks for nothing, complains of nothing, and fits a %s", async (_, options) => {
        const { page, complaints, others } = await opened(report, options);
        await unfolded(page);
        const { has, shows } = await overflow(page);
        expect({ complaints, others: others() }).toEqual({ complaints: [], others: [] });
        expect(shows).toBe(options.viewport.width);
        expect(has).toBeLessThanOrEqual(shows);
      });

      it("has every section under a heading of its own, in order, and every link inside leads to one", async () => {
        const { page } = await opened(report);
        expect(await attributes(page, "main > section > h2", "id")).toEqual(SECTIONS.map((id) => `${id}-title`));
        expect(await page.locator("h1").count()).toBe(1);
        const targets = await attributes(page, "a", "href");
        expect(targets.length).toBeGreaterThan(SECTIONS.length);
        for (const target of targets) expect(await page.locator(`[id="${target.slice(1)}"]`).count()).toBe(1);
      });

      it("is written as the browser reads it, with no element that has to be guessed", async () => {
        const { page } = await opened(report);
        const ids = await attributes(page, "[id]", "id");
        expect(new Set(ids).size).toBe(ids.length);
        expect(await page.evaluate("document.compatMode")).toBe("CSS1Compat");
        // Opening tags of the text, in their order, are the elements of the tree: none was moved, closed or invented.
        const written = [
          ...planPage(report)
            .replace(/<(script|style)>.*?<\/\1>/gs, "<$1>")
            .matchAll(/<([a-zA-Z][\w-]*)/g),
        ];
        const read = await page.evaluate<string[]>("[...document.querySelectorAll('*')].map((each) => each.localName)");
        expect(read).toEqual(written.map(([, tag]) => tag));
      });

      it.each(["light", "dark"] as const)("has text that can be read, in a %s scheme", async (colorScheme) => {
        const { page } = await opened(report, { ...DEVICES.desktop, colorScheme });
        if (name !== "huge") await unfolded(page);
        const found = await page.evaluate<{ judged: number; low: string[] }>(
          `inPage.contrastsBelow(${LEAST_CONTRAST})`,
        );
        expect(found.judged).toBeGreaterThan(40);
        expect(found.low).toEqual([]);
      });
    });

    describe("draws", () => {
      it("each GPU as wide as any other, and each pod as wide as its GPUs", async () => {
        const { page } = await opened(typicalReport);
        const drawn = await page.evaluate<Stretch[][]>("inPage.bars('.pool:has(h3) .node')");
        const layouts = typicalReport.pools.flatMap((pool) => pool.packing.layouts.map((layout) => ({ pool, layout })));
        expect(drawn).toHaveLength(layouts.length);
        for (const [at, { pool, layout }] of layouts.entries()) {
          const { gpusPerNode = 0 } = pool;
          if (gpusPerNode === 0) continue;
          const pods = layout.pods.flatMap(({ pods, gpusPerPod }) =>
            gpusPerPod === 0 ? [] : Array<number>(pods).fill(gpusPerPod),
          );
          const widths = [...pods, ...Array<number>(layout.idleGpus).fill(1)].map((gpus) => gpus / gpusPerNode);
          expectShares(
            drawn[at]!.map(({ share }) => share),
            widths,
          );
          expect(drawn[at]!.filter(({ kind }) => kind === "stranded")).toHaveLength(layout.strandedGpus);
          expect(drawn[at]!.filter(({ kind }) => kind === "idle")).toHaveLength(layout.idleGpus - layout.strandedGpus);
        }
      });

      it("pods on nodes without GPUs as wide as their share of the CPU", async () => {
        const { page } = await opened(typicalReport);
        const drawn = await page.evaluate<Stretch[][]>("inPage.bars('.pool .node')");
        // system: 3 pods of 0.7 cores, 1 of 0.5 and 2 of 1, of 7.7 cores.
        const system = drawn.find((bar) => bar.length === 3 && bar.every(({ kind }) => /^c\d$/.test(kind)));
        expectShares(
          system!.map(({ share }) => share),
          [2.1 / 7.7, 0.5 / 7.7, 2 / 7.7],
        );
      });

      it.each(["typical", "huge"] as const)(
        "a graph of at most 60 boxes for a plan that is %s, each with room for its words",
        async (name) => {
          const { page } = await opened(REPORTS[name]);
          const spare = await page.evaluate<number[]>("inPage.spareWidths()");
          expect(spare.length).toBeGreaterThan(1);
          expect(spare.length).toBeLessThanOrEqual(60);
          expect(Math.min(...spare)).toBeGreaterThanOrEqual(0);
        },
      );

      it("costs by pool on one scale, with the ceiling behind what is typical behind what is idle", async () => {
        const { page } = await opened(typicalReport);
        const drawn = await page.evaluate<Stretch[][]>("inPage.bars('#cost .table:has([aria-label], caption)')");
        const most = 87.84;
        const ofPools = drawn.slice(1, 1 + typicalReport.pools.length);
        for (const [at, { cost }] of typicalReport.pools.entries()) {
          const amounts = [cost.ceiling, cost.typical, cost.idle].filter(
            (usd) => typeof usd === "number" && usd > 0,
          ) as number[];
          expectShares(
            ofPools[at]!.map(({ share }) => share),
            amounts.map((usd) => usd / most),
          );
        }
        expect(ofPools[1]!.map(({ kind }) => kind)).toEqual(["ceiling", "typical", "idle"]);
      });
    });

    describe("is used by keyboard", () => {
      it("chooses a verdict with the arrow keys, and shows only its sets", async () => {
        const { page } = await opened(typicalReport);
        const shown = page.locator("#workload-list tr[data-verdict]:visible");
        expect(await shown.count()).toBe(15);
        await page.locator("#workloads input[type=radio]").first().focus();
        await page.keyboard.press("ArrowRight");
        expect(await attributes(page, "#workload-list tr[data-verdict]:not([hidden])", "data-verdict")).toEqual([
          "never",
          "never",
        ]);
        expect(await page.locator("#workloads .shown").textContent()).toBe("2 of 15 pod sets shown");
        await page.keyboard.press("ArrowLeft");
        expect(await shown.count()).toBe(15);
        expect(await page.locator("#workloads .shown").textContent()).toBe("");
      });

      it("chooses findings by level, what they are about, and words", async () => {
        const { page } = await opened(typicalReport);
        const shown = page.locator("#finding-list .finding:visible");
        await page.locator("#findings fieldset").nth(0).locator("input").first().focus();
        await page.keyboard.press("ArrowRight");
        expect(await shown.count()).toBe(3);
        await page.keyboard.press("Tab");
        await page.keyboard.press("ArrowRight");
        expect(await shown.count()).toBe(2);
        await page.keyboard.press("Tab");
        await page.keyboard.type("ARM64 job");
        expect(await shown.locator("strong").allTextContents()).toEqual(["Job vision/arm-export"]);
        expect(await page.locator("#finding-list section:visible h3").count()).toBe(1);
      });

      it("opens what is folded for as long as something in it is sought", async () => {
        const { page } = await opened(hugeReport);
        const fold = page.locator("#workload-list details.more");
        expect(await fold.getAttribute("open")).toBeNull();
        await page.locator("#workloads input[type=search]").focus();
        await page.keyboard.type("job-499");
        expect(await page.locator("#workload-list tr[data-verdict]:visible").count()).toBe(1);
        for (let sign = 0; sign < "job-499".length; sign++) await page.keyboard.press("Backspace");
        expect(await fold.getAttribute("open")).toBeNull();
      });

      it("reaches whatever scrolls by itself", async () => {
        const { page } = await opened(typicalReport, { viewport: { width: 900, height: 800 } });
        const scrolling = await attributes(page, ".table, .graph", "tabindex");
        expect(scrolling.length).toBeGreaterThan(5);
        expect(new Set(scrolling)).toEqual(new Set(["0"]));
      });
    });

    it("shows everything without its script, and no control that would do nothing", async () => {
      const { page } = await opened(typicalReport, { ...DEVICES.desktop, javaScriptEnabled: false });
      expect(await page.locator("#workload-list tr[data-verdict]").count()).toBe(15);
      expect(await page.locator(".filters:visible").count()).toBe(0);
    });

    it("names every picture, and says in words what it shows", async () => {
      const { page } = await opened(typicalReport);
      const unnamed = await page.evaluate<string[]>("inPage.unnamedPictures()");
      expect(unnamed).toEqual([]);
      const loose = await page.locator('svg:not([role="img"], [aria-hidden="true"], svg svg)').count();
      expect(loose).toBe(0);
    });

    it.each([
      ["typical", 6, 14],
      ["empty", 1, 4],
    ] as const)("prints a plan that is %s on %d to %d pages", async (name, least, most) => {
      const { page } = await opened(REPORTS[name]);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      const pages = pdf.toString("latin1").match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
      expect(pages).toBeGreaterThanOrEqual(least);
      expect(pages).toBeLessThanOrEqual(most);
    });

    it("prints no wider than A4, in light colours whatever the scheme, and without controls", async () => {
      const width = Math.floor(((210 - 2 * 12) / 25.4) * 96);
      const { page } = await opened(typicalReport, { viewport: { width, height: 1000 }, colorScheme: "dark" });
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      const sizes = await page.evaluate<number[]>("inPage.overflows('.table, .pool, .finding, .tiles')");
      expect(Math.max(...sizes)).toBeLessThanOrEqual(1);
      expect(await page.locator("nav:visible, .filters:visible").count()).toBe(0);
      expect(await page.evaluate("getComputedStyle(document.querySelector('.tile')).backgroundColor")).toBe(
        "rgb(255, 255, 255)",
      );
    });

    it("has its pictures taken", async () => {
      const folder = process.env["MLSTACK_SCREENSHOTS"] || (await scratchFolder());
      await mkdir(folder, { recursive: true });
      const views = {
        desktop: DEVICES.desktop,
        dark: { ...DEVICES.desktop, colorScheme: "dark" as const },
        phone: { ...DEVICES.phone, deviceScaleFactor: 1 },
      };
      for (const [view, options] of Object.entries(views)) {
        const { page } = await opened(typicalReport, options);
        const picture = await page.screenshot({ path: join(folder, `plan-${view}.png`), fullPage: true });
        expect(picture.length).toBeGreaterThan(100_000);
      }
      const { page } = await opened(typicalReport);
      await page.pdf({ path: join(folder, "plan-print.pdf"), preferCSSPageSize: true });
    });
  },
);

/** An attribute of each of some elements, which all have it. */
function attributes(page: Page, selector: string, name: string): Promise<string[]> {
  return page.evaluate<string[]>(`inPage.attributes(${JSON.stringify(selector)}, ${JSON.stringify(name)})`);
}

/** Widths on a screen are whole parts of pixels. */
function expectShares(drawn: readonly number[], expected: readonly number[]): void {
  expect(drawn).toHaveLength(expected.length);
  for (const [at, share] of expected.entries()) expect(drawn[at]).toBeCloseTo(share, 2);
}
