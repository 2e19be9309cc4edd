import { expect, test } from "vitest";
import { type FailingRule, FailureKeeper } from "../../../rehearsal/scenarios/failure-keeper";
import type { PodRule } from "../../../rehearsal/scenarios/pod-rules";
import { World } from "../../../rehearsal/timeline/world";
import { job, pod } from "../timeline/recording";

const rule: FailingRule = {
  namespace: "*",
  name: "*",
  does: "fail",
  seconds: 1,
  exit: 1,
  isFirm: true,
  fails: 1,
};

function keeperOf(change: (first: PodRule[]) => Promise<void>): FailureKeeper {
  const world = World.empty();
  for (const name of ["a", "b"]) world.apply({ ...job(name), at: 0 });
  return new FailureKeeper([rule], world, () => Promise.resolve(), change);
}

const failure = (name: string, at: number) => ({ ...pod(name, { node: "n", phase: "Failed" }), at });

test("rules that could not be changed while the API server was away are changed at the next failure", async () => {
  const told: string[][] = [];
  let isAway = true;
  const keeper = keeperOf((first) => {
    if (isAway) return Promise.reject(new Error("connect ECONNREFUSED"));
    told.push(first.map(({ name, does }) => `${name} ${does}`));
    return Promise.resolve();
  });
  await expect(keeper.see(failure("a-0", 1))).rejects.toThrow("ECONNREFUSED");
  isAway = false;
  await keeper.see(failure("a-1", 2));
  expect(told).toEqual([["a succeed"]]);
});

test("two changes at once arrive one after the other, the last with both", async () => {
  const told: number[] = [];
  const keeper = keeperOf(async (first) => {
    // The first would be late if the second did not wait for it.
    await new Promise((resolve) => setTimeout(resolve, told.length === 0 ? 50 : 0));
    told.push(first.length);
  });
  await Promise.all([keeper.see(failure("a-0", 1)), keeper.see(failure("b-0", 1))]);
  expect(told.at(-1)).toBe(2);
});
