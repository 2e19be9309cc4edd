import { describe, expect, it } from "vitest";
import { proofsOf } from "../../../preflight/placement";
import { near, pod, pool, set, system, TOLERANT, train, workload } from "./stack";

describe("gangs of several sets", () => {
  const gang = (masters: number, masterGpus: number, workers: number, workerGpus: number) => {
    const of = (role: string, minCount: number, gpus: number) =>
      set(`PyTorchJob ml/b ${role}`, pod({ gpus, ...TOLERANT }), { minCount, gang: "spec", role });
    return [workload("PyTorchJob ml/b", [of("Master", masters, masterGpus), of("Worker", workers, workerGpus)])];
  };
  const verdicts = (...[workloads, pools]: Parameters<typeof proofsOf>) =>
    proofsOf(workloads, pools).map(({ verdict, reason }) => [verdict, reason]);

  it("run where all that must run together fits at once", () => {
    expect(verdicts(gang(2, 3, 6, 1), [train()])).toEqual([
      ["runs", ""],
      ["runs", ""],
    ]);
  });

  it("never run where the pools have too little for them together", () => {
    const reason =
      "1 pod of Master and 3 pods of Worker that must run together ask for 13 GPUs, " +
      "and pool train (g5.12xlarge) has 12 at the largest size";
    expect(verdicts(gang(1, 4, 3, 3), [train()])).toEqual([
      ["never", reason],
      ["never", reason],
    ]);
  });

  it("never run where no arrangement on the nodes has room for them, though there is enough in all", () => {
    const reason =
      "2 pods of Master and 3 pods of Worker must run together, and do not all fit on 3 nodes of pool train (g5.12xlarge)";
    expect(verdicts(gang(2, 3, 3, 2), [train()])).toEqual([
      ["never", reason],
      ["never", reason],
    ]);
  });

  it("are found a place that the largest first do not find", () => {
    const pools = [pool({ name: "a", cpus: 10 }), pool({ name: "b", cpus: 10 })];
    const of = (role: string, minCount: number, cpus: number) =>
      set(role, pod({ cpus }), { minCount, gang: "spec", role });
    // Largest first puts 5 beside 4 on the first node, and has no room for the last 3.
    const sets = [of("A", 1, 5), of("B", 2, 4), of("C", 1, 2), of("D", 1, 3), of("E", 1, 2)];
    expect(verdicts([workload("Job ml/a", sets)], pools).map(([verdict]) => verdict)).toEqual(Array(5).fill("runs"));
  });

  it("never run without a set that never can", () => {
    expect(verdicts(gang(1, 8, 1, 1), [train()])).toEqual([
      ["never", "asks for 8 GPUs; a node of pool train (g5.12xlarge) has 4"],
      ["never", "needs PyTorchJob ml/b Master, which can never run"],
    ]);
  });

  it("are undecided where a set of them is, and impossible where the others are alone", () => {
    const unknowns = [{ property: "gpusPerNode" as const, reason: "the instance type x9.large is in no table" }];
    expect(verdicts(gang(1, 8, 1, 1), [train({ unknowns })])).toEqual([
      [
        "undecided",
        "whether pool train (g5.12xlarge) takes it is not known: the instance type x9.large is in no table",
      ],
      ["undecided", "whether PyTorchJob ml/b Master can run, which it needs, is not known"],
    ]);
    expect(verdicts(gang(1, 8, 13, 1), [train({ unknowns })])).toEqual([
      ["never", "needs PyTorchJob ml/b Worker, which can never run"],
      [
        "never",
        "13 pods must run together, and at most 12 can: pool train (g5.12xlarge) has 3 nodes at most with room for 4 each",
      ],
    ]);
  });

  it("are left undecided where they are too large for every way to be tried", () => {
    const of = (role: string, minCount: number, cpus: number) =>
      set(role, pod({ cpus }), { minCount, gang: "spec", role });
    const sets = [of("A", 40, 3), of("B", 30, 2)];
    const reason = "no arrangement of 40 pods of A and 30 pods of B was found, and none is ruled out";
    expect(verdicts([workload("Job ml/a", sets)], [pool({ name: "a", cpus: 4, maxNodes: 47 })])).toEqual(
      Array(2).fill(["undecided", reason]),
    );
    const [proof] = proofsOf([workload("Job ml/a", sets)], [pool({ name: "a", cpus: 4, maxNodes: 47 })]);
    expect(proof).not.toHaveProperty("unknownPath");
    expect(verdicts([workload("Job ml/a", sets)], [pool({ name: "a", cpus: 4, maxNodes: 55 })])).toEqual(
      Array(2).fill(["runs", ""]),
    );
  });

  it("are judged with the rules between their pods", () => {
    const of = (role: string, minCount: number) =>
      set(role, pod({ labels: { app: "a" }, antiAffinity: [near("a")] }), { minCount, gang: "spec", role });
    expect(verdicts([workload("Job ml/a", [of("A", 2), of("B", 1)])], [system()])).toEqual([
      ["runs", ""],
      ["runs", ""],
    ]);
    expect(verdicts([workload("Job ml/a", [of("A", 2), of("B", 2)])], [system()])).toEqual(
      Array(2).fill(["undecided", "no arrangement of 2 pods of A and 2 pods of B was found, and none is ruled out"]),
    );
  });
});
