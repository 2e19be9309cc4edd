import { describe, expect, test } from "vitest";
import type { Seen } from "../../../rehearsal/timeline/observation";
import { standstillAfter } from "../../../rehearsal/timeline/standstill";
import { World } from "../../../rehearsal/timeline/world";
import { claim, job, node, pod } from "./recording";

function after(...seen: Seen[]): number {
  const world = World.empty();
  for (const each of [node("a"), ...seen]) world.apply({ ...each, at: 0 });
  return standstillAfter(world, (uid) => uid === "job-standing");
}

describe("a standstill", () => {
  test.each<[why: string, seconds: number, ...Seen[]]>([
    ["never comes while a pod runs that will end", Infinity, job("train"), pod("train-0", { node: "a" })],
    ["comes soon once all has ended", 3, job("train", { ended: "succeeded" })],
    ["comes soon where only what stood before runs", 3, job("standing"), pod("standing-0", { node: "a" })],
    ["leaves controllers time while something waits", 20, job("train")],
    ["leaves a Job its pause before the third try", 40, job("train", { failures: 2 })],
    [
      "comes where a pod holds its node for an image that never comes",
      70,
      job("train"),
      pod("train-0", { node: "a", isWithoutImage: true }),
    ],
    [
      "comes where a pod runs until it is deleted",
      70,
      job("train"),
      pod("train-0", { node: "a", phase: "Running", simulate: "run" }),
    ],
    ["waits for nodes to go", 60, claim("c", { node: "a" })],
  ])("%s", (_, seconds, ...seen) => {
    expect(after(...seen)).toBe(seconds * 1000);
  });
});
