import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import { nodeMinutes, readinessOf, type ReadyHours } from "../../../preflight/cost/ready-hours";
import { MINUTES_PER_WEEK } from "../../../preflight/cost/week-times";
import type { PlannedResource } from "../../../preflight/planned-resource";
import { stackIndexOf } from "../../../preflight/pools/stack-index";
import { pool, poolComponent, poolUrn } from "./stack";

const DAY = 24 * 60;
const nightly = { name: "nightly", days: ["monday"], from: "22:00", to: "06:00", nodes: 3 };

function readiness(...resources: PlannedResource[]) {
  return readinessOf(pool(), stackIndexOf(resources));
}

function ofComponent(...schedules: Tree[]) {
  return readiness(poolComponent("training", { schedules }));
}

function action(name: string, properties: TreeObject, others: Partial<PlannedResource> = {}): PlannedResource {
  const type = "aws:autoscaling/schedule:Schedule";
  return { type, name, urn: `urn:${name}`, parent: poolUrn("training"), properties, ...others };
}

describe("the hours in which a pool keeps nodes ready", () => {
  it("are those of its component's schedules", () => {
    expect(
      ofComponent(nightly, { ...nightly, name: "other", days: null, from: "07:00", to: "07:30", nodes: 1 }),
    ).toEqual({
      hours: [
        { start: DAY + 22 * 60, minutes: 480, nodes: 3 },
        ...[0, 1, 2, 3, 4, 5, 6].map((day) => ({ start: day * DAY + 420, minutes: 30, nodes: 1 })),
      ],
      unread: [],
    });
  });

  it("are those of the first of a pool's resources that has any", () => {
    const [group, component] = [poolComponent("group", {}), poolComponent("training", { schedules: [nightly] })];
    const bare = poolComponent("bare", { schedules: null });
    const resources = [group.urn, bare.urn, component.urn];
    expect(readinessOf(pool({ resources }), stackIndexOf([group, bare, component])).hours).toHaveLength(1);
  });

  it.each<[string, Tree]>([
    ["is not known yet", UNKNOWN],
    ["is none", "nightly"],
    ["has no name", { ...nightly, name: 7 }],
    ["has no beginning", { ...nightly, from: UNKNOWN }],
    ["has no end", { ...nightly, to: undefined }],
    ["has no number of nodes", { ...nightly, nodes: "3" }],
    ["has days that are no list", { ...nightly, days: "monday" }],
    ["has a day that is not known yet", { ...nightly, days: [UNKNOWN] }],
    ["breaks the rules of schedules", { ...nightly, to: "22:00" }],
  ])("leave out a schedule that %s, and say so", (_case, schedule) => {
    const { hours, unread } = ofComponent(nightly, schedule);
    expect(hours).toHaveLength(1);
    expect(unread).toEqual(["schedules[1] is not known yet, or no schedule"]);
  });

  it("are not known where the schedules are not", () => {
    const told = readiness(poolComponent("training", { schedules: UNKNOWN }));
    expect(told).toEqual({ hours: [], unread: ["its schedules are not known yet"] });
  });

  it("are none without schedules, and of other pools", () => {
    const none = { hours: [], unread: [] };
    expect(readiness(poolComponent("training", { schedules: null }))).toEqual(none);
    expect(readiness(poolComponent("other", { schedules: [nightly] }))).toEqual(none);
    expect(readiness(action("up", { minSize: 2, recurrence: "0 8 * * 1" }, { parent: poolUrn("other") }))).toEqual(
      none,
    );
    expect(
      readiness({ ...action("up", { minSize: 2, recurrence: "0 8 * * 1" }), type: "aws:ec2/instance:Instance" }),
    ).toEqual(none);
  });

  it("last from one scheduled action to the next, around the end of the week", () => {
    const told = readiness(
      action("down", { minSize: 0, recurrence: "0 18 * * 5" }),
      action("up", { minSize: 2, recurrence: "0 8 * * 1" }),
    );
    expect(told).toEqual({
      hours: [
        { start: DAY + 480, minutes: 4 * DAY + 600, nodes: 2 },
        { start: 5 * DAY + 1080, minutes: 2 * DAY + 840, nodes: 0 },
      ],
      unread: [],
    });
  });

  it("are all week long where there is one scheduled action only", () => {
    expect(readiness(action("up", { minSize: 2, recurrence: "0 8 * * 1" })).hours).toEqual([
      { start: DAY + 480, minutes: MINUTES_PER_WEEK, nodes: 2 },
    ]);
  });

  it("have the larger size of two actions at one time, whichever comes first", () => {
    const [small, large] = [1, 3].map((size) => action(`to-${size}`, { minSize: size, recurrence: "0 8 * * 1" }));
    const hours = [{ start: DAY + 480, minutes: MINUTES_PER_WEEK, nodes: 3 }];
    expect(readiness(small!, large!).hours).toEqual(hours);
    expect(readiness(large!, small!).hours).toEqual(hours);
  });

  it("are told by scheduled actions that wait for what makes the nodes", () => {
    const waiting = action("up", { minSize: 2, recurrence: "0 8 * * 1" });
    delete waiting.parent;
    expect(readiness(waiting).hours).toEqual([]);
    expect(readiness({ ...waiting, dependencies: [poolUrn("training")] }).hours).toHaveLength(1);
  });

  it("are the component's where both tell of them", () => {
    const both = readiness(
      poolComponent("training", { schedules: [] }),
      action("up", { minSize: 2, recurrence: "0 8 * * 1" }),
    );
    expect(both.hours).toEqual([]);
  });

  it.each<[string, TreeObject, string[]]>([
    ["that leave the least size as it is", { minSize: -1, recurrence: "0 8 * * 1" }, []],
    ["that do not say it", { desiredCapacity: 4, recurrence: "0 8 * * 1" }, []],
    [
      "whose time cannot be read",
      { minSize: 2, startTime: "2026-12-01T08:00:00Z" },
      ["when the scheduled action up happens cannot be read"],
    ],
    [
      "whose size is not known yet",
      { minSize: UNKNOWN, recurrence: "0 8 * * 1" },
      ["when the scheduled action up happens cannot be read"],
    ],
  ])("leave out scheduled actions %s", (_case, properties, unread) => {
    expect(readiness(action("up", properties))).toEqual({ hours: [], unread });
  });
});

describe("the nodes of a pool over a week", () => {
  it.each<[string, ReadyHours[], number, number, number]>([
    ["are its least nodes", [], 2, 9, 2 * MINUTES_PER_WEEK],
    ["are none where it needs none", [], 0, 9, 0],
    ["are more in the hours of a schedule", [{ start: 100, minutes: 60, nodes: 5 }], 2, 9, 2 * MINUTES_PER_WEEK + 180],
    ["are no fewer there", [{ start: 100, minutes: 60, nodes: 1 }], 2, 9, 2 * MINUTES_PER_WEEK],
    ["are never more than its most", [{ start: 100, minutes: 60, nodes: 5 }], 2, 3, 2 * MINUTES_PER_WEEK + 60],
    ["go on into the next week", [{ start: MINUTES_PER_WEEK - 10, minutes: 30, nodes: 1 }], 0, 9, 30],
    ["are there all week", [{ start: 500, minutes: MINUTES_PER_WEEK, nodes: 1 }], 0, 9, MINUTES_PER_WEEK],
    [
      "are the most of schedules that overlap",
      [
        { start: 0, minutes: 100, nodes: 1 },
        { start: 50, minutes: 100, nodes: 3 },
      ],
      0,
      9,
      350,
    ],
  ])("%s", (_case, hours, least, most, minutes) => {
    expect(nodeMinutes(hours, least, most)).toBe(minutes);
  });

  it("are those of each minute together", () => {
    const hours = fc.record({
      start: fc.integer({ min: 0, max: MINUTES_PER_WEEK - 1 }),
      minutes: fc.integer({ min: 1, max: MINUTES_PER_WEEK }),
      nodes: fc.nat(5),
    });
    fc.assert(
      fc.property(fc.array(hours, { maxLength: 4 }), fc.nat(3), fc.nat(6), (all, least, most) => {
        const perMinute = new Array<number>(MINUTES_PER_WEEK).fill(least);
        for (const { start, minutes, nodes } of all) {
          for (let minute = start; minute < start + minutes; minute += 1) {
            const at = minute % MINUTES_PER_WEEK;
            perMinute[at] = Math.max(perMinute[at]!, nodes);
          }
        }
        const sum = perMinute.reduce((total, nodes) => total + Math.min(most, nodes), 0);
        expect(nodeMinutes(all, least, most)).toBe(sum);
      }),
      { seed: 8, numRuns: 60 },
    );
  });
});
