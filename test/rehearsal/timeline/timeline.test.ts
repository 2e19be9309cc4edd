import { describe, expect, it } from "vitest";
import { claim, fault, job, jobRef, node, pod, queued, timeline } from "./recording";

const placed = { node: "a" } as const;
const running = { node: "a", phase: "Running" } as const;
const succeeded = { node: "a", phase: "Succeeded" } as const;
const failed = { node: "a", phase: "Failed" } as const;
const stuck = { unschedulable: "0/1 nodes are available: 1 Insufficient nvidia.com/gpu." } as const;

describe("a workload on the timeline", () => {
  it("arrives, waits in its queue, is admitted, runs and ends, in times of the scenario", () => {
    const { ends, workloads, pods } = timeline(
      20,
      [-1, node("a")],
      [1, job("train")],
      [1.5, queued("train", { waitsFor: "4 more needed" })],
      [3, queued("train", { isAdmitted: true })],
      [4, pod("train-0")],
      [4.1, pod("train-0", placed)],
      [5, pod("train-0", running)],
      [9, pod("train-0", succeeded)],
      [10, job("train", { ended: "succeeded", reason: "Reached expected number of succeeded pods" })],
      [10.5, queued("train", { isAdmitted: true, isFinished: true })],
    );
    expect(ends).toBe(200);
    expect(workloads).toEqual([
      {
        title: "Job research/train",
        kind: "Job",
        namespace: "research",
        name: "train",
        arrived: 10,
        queue: "research/default",
        queued: 15,
        admitted: 30,
        started: 50,
        ended: 100,
        outcome: "succeeded",
        tries: 1,
        evictions: 0,
        pods: 1,
        mostGpus: 2,
        gpuHours: (2 * 49) / 3600,
        isService: false,
        reason: "Reached expected number of succeeded pods",
      },
    ]);
    expect(pods).toEqual([
      {
        workload: "Job research/train",
        namespace: "research",
        name: "train-0",
        node: "a",
        gpus: 2,
        lanes: [0, 1],
        from: 41,
        to: 90,
        outcome: "succeeded",
      },
    ]);
  });

  it("is what made what made its pods, also where that is seen later", () => {
    const { workloads, pods } = timeline(
      9,
      [1, pod("train-worker-0", { ...running, owner: jobRef("train-worker") })],
      [2, job("train-worker", { owner: { kind: "JobSet", namespace: "research", name: "train", uid: "set" } })],
      [
        3,
        job("train", {
          kind: "JobSet",
          uid: "set",
          owner: { kind: "TrainJob", namespace: "research", name: "train", uid: "tj" },
        }),
      ],
      [4, job("train", { kind: "TrainJob", uid: "tj" })],
    );
    expect(workloads.map(({ title, arrived, outcome }) => [title, arrived, outcome])).toEqual([
      ["TrainJob research/train", 10, "running"],
    ]);
    expect(pods.map(({ workload }) => workload)).toEqual(["TrainJob research/train"]);
  });

  it("is each run of what repeats, by itself", () => {
    const owner = { kind: "CronJob", namespace: "research", name: "nightly", uid: "cron" };
    const { workloads } = timeline(
      9,
      [1, job("nightly", { kind: "CronJob", uid: "cron", isGang: false })],
      [2, job("nightly-1", { owner })],
      [3, job("nightly-2", { owner, ended: "succeeded" })],
    );
    expect(workloads.map(({ title, outcome }) => [title, outcome])).toEqual([
      ["Job research/nightly-1", "waiting"],
      ["Job research/nightly-2", "succeeded"],
    ]);
  });

  it("never ran: its queue says why before the scheduler does", () => {
    const { workloads } = timeline(
      9,
      [1, job("huge")],
      [1, queued("huge", { waitsFor: "maximum capacity (8) is less than 10" })],
      [2, pod("other-0", stuck)],
      [2, job("other")],
    );
    expect(
      workloads.map(({ name, outcome, started, tries, reason }) => [name, outcome, started, tries, reason]),
    ).toEqual([
      ["huge", "waiting", undefined, 0, "maximum capacity (8) is less than 10"],
      ["other", "waiting", undefined, 0, stuck.unschedulable],
    ]);
  });

  it("has no place for one of its pods, whatever became of the others", () => {
    const { workloads } = timeline(
      9,
      [1, job("train")],
      [2, pod("train-0", stuck)],
      [2, pod("train-1")],
      [3, pod("train-1", running)],
    );
    expect(workloads[0]).toMatchObject({ outcome: "running", reason: stuck.unschedulable });
  });

  it("is not said to lack a place that a pod has found, or needs no more", () => {
    const { workloads } = timeline(
      9,
      [1, job("train")],
      [2, pod("train-0", stuck)],
      [2, pod("train-1", stuck)],
      [3, pod("train-0", running)],
      [4, pod("train-1", stuck), true],
    );
    expect(workloads[0]).toMatchObject({ outcome: "running" });
    expect(workloads[0]?.reason).toBeUndefined();
  });

  it("never ran: its pods were not taken", () => {
    const complaint = { of: "complaint", uid: "event", about: jobRef("train"), reason: "FailedCreate" } as const;
    const { workloads } = timeline(9, [1, job("train")], [2, { ...complaint, message: "exceeded quota: gpus" }]);
    expect(workloads[0]?.reason).toBe("FailedCreate: exceeded quota: gpus");
  });

  it("was refused on its arrival", () => {
    const refused = "admission webhook denied the request";
    const objects = [{ kind: "TrainJob", namespace: "research", name: "train" }];
    const { workloads } = timeline(9, [2, { of: "arrival", name: "train-1", objects, refused }]);
    expect(workloads).toMatchObject([
      { title: "TrainJob research/train", arrival: "train-1", arrived: 20, outcome: "refused", reason: refused },
    ]);
  });

  it("has as many tries as it was begun anew: pods that were there together make one", () => {
    const { workloads } = timeline(
      30,
      [1, job("train")],
      [1, pod("train-0", running)],
      [1, pod("train-1", running)],
      [3, pod("train-0", failed)],
      [3.1, pod("train-1", failed)],
      [8, pod("train-2", running)],
      [10, pod("train-2", failed)],
      [20, pod("train-3", running)],
      [22, pod("train-3", succeeded)],
      [23, job("train", { ended: "succeeded" })],
    );
    expect(workloads.map(({ tries, pods }) => [tries, pods])).toEqual([[3, 4]]);
  });

  it("that fails for good has no further try", () => {
    const { workloads } = timeline(
      9,
      [1, pod("train-0", running)],
      [2, pod("train-0", failed)],
      [2, job("train", { ended: "failed", reason: "BackoffLimitExceeded" })],
    );
    expect(workloads).toMatchObject([{ outcome: "failed", tries: 1, reason: "BackoffLimitExceeded" }]);
  });

  it("that was there before belongs to the platform, but holds its GPUs", () => {
    const { workloads, pods, gpus } = timeline(
      9,
      [-2, node("a")],
      [-2, job("plugin", { kind: "DaemonSet" })],
      [-1, pod("plugin-0", running)],
      [3, pod("plugin-1", running)],
    );
    expect([workloads, pods]).toEqual([[], []]);
    expect(gpus).toEqual([
      { at: 0, inUse: 2, there: 4 },
      { at: 30, inUse: 4, there: 4 },
    ]);
  });
});

describe("what gives way", () => {
  it("is told once for each time that Kueue takes a place back", () => {
    const evicted = { reason: "Preempted", message: "Preempted to accommodate a workload", since: "1" };
    const { evictions, workloads } = timeline(
      9,
      [1, job("low")],
      [1, queued("low", { isAdmitted: true })],
      [2, queued("low", { evicted })],
      [3, queued("low", { evicted, waitsFor: "2 more needed" })],
      [4, queued("low", { evicted: { ...evicted, since: "4" } })],
    );
    expect(evictions).toEqual([
      { at: 20, workload: "Job research/low", reason: "Preempted to accommodate a workload" },
      { at: 40, workload: "Job research/low", reason: "Preempted to accommodate a workload" },
    ]);
    expect(workloads[0]?.evictions).toBe(2);
  });

  it("is a pod that was pushed off its node, which is no failed try", () => {
    const { evictions, workloads, pods } = timeline(
      9,
      [1, job("train")],
      [1, pod("train-0", running)],
      [2, pod("train-0", { ...running, disruption: "DeletionByPodGC", isLeaving: true })],
      [3, pod("train-0", { ...failed, isLeaving: true })],
      [4, pod("train-1", running)],
    );
    expect(evictions).toEqual([{ at: 30, workload: "Job research/train", pod: "train-0", reason: "its node is gone" }]);
    expect(pods.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["train-0", "evicted"],
      ["train-1", "running"],
    ]);
    expect(workloads).toMatchObject([{ tries: 1, evictions: 1, outcome: "running" }]);
  });

  it("is a workload that ran and waits to run again", () => {
    const { workloads } = timeline(
      9,
      [1, job("low")],
      [1, pod("low-0", running)],
      [2, pod("low-0", { ...running, isLeaving: true }), true],
    );
    expect(workloads[0]?.outcome).toBe("interrupted");
  });
});

describe("workloads that keep each other from running", () => {
  const halves = [
    [-1, node("a")],
    [1, job("one")],
    [1, job("two")],
    [1, pod("one-0", placed)],
    [1, pod("two-0", placed)],
    [1.2, pod("one-1", stuck)],
    [1.2, pod("two-1", stuck)],
  ] satisfies Parameters<typeof timeline>[1][];

  it("are a deadlock once it lasts: each holds a part, and nothing else would give any back", () => {
    const { deadlocks } = timeline(9, ...halves, [6, pod("one-0", succeeded)], [6, pod("two-1", placed)]);
    expect(deadlocks).toEqual([
      {
        from: 12,
        to: 60,
        workloads: ["one", "two"].map((name) => ({
          title: `Job research/${name}`,
          gpusHeld: 2,
          podsPlaced: 1,
          podsWaiting: 1,
        })),
      },
    ]);
  });

  it("are none while something else runs that will end", () => {
    expect(timeline(9, ...halves, [1.3, job("whole")], [1.3, pod("whole-0", running)]).deadlocks).toEqual([]);
  });

  it("are none while a node is on its way", () => {
    expect(timeline(9, ...halves, [1.3, claim("new")]).deadlocks).toEqual([]);
  });

  it("are none where pods are of use by themselves", () => {
    const alone = halves.map(([at, seen]) => [at, seen.of === "owner" ? { ...seen, isGang: false } : seen] as const);
    expect(timeline(9, ...alone.map(([at, seen]): [number, typeof seen] => [at, seen])).deadlocks).toEqual([]);
  });

  it("are none where it is over at once", () => {
    expect(timeline(9, ...halves, [3, pod("one-1", placed)], [3, pod("two-1", placed)]).deadlocks).toEqual([]);
  });
});

describe("what is there", () => {
  it("are nodes from when they come until they go, with the GPUs that they say they have", () => {
    const { nodes, gpus } = timeline(
      9,
      [-1, node("a")],
      [2, node("b", { gpus: 0, isReady: false })],
      [2.1, node("b")],
      [5, node("b"), true],
      [6, node("b", { uid: "again" })],
    );
    expect(nodes.map(({ name, gpus: count, from, to }) => [name, count, from, to])).toEqual([
      ["a", 4, 0, undefined],
      ["b", 4, 20, 50],
      ["b", 4, 60, undefined],
    ]);
    expect(gpus.map(({ at, there }) => [at, there])).toEqual([
      [0, 4],
      [21, 8],
      [50, 4],
      [60, 8],
    ]);
  });

  it("are workloads in each queue, and pods without a node", () => {
    const { queues, unschedulable } = timeline(
      9,
      [1, queued("one")],
      [2, queued("two")],
      [3, queued("one", { isAdmitted: true })],
      [4, queued("two"), true],
      [5, pod("x-0", stuck)],
      [6, pod("x-0", placed)],
    );
    expect(queues).toEqual([
      {
        queue: "research/default",
        waiting: [
          { at: 10, value: 1 },
          { at: 20, value: 2 },
          { at: 30, value: 1 },
          { at: 40, value: 0 },
        ],
      },
    ]);
    expect(unschedulable).toEqual([
      { at: 50, value: 1 },
      { at: 60, value: 0 },
    ]);
  });

  it("ends with the scenario: what is seen later is left out", () => {
    expect(timeline(5, [6, job("late")]).workloads).toEqual([]);
  });
});

describe("a fault on the timeline", () => {
  const lost = pod("train-0", { node: "a", phase: "Failed", disruption: "DeletionByPodGC", isLeaving: true });

  it("is told with the pods that it took, and when their workload was whole again", () => {
    const { faults } = timeline(
      30,
      [-1, node("a")],
      [-1, node("b")],
      [0, job("train")],
      [1, pod("train-0", running)],
      [1, pod("train-1", { ...running, node: "b" })],
      [5, lost, true],
      [5.1, fault(4.9)],
      [6, pod("train-1", { node: "b", phase: "Succeeded" })],
      [7, pod("train-2")],
      [8, pod("train-2", { ...running, node: "b" })],
      [20, pod("train-2", { node: "b", phase: "Succeeded" })],
      [21, job("train", { ended: "succeeded" })],
    );
    expect(faults).toEqual([
      {
        at: 49,
        kind: "nodeLost",
        did: "node a is gone, with 1 pod",
        happened: true,
        struck: [{ workload: "Job research/train", podsLost: 1, wholeAgain: 80, outcome: "succeeded" }],
        open: { succeeded: 1 },
      },
    ]);
  });

  it("leaves whole what ended well without the pods that it took, and broken what got no place any more", () => {
    const losing = (...rest: Parameters<typeof timeline>[1][]) =>
      timeline(
        30,
        [-1, node("a")],
        [0, job("train")],
        [1, pod("train-0", running)],
        [5, fault(4.9)],
        [5, lost, true],
        ...rest,
      ).faults.flatMap(({ struck }) => struck);
    expect(losing([9, job("train", { ended: "succeeded" })])).toEqual([
      { workload: "Job research/train", podsLost: 1, wholeAgain: 90, outcome: "succeeded" },
    ]);
    expect(losing([9, pod("train-1", stuck)])).toEqual([
      { workload: "Job research/train", podsLost: 1, outcome: "interrupted" },
    ]);
  });

  it("strikes nothing that had ended, had not come, or was elsewhere", () => {
    const { faults } = timeline(
      30,
      [-1, node("a")],
      [-1, node("b")],
      [0, job("early")],
      [0, job("elsewhere")],
      [1, pod("early-0", running)],
      [1, pod("elsewhere-0", { ...running, node: "b" })],
      [3, pod("early-0", succeeded)],
      [4, job("early", { ended: "succeeded" })],
      [5, fault(5)],
      [5, node("a"), true],
      [6, job("late")],
      [6, node("a", { uid: "another" })],
      [7, pod("late-0", running)],
      [8, { ...pod("late-0", running), isLeaving: true }, true],
    );
    expect(faults).toMatchObject([{ struck: [], open: { running: 1 } }]);
  });

  it("is told with the workloads whose pods wait for images that it keeps away, and not with others", () => {
    const without = { node: "a", isWithoutImage: true };
    const missing = (since: number, imagesOf: string) =>
      fault(since, { kind: "imageMissing", did: `the images of ${imagesOf} do not come`, nodes: [], imagesOf });
    const { faults } = timeline(
      30,
      [-1, node("a")],
      [0, job("train")],
      [0, job("other")],
      [1, pod("train-0", running)],
      [2, missing(2, "train*")],
      [2, missing(2, "nobody")],
      [3, pod("train-1", without)],
      [3, pod("train-2", without)],
      [3, pod("train-3", { isWithoutImage: true })],
      [3, pod("other-0", without)],
      [9, missing(9, "train*")],
    );
    expect(faults.map(({ withoutImage }) => withoutImage)).toEqual([
      [{ workload: "Job research/train", pods: 2 }],
      undefined,
      undefined,
    ]);
  });

  it("is over for controllers once the last of those that it killed is ready again", () => {
    const controller = (name: string, isReady: boolean) => pod(name, { ...running, owner: undefined, isReady });
    const kill = fault(5, {
      kind: "operatorKilled",
      did: "2 controllers of katib killed",
      nodes: [],
      controllers: ["pod-x", "pod-y"],
    });
    const killing = (...rest: Parameters<typeof timeline>[1][]) =>
      timeline(
        30,
        [-1, controller("x", true)],
        [-1, controller("y", true)],
        [5.1, controller("x", false)],
        [5.2, kill],
        ...rest,
      );
    const back = killing([5.3, controller("y", false)], [6, controller("y", true)], [9, controller("x", true)]);
    expect(back.faults).toMatchObject([{ at: 50, controllersBack: 90, struck: [], open: {} }]);
    const away = killing([5.3, controller("y", false)], [6, controller("y", true)]);
    expect(away.faults[0]).not.toHaveProperty("controllersBack");
  });
});
