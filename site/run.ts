import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { elapsed, runSteps } from "../cli/progress";
import { checkoutRoot } from "../rehearsal/checkout";
import { siteLinks } from "./links";
import { PICTURED, picturesIn } from "./pictures";
import { writeSite } from "./site";

/** `npm run docs`: has the tests take the pictures, writes the site into `bin/docs`, and follows its links. */
export async function main(): Promise<void> {
  const started = Date.now();
  const root = checkoutRoot();
  const folder = join(root, "bin", "docs");
  const pictures = join(root, "bin", "pictures");
  await runSteps([
    {
      title: "Pictures of pages (Chromium)",
      typical: "10 s",
      run: async () => {
        rmSync(pictures, { recursive: true, force: true });
        const taken = spawn(process.execPath, [join(root, "node_modules", "vitest", "vitest.mjs"), "run", PICTURED], {
          cwd: root,
          stdio: "ignore",
        });
        await once(taken, "close");
        const missing = picturesIn(pictures).filter(({ file }) => file === undefined || !existsSync(file));
        return missing.length === 0 ? "taken" : "left out, as Chromium is missing or failed";
      },
    },
    {
      title: "Guides, reference and search (TypeDoc)",
      typical: "20 s to 1 min",
      run: async () => {
        await writeSite(folder, picturesIn(pictures));
        return "written";
      },
    },
    {
      title: "Links",
      typical: "2 s",
      run: () => {
        const { pages, dead, external } = siteLinks(folder);
        if (dead.length === 0)
          return Promise.resolve(`${pages} pages without dead links, ${external.length} addresses elsewhere not asked`);
        throw new Error(["links that lead nowhere:", ...dead.map(({ page, link }) => `${page}: ${link}`)].join("\n  "));
      },
    },
  ]);
  process.stdout.write(`bin/docs is written (${elapsed(started)}). Next: open bin/docs/index.html in a browser\n`);
}
