import { describe, expect, it } from "vitest";
import type { Workload } from "../../../preflight/demand";
import type { PlannedPool } from "../../../preflight/pools";
import { inQueues, job, set, train, workload } from "../placement/stack";
import { gpus, pack } from "./pack";

const gang = (title: string, size: number, more = {}) => job(title, gpus(4), { minCount: size }, more);
const contentions = (workloads: Workload[], pools: PlannedPool[] = [train()]) =>
  pack(workloads, pools).contentions ?? [];

describe("gangs that nobody starts whole", () => {
  it("may keep each other from running where their pools have no room for all", () => {
    expect(contentions([gang("a", 2), gang("b", 2)])).toEqual([{ workloads: ["b", "a"], pools: ["train"] }]);
    expect(contentions([gang("a", 2), gang("b", 1)])).toEqual([]);
    expect(contentions([gang("a", 1), gang("b", 3)])).toEqual([]);
    expect(contentions([gang("a", 2), gang("b", 2)], [train({ maxNodes: 4 })])).toEqual([]);
  });

  it("are all those of the same pools, whether or not there is room for them", () => {
    const pools = [train(), train({ name: "other" })];
    const on = (title: string, pool: string) =>
      job(title, gpus(4, { nodeSelector: { "mlstack.dev/pool": pool } }), { minCount: 2 });
    expect(contentions([on("a", "train"), on("b", "train"), on("c", "other")], pools)).toEqual([
      { workloads: ["b", "a"], pools: ["train"] },
    ]);
    const anywhere = gang("d", 2);
    expect(contentions([on("a", "train"), on("b", "train"), on("c", "other"), anywhere], pools)).toEqual([
      { workloads: ["b", "a", "d", "c"], pools: ["train", "other"] },
    ]);
    const both = [on("a", "train"), on("b", "train"), on("c", "other"), on("d", "other")];
    expect(contentions(both, pools).map(({ workloads }) => workloads)).toEqual([
      ["b", "a"],
      ["d", "c"],
    ]);
  });

  it("are those of several sets as well", () => {
    const of = (title: string) =>
      workload(
        title,
        ["A", "B"].map((role) => set(`${title} ${role}`, gpus(4), { gang: "spec", role })),
      );
    expect(contentions([of("x"), of("y")])).toEqual([{ workloads: ["y", "x"], pools: ["train"] }]);
  });

  it("are none where a queue or another scheduler starts them, or one of them can never run", () => {
    expect(contentions([gang("a", 2), gang("b", 2, { clusterQueue: "research" })])).toEqual([]);
    const scheduled = (name: unknown) => {
      const given = gang("b", 2);
      const [one] = given.podSets;
      const template = { metadata: {}, spec: { schedulerName: name as string } };
      return { ...given, podSets: [{ ...one!, podSet: { ...one!.podSet, template } }] };
    };
    expect(contentions([gang("a", 2), scheduled("volcano")])).toEqual([]);
    expect(contentions([gang("a", 2), scheduled("default-scheduler")])).toHaveLength(1);
    expect(contentions([gang("a", 2), gang("b", 4)])).toEqual([]);
    expect(pack([gang("a", 2), gang("b", 2)], [train()], inQueues()).contentions).toHaveLength(1);
  });
});
