import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Picture } from "./guides";

/** The test that takes the pictures. */
export const PICTURED = "test/site/pictures.test.ts";

/** Pictures by their names, what they show, and which page gets them. */
export const PICTURES = {
  plan: {
    page: "docs/plan.md",
    caption: "The page that a plan is written as, of an environment that the tests made up",
  },
  rehearsal: {
    page: "docs/rehearsal.md",
    caption: "The page that a rehearsal is written as, of one that the tests made up",
  },
} as const satisfies Record<string, Picture>;

/** The pictures, each with its file where a folder has one. */
export function picturesIn(folder: string): Picture[] {
  return Object.entries(PICTURES).map(([name, picture]) => {
    const file = join(folder, `${name}.png`);
    return existsSync(file) ? { ...picture, file } : picture;
  });
}
