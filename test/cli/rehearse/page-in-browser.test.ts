import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rehearsalPage } from "../../../cli/rehearse/page";
import type { RehearsalReport } from "../../../cli/rehearse/report";
import { missingBrowser, startBrowser } from "../../support/browser";
import { DEVICES, LEAST_CONTRAST, openedPage } from "../../support/opened-page";
import { scratchFolder } from "../../support/scratch";
import { emptyRehearsal, hostileRehearsal, hugeRehearsal, typicalRehearsal } from "./fixture";

const REPORTS = {
  typical: typicalRehearsal,
  empty: emptyRehearsal,
  hostile: hostileRehearsal,
  huge: hugeRehearsal,
};
const SECTIONS = ["timeline", "workloads", "trouble", "queues", "gpus", "cost", "data", "assumptions"];

const missing = missingBrowser();

describe.skipIf(missing !== undefined)(
  `a rehearsal's page in Chromium${missing === undefined ? "" : ` (${missing})`}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await startBrowser();
    });

    afterAll(() => browser?.close());

    const opened = (report: RehearsalReport, options: BrowserContextOptions = DEVICES.desktop) =>
      openedPage(browser, rehearsalPage(report), options);

    describe.each(Object.entries(REPORTS))("of a rehearsal that is %s", (name, report) => {
      it.each(Object.entries(DEVICES))("asks for nothing, complains of nothing, and fits a %s", async (_, options) => {
        const { page, complaints, others } = await opened(report, options);
        await unfold(page);
        const { has, shows } = await page.evaluate<{ has: number; shows: number }>(
          "({ has: document.documentElement.scrollWidth, shows: document.documentElement.clientWidth })",
        );
        expect({ complaints, others: others() }).toEqual({ complaints: [], others: [] });
        expect(has).toBeLessThanOrEqual(shows);
      });

      it("says on top that it is simulated, and has every section under a heading of its own", async () => {
        const { page } = await opened(report);
        expect(await page.locator("header .simulated").textContent()).toMatch(/^Simulated: no container ran\./);
        const ids = await page.evaluate<string[]>(`inPage.attributes("main > section > h2", "id")`);
        expect(ids).toEqual(SECTIONS.map((id) => `${id}-title`));
      });

      it("holds the whole report as JSON", async () => {
        const { page } = await opened(report);
        const text = (await page.locator("#report").textContent()) ?? "";
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
      });

      it.each(["light", "dark"] as const)("has text that can be read, in a %s scheme", async (colorScheme) => {
        const { page } = await opened(report, { ...DEVICES.desktop, colorScheme });
        if (name !== "huge") await unfold(page);
        const { judged, low } = await page.evaluate<{ judged: number; low: string[] }>(
          `inPage.contrastsBelow(${LEAST_CONTRAST})`,
        );
        expect(judged).toBeGreaterThan(30);
        expect(low).toEqual([]);
      });
    });

    it("draws each pod from when to when it had its place, as high as its GPUs, on its node", async () => {
      const { page } = await opened(typicalRehearsal);
      const drawn = await page.evaluate<{ node: string; text: string; left: number; width: number; height: number }[]>(`
        [...document.querySelectorAll("svg.pods")].flatMap((svg) => [...svg.querySelectorAll("g.pod")].map((pod) => {
          const whole = svg.getBoundingClientRect().width;
          const boxes = [...pod.querySelectorAll("rect")].map((rect) => rect.getBBox());
          return {
            node: svg.closest(".node").querySelector("strong").textContent,
            text: pod.getAttribute("aria-label"),
            left: boxes[0].x / whole, width: boxes[0].width / whole,
            height: boxes.reduce((sum, box) => sum + box.height, 0),
          };
        }))`);
      const { pods, ends } = typicalRehearsal;
      expect(drawn).toHaveLength(pods.length);
      for (const { name, node, gpus, from, to = ends } of pods) {
        const bar = drawn.find(({ text }) => text.includes(`pod ${name} `))!;
        expect(bar.node).toBe(node);
        expect(bar.left).toBeCloseTo(from / ends, 2);
        expect(bar.width).toBeCloseTo((to - from) / ends, 2);
        expect(bar.height).toBe(gpus === 0 ? 6 : gpus * 16 - 2);
      }
    });

    it("tells what a bar is where the pointer or the keyboard is, and marks its workload", async () => {
      const { page } = await opened(typicalRehearsal);
      const tip = page.locator(".tip");
      expect(await tip.isVisible()).toBe(false);
      await page.locator("g.pod[tabindex='0']").focus();
      expect(await tip.textContent()).toContain("pod first-0 with 3 GPUs on a, 20s to 16m 40s");
      await page.keyboard.press("ArrowRight");
      expect(await tip.textContent()).toContain("pod second-0 with 2 GPUs on a");
      await page.keyboard.press("ArrowDown");
      expect(await tip.textContent()).toContain("pod first-1 with 3 GPUs on b");
      expect(await page.locator("g.pod.chosen").count()).toBe(3);
      await page.keyboard.press("Escape");
      expect(await tip.isVisible()).toBe(false);
      await page.locator("g.pod").last().hover();
      expect(await tip.textContent()).toContain("pod prepare-0 with 0 GPUs on system-0");
    });

    it("marks faults on every node, and lists them with what they led to", async () => {
      const { page } = await opened(typicalRehearsal);
      expect(await page.locator("svg.pods g.fault").count()).toBe(typicalRehearsal.nodes.length);
      expect(await page.locator("#trouble li").allTextContents()).toEqual([
        "50m nodeLost: node b is gone, with 1 pod; Job research/second lost 1 pod and was not whole again: interrupted; 3 workloads open then: 2 interrupted, 1 never ran",
        "50m 10s Eviction of Job research/second (second-1): its node is gone",
        "50m 20s Deadlock until 1h 40m: Job research/second holds 2 GPUs for 1 pod and lacks nodes for 1 pod",
      ]);
    });

    it("shows everything without its script", async () => {
      const { page } = await opened(typicalRehearsal, { ...DEVICES.desktop, javaScriptEnabled: false });
      expect(await page.locator("g.pod > title").count()).toBe(typicalRehearsal.pods.length);
    });

    it("has its pictures taken", async () => {
      const folder = process.env["MLSTACK_SCREENSHOTS"] || (await scratchFolder());
      await mkdir(folder, { recursive: true });
      const views = {
        desktop: DEVICES.desktop,
        dark: { ...DEVICES.desktop, colorScheme: "dark" as const },
        phone: DEVICES.phone,
      };
      for (const [view, options] of Object.entries(views)) {
        const { page } = await opened(typicalRehearsal, options);
        const picture = await page.screenshot({ path: join(folder, `rehearsal-${view}.png`), fullPage: true });
        expect(picture.length).toBeGreaterThan(50_000);
      }
    });
  },
);

async function unfold(page: Page): Promise<void> {
  await page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true");
}
