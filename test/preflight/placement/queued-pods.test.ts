import { describe, expect, it } from "vitest";
import { UNKNOWN } from "../../../components/model";
import { proofsOf, type Limits } from "../../../preflight/placement";
import {
  flavor,
  GPU,
  inQueues,
  job,
  plainQueue,
  pod,
  proofOf,
  queue,
  set,
  system,
  TOLERANT,
  train,
  workload,
  type PodArgs,
} from "./stack";

const gpus = (most: number | typeof UNKNOWN) => plainQueue({ "nvidia.com/gpu": most });

describe("queues and quotas", () => {
  it("let as many pods run as they have room for", () => {
    expect(proofOf(GPU, { count: 3 }, [train()], gpus(6))).toMatchObject({
      verdict: "queues",
      atOnce: 2,
      reason: "2 of 3 pods can run at once, as ClusterQueue research has 6 GPUs at most",
      queues: [
        { clusterQueue: "research", title: "ClusterQueue research", resource: "nvidia.com/gpu", needed: 9, ceiling: 6 },
      ],
    });
  });

  it("keep a gang waiting for ever that is larger", () => {
    expect(proofOf(GPU, { minCount: 3 }, [train()], gpus(8))).toMatchObject({
      verdict: "never",
      atOnce: 2,
      reason: "3 pods must run together, and at most 2 can, as ClusterQueue research has 8 GPUs at most",
      queues: [
        { clusterQueue: "research", title: "ClusterQueue research", resource: "nvidia.com/gpu", needed: 9, ceiling: 8 },
      ],
    });
    expect(proofOf(GPU, { minCount: 3 }, [train()], gpus(9))).toMatchObject({ verdict: "runs", queues: [] });
  });

  it("keep pods waiting for ever that are admitted together and are more, though some could run alone", () => {
    const of = (count: number) => proofOf(GPU, { count, admitted: [count, count] }, [train()], gpus(8));
    expect(of(2)).toMatchObject({ verdict: "runs", queues: [] });
    expect(of(3)).toMatchObject({
      verdict: "never",
      reason: "3 pods are admitted together, and at most 2 can be, as ClusterQueue research has 8 GPUs at most",
      queues: [{ needed: 9, ceiling: 8 }],
    });
    expect(proofOf(GPU, { count: 3, admitted: [3, 3] }, [train()], gpus(2)).reason).toBe(
      "3 pods are admitted together, and none can be, as ClusterQueue research has 2 GPUs at most",
    );
    expect(proofOf({ gpus: 1, ...TOLERANT }, {}, [train()], gpus(0)).reason).toBe(
      "no pod can run, as ClusterQueue research has 0 GPUs at most",
    );
  });

  it("let pods run that are admitted together where nodes take some of them now and the others later", () => {
    expect(proofOf(GPU, { count: 5, admitted: [5, 5] }, [train()], gpus(15))).toMatchObject({
      verdict: "queues",
      atOnce: 3,
      reason: "3 of 5 pods can run at once: pool train (g5.12xlarge) has 3 nodes at most with room for 1 each",
    });
  });

  it("admit a job in part where it says so", () => {
    expect(proofOf(GPU, { count: 3, admitted: [2, 3] }, [train()], gpus(8))).toMatchObject({
      verdict: "queues",
      atOnce: 2,
    });
    expect(proofOf(GPU, { count: 3, admitted: [2, 3] }, [train()], gpus(5))).toMatchObject({ verdict: "never" });
  });

  it("keep sets waiting that fit one by one, and not together", () => {
    const of = (role: string) => set(role, pod(GPU), { gang: "spec", role });
    const proofs = proofsOf(
      [workload("Job ml/a", [of("A"), of("B")], { clusterQueue: "research" })],
      [train()],
      gpus(5),
    );
    const reason =
      "1 pod of A and 1 pod of B that must run together ask for 6 GPUs, and ClusterQueue research has 5 at most";
    const queues = [
      { clusterQueue: "research", title: "ClusterQueue research", resource: "nvidia.com/gpu", needed: 6, ceiling: 5 },
    ];
    expect(proofs).toMatchObject([
      { verdict: "never", reason, queues },
      { verdict: "never", reason, queues },
    ]);
  });

  it("keep sets of one object waiting that are admitted together", () => {
    const of = (role: string, count: number) => set(role, pod(GPU), { role, count, admitted: [count, count] });
    const verdicts = (most: number) =>
      proofsOf(
        [workload("Job ml/a", [of("A", 1), of("B", 2)], { clusterQueue: "research" })],
        [train()],
        gpus(most),
      ).map(({ verdict, reason }) => [verdict, reason]);
    expect(verdicts(9)).toEqual([
      ["runs", ""],
      ["runs", ""],
    ]);
    const reason =
      "1 pod of A and 2 pods of B that are admitted together ask for 9 GPUs, and ClusterQueue research has 8 at most";
    expect(verdicts(8)).toEqual([
      ["never", reason],
      ["never", reason],
    ]);
  });

  it("count the pods of a namespace as well", () => {
    const quotas: Limits = {
      quotas: { ceilingOf: (namespace, resource) => (namespace === "ml" && resource === "pods" ? 1 : undefined) },
    };
    expect(proofOf({}, { count: 2 }, [system()], quotas)).toMatchObject({
      verdict: "queues",
      atOnce: 1,
      reason: "1 of 2 pods can run at once, as the quota of namespace ml has 1 pod at most",
    });
    const gang = ["A", "B"].map((role) => set(role, pod(), { gang: "spec", role }));
    expect(proofsOf([workload("Job ml/a", gang)], [system()], quotas)[0]).toMatchObject({
      verdict: "never",
      reason:
        "1 pod of A and 1 pod of B that must run together ask for 2 pods, and the quota of namespace ml has 1 at most",
      queues: [{ clusterQueue: "ml", title: "the quota of namespace ml", resource: "pods", needed: 2, ceiling: 1 }],
    });
  });

  it("hold both at once", () => {
    const quotas = { ceilingOf: (_: string, resource: string) => (resource === "pods" ? 1 : undefined) };
    expect(proofOf(GPU, { count: 3 }, [train()], { ...gpus(6), quotas })).toMatchObject({
      verdict: "queues",
      atOnce: 1,
      reason: "1 of 3 pods can run at once, as the quota of namespace ml has 1 pod at most",
      queues: [{ title: "ClusterQueue research" }, { title: "the quota of namespace ml" }],
    });
  });

  it("leave undecided what they allow while they are not known", () => {
    expect(proofOf(GPU, { count: 2 }, [train()], gpus(UNKNOWN))).toMatchObject({
      verdict: "undecided",
      reason: "what ClusterQueue research has of nvidia.com/gpu is not known yet",
    });
    expect(proofOf({ gpus: 5, ...TOLERANT }, {}, [train()], gpus(UNKNOWN)).verdict).toBe("never");
  });

  it("say nothing of pods in no queue, or in one that the stack does not declare", () => {
    expect(proofsOf([job("Job ml/a", pod(GPU))], [train()], gpus(0))[0]).toMatchObject({ verdict: "runs" });
    expect(proofOf(GPU, {}, [train()], inQueues())).toMatchObject({ verdict: "runs" });
  });
});

describe("a resource that a queue does not cover", () => {
  const of = (more: Parameters<typeof queue>[1] = {}, resources = ["nvidia.com/gpu"], args: PodArgs = GPU) => {
    const groups = [{ resources, isOpen: false, flavors: [flavor({ name: "train" })] }];
    return proofOf(args, {}, [train()], inQueues(queue([], { groups, ...more })));
  };

  it("keeps pods that ask for it waiting for ever", () => {
    expect(of()).toMatchObject({
      verdict: "never",
      atOnce: 0,
      reason:
        "asks for cpu, and ClusterQueue research covers only nvidia.com/gpu, so that Kueue never admits it: cover it " +
        "with a quota, or leave it out by resources.excludeResourcePrefixes of Kueue's configuration",
    });
    expect(of({ groups: [] }).reason).toBe(
      "asks for cpu and nvidia.com/gpu, and ClusterQueue research covers nothing, so that Kueue never admits it: cover " +
        "them with a quota, or leave them out by resources.excludeResourcePrefixes of Kueue's configuration",
    );
    expect(of({}, ["nvidia.com/gpu", "cpu"]).verdict).toBe("runs");
  });

  it("does not where they ask for none of it, or Kueue leaves it out", () => {
    expect(of({}, ["nvidia.com/gpu"], { ...GPU, cpus: 0 }).verdict).toBe("runs");
    expect(of({ counts: (resource) => resource !== "cpu" }).verdict).toBe("runs");
    expect(of({ refusesUncovered: false }).verdict).toBe("runs");
  });

  it("is undecided where it is not known yet what is covered, or left out", () => {
    const undecided = { verdict: "undecided", reason: "what ClusterQueue research has of cpu is not known yet" };
    expect(of({ refusesUncovered: UNKNOWN })).toMatchObject(undecided);
    expect(of({ counts: () => UNKNOWN })).toMatchObject(undecided);
    const open = [{ resources: ["nvidia.com/gpu"], isOpen: true, flavors: [flavor({ name: "train" })] }];
    expect(of({ groups: open })).toMatchObject(undecided);
    expect(of({ groups: UNKNOWN })).toMatchObject(undecided);
    const hidden = [{ resources: ["nvidia.com/gpu", "cpu"], isOpen: false, flavors: UNKNOWN }] as const;
    expect(of({ groups: hidden })).toMatchObject(undecided);
  });

  it("of one set keeps all waiting that are admitted together with it", () => {
    const sets = [
      set("Job ml/a A", pod(GPU), { role: "A", admitted: [1, 1] }),
      set("Job ml/a B", pod({ ...GPU, cpus: 0 }), { role: "B", admitted: [1, 1] }),
    ];
    const groups = [{ resources: ["nvidia.com/gpu"], isOpen: false, flavors: [flavor({ name: "train" })] }];
    const limits = inQueues(queue([], { groups }));
    const proofs = proofsOf([workload("Job ml/a", sets, { clusterQueue: "research" })], [train()], limits);
    expect(proofs[1]).toMatchObject({
      verdict: "never",
      reason: "is admitted together with Job ml/a A, which its queue never admits",
    });
    expect(proofs[0]!.reason).toMatch(/^asks for cpu, and ClusterQueue research covers only/);
  });

  it("is bounded by nothing where Kueue leaves it out, though it is covered", () => {
    const flavors = [flavor({ name: "train", most: { cpu: 0 } })];
    const proof = (counts: (resource: string) => boolean) =>
      proofOf(GPU, {}, [train()], inQueues(queue(flavors, { counts })));
    expect(proof(() => true).verdict).toBe("never");
    expect(proof((resource) => resource !== "cpu").verdict).toBe("runs");
  });
});
