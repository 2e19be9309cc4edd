import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { onTestFinished } from "vitest";
import { scratchFolder } from "./scratch";

/** Screens that pages are looked at on. */
export const DEVICES = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true },
} satisfies Record<string, BrowserContextOptions>;

/** What WCAG 2.2 asks of text (1.4.3, level AA). */
export const LEAST_CONTRAST = 4.5;

/** Runs in the page, where there is no TypeScript. */
const IN_PAGE = readFileSync(join(__dirname, "in-page.js"), "utf8");

/** A page in a browser, until the running test ends. */
export interface OpenedPage {
  page: Page;
  /** What it wrote to the console or threw, and dialogs that it opened. */
  complaints: string[];
  /** What it asked for beside itself. */
  others: () => string[];
}

/** Opens a page from a file, as people do, and writes down whatever it complains of or asks for. */
export async function openedPage(
  browser: Browser,
  html: string,
  options: BrowserContextOptions = DEVICES.desktop,
): Promise<OpenedPage> {
  const context = await browser.newContext(options);
  onTestFinished(() => context.close());
  const path = join(await scratchFolder(), "page.html");
  const url = `file://${path}`;
  await writeFile(path, html);
  const complaints: string[] = [];
  const asked: string[] = [];
  await context.route("**/*", (route) => {
    asked.push(route.request().url());
    return route.request().url() === url ? route.continue() : route.abort();
  });
  const page = await context.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.evaluate(IN_PAGE);
  return { page, complaints, others: () => asked.filter((each) => each !== url) };
}
