import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { planPage } from "../../cli/plan/page";
import { rehearsalPage } from "../../cli/rehearse/page";
import type { PICTURES } from "../../site/pictures";
import { typicalReport } from "../cli/plan/page/fixture";
import { typicalRehearsal } from "../cli/rehearse/fixture";
import { missingBrowser, startBrowser } from "../support/browser";
import { DEVICES, openedPage } from "../support/opened-page";
import { root } from "../support/pages";

/** Pages by the names of their pictures, with what must be seen of each. */
const PAGES: Record<keyof typeof PICTURES, { html: () => string; shows: string[] }> = {
  plan: { html: () => planPage(typicalReport), shows: ["h1", "#pools-title"] },
  rehearsal: { html: () => rehearsalPage(typicalRehearsal), shows: ["h1", "#timeline-title"] },
};

/** Where the site takes them from; Git ignores it. */
const folder = join(root, "bin", "pictures");

const missing = missingBrowser();

describe.skipIf(missing !== undefined)(
  `pictures for the site${missing === undefined ? "" : ` (${missing})`}`,
  { timeout: 60_000 },
  () => {
    let browser: Browser;

    beforeAll(async () => {
      mkdirSync(folder, { recursive: true });
      browser = await startBrowser();
    });

    afterAll(() => browser?.close());

    it.each(Object.entries(PAGES))("show the first screen of the page of a %s", async (name, { html, shows }) => {
      const { page } = await openedPage(browser, html());
      const { viewport } = DEVICES.desktop;
      for (const selector of shows) {
        const box = await page.locator(selector).first().boundingBox();
        expect(box!.y + box!.height, selector).toBeLessThan(viewport.height);
      }
      const path = join(folder, `${name}.png`);
      await page.screenshot({ path });
      expect(sizeOf(path)).toEqual(viewport);
    });
  },
);

/** Width and height as the header of a PNG file says them. */
function sizeOf(path: string): { width: number; height: number } {
  const bytes = readFileSync(path);
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
