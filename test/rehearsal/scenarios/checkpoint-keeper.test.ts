import fc from "fast-check";
import { expect, test } from "vitest";
import { CheckpointKeeper } from "../../../rehearsal/scenarios/checkpoint-keeper";
import type { PodSeen } from "../../../rehearsal/timeline/observation";
import { World } from "../../../rehearsal/timeline/world";
import { job, pod } from "../timeline/recording";

/** Seconds of the scenario per second. */
const SPEED = 60;

/** What pods of the Job `train` are told anew; it takes an hour, a minute of the clock, and saves every ten minutes. */
function recorded(...seen: [at: number, name: string, fields: Partial<PodSeen> & { isGone?: true }][]): string[] {
  const world = World.empty();
  world.apply({ ...job("train"), at: 0 });
  const told: string[] = [];
  const rules = [{ namespace: "research", name: "train", every: 600 }];
  const keeper = new CheckpointKeeper(rules, world, SPEED, ({ name }, simulate) => {
    told.push(`${name} ${simulate}`);
    return Promise.resolve();
  });
  for (const [at, name, fields] of seen) {
    const observation = {
      ...pod(name, { simulate: "succeed after=60000ms", ...fields }),
      uid: `${name}@${fields.uid}`,
    };
    void keeper.see({ ...observation, at: at * 1000 });
  }
  return told;
}

test("a pod that comes after one was lost has what is left from the last checkpoint", () => {
  const told = recorded(
    [0, "train-0", { uid: "1", phase: "Running" }],
    // 25 minutes of the scenario, of which 20 were saved.
    [25, "train-0", { uid: "1", phase: "Running", isLeaving: true }],
    [26, "train-0", { uid: "2" }],
  );
  expect(told).toEqual(["train-0 succeed after=40000ms"]);
});

test("what was saved adds up over several losses, and a loss before the next checkpoint takes nothing back", () => {
  const told = recorded(
    [0, "train-0", { uid: "1", phase: "Running" }],
    [25, "train-0", { uid: "1", phase: "Failed" }],
    [26, "train-0", { uid: "2", phase: "Running" }],
    [41, "train-0", { uid: "2", phase: "Running", isGone: true }],
    [42, "train-0", { uid: "3", phase: "Running" }],
    [45, "train-0", { uid: "3", phase: "Failed" }],
    [46, "train-0", { uid: "4" }],
  );
  expect(told).toEqual([
    "train-0 succeed after=40000ms",
    // 20 minutes, and 15 more.
    "train-0 succeed after=30000ms",
    "train-0 succeed after=30000ms",
  ]);
});

test("pods that were there go on as before, and those that never ran or succeeded save nothing", () => {
  const told = recorded(
    [0, "train-0", { uid: "1", phase: "Running" }],
    [0, "train-1", { uid: "1" }],
    [30, "train-1", { uid: "1", isGone: true }],
    [31, "train-1", { uid: "2", phase: "Running" }],
    [60, "train-0", { uid: "1", phase: "Succeeded" }],
    [61, "train-0", { uid: "1", phase: "Succeeded", isGone: true }],
    [62, "train-2", { uid: "1" }],
  );
  expect(told).toEqual([]);
});

test("other workloads begin anew, as do pods that do not say how long they take", () => {
  const lost = (name: string, simulate: string): Parameters<typeof recorded> => [
    [0, name, { uid: "1", phase: "Running", simulate }],
    [30, name, { uid: "1", phase: "Failed", simulate }],
    [31, name, { uid: "2", simulate }],
  ];
  expect(recorded(...lost("other-0", "succeed after=60000ms"))).toEqual([]);
  expect(recorded(...lost("train-0", "run"))).toEqual([]);
});

test("never more is saved than was done, nor less than a checkpoint before it, however often pods are lost", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20_000 }), { minLength: 1, maxLength: 6 }), (runs) => {
      let at = 0;
      const seen = runs.flatMap((milliseconds, index): Parameters<typeof recorded> => {
        const uid = String(index);
        const began = at;
        at += milliseconds / 1000 + 1;
        return [
          [began, "train-0", { uid, phase: "Running" }],
          [began + milliseconds / 1000, "train-0", { uid, phase: "Failed" }],
        ];
      });
      const told = recorded(...seen, [at, "train-0", { uid: "last" }]).at(-1);
      const left = Number(/after=(\d+)ms/.exec(told ?? "after=60000ms")![1]);
      const saved = 60_000 - left;
      const done = runs.reduce((sum, milliseconds) => sum + milliseconds, 0);
      expect(saved % 10_000 === 0 || left === 1).toBe(true);
      expect(saved).toBeLessThanOrEqual(done);
      expect(saved).toBeGreaterThanOrEqual(Math.min(59_999, Math.max(...runs) - 10_000));
    }),
  );
});
