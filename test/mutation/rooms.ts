import { readdirSync } from "node:fs";
import { join, relative } from "node:path";
import { checkoutRoot } from "../../rehearsal/checkout";

/** A part of the code that has a score of its own. */
export interface Room {
  name: string;
  /** Files that get mutants. */
  sources: string[];
  /** Files of tests that judge them, those of the room itself first, as they notice most of what is wrong there. */
  tests: string[];
}

const root = checkoutRoot();

const POLICY_ROOMS = ["engine", "pod-security", "gpu-ml", "eks"].map((name) => join("policies", name));
const PREFLIGHT_ROOMS = ["scheduling", "pools", "demand", "placement", "packing", "cost"].map((name) =>
  join("preflight", name),
);

/** Files that only hand on or list what others hold. */
const LISTS = /(^|\/)(index|rules)\.ts$/;

/**
 * Tests that take most of the time, or need a cluster: thousands of pods of others, and the real scheduler. The room's own
 * tests must do without.
 */
const LEFT_OUT = /upstream-fixtures\.test\.ts$|^test\/preflight\/[a-z-]*differential\//;

/** The rooms whose files have `only` in their paths, each with those files alone. */
export function roomsWith(only: string): Room[] {
  const everyRule = join(root, "test", "policies", "every-rule.test.ts");
  const rooms = [
    ...roomsOf(POLICY_ROOMS).map((room) => ({ ...room, tests: [...room.tests, everyRule] })),
    ...roomsOf(PREFLIGHT_ROOMS),
  ];
  return rooms
    .map((room) => ({ ...room, sources: room.sources.filter((file) => relative(root, file).includes(only)) }))
    .filter(({ sources }) => sources.length > 0);
}

/** Each of the folders as a room; the tests of the other folders judge it too. */
function roomsOf(folders: string[]): Room[] {
  return folders.map((folder) => {
    const ownFirst = [folder, ...folders.filter((other) => other !== folder)];
    return {
      name: folder,
      sources: filesIn(folder).filter((file) => !LISTS.test(file)),
      tests: ownFirst
        .flatMap((name) => filesIn(join("test", name)))
        .filter((file) => file.endsWith(".test.ts") && !LEFT_OUT.test(relative(root, file))),
    };
  });
}

function filesIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
  return entries.filter((entry) => entry.endsWith(".ts")).map((entry) => join(root, folder, entry));
}
