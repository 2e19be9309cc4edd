import { describe, expect, it } from "vitest";
import type { Packing } from "../../../preflight/packing";
import { GIB, job, pod, pool, TOLERANT, train } from "../placement/stack";
import { gpus, pack } from "./pack";

describe("stranded GPUs", () => {
  const strandedOf = (packing: Packing) =>
    packing.pools[0]!.layouts.map(({ idleGpus, strandedGpus, strandedReason }) => [
      idleGpus,
      strandedGpus,
      strandedReason,
    ]);

  it("are those of which fewer are left than any workload asks for", () => {
    const packing = pack([job("a", gpus(3), { count: 2 })], [train()]);
    expect(packing.pools[0]).toMatchObject({ strandedGpus: 2 });
    expect(strandedOf(packing)).toEqual([
      [1, 1, "no declared workload asks for 1 GPU or fewer; the least that one asks for is 3"],
    ]);
  });

  it("are those beside which something else of the node is used up", () => {
    const packing = pack([job("a", gpus(1, { memoryGib: 80 }), { count: 2 })], [train()]);
    expect(strandedOf(packing)).toEqual([
      [2, 2, "10 GiB of memory left beside them, and the smallest pod for them asks for 80 GiB of memory"],
    ]);
  });

  it("are those that the pods which fit do not add up to", () => {
    const large = job("a", gpus(1, { memoryGib: 160 }), { priority: 1 });
    const packing = pack([large, job("b", gpus(2), { minCount: 2 })], [train({ maxNodes: 1 })]);
    expect(strandedOf(packing)).toEqual([[3, 1, "the pods that fit have 2 each, which do not add up to 3 GPUs"]]);
  });

  it("are none where a declared workload could have them, alone or beside others", () => {
    const packing = pack([job("a", gpus(3), { minCount: 3 }), job("b", gpus(1))], [train()]);
    expect(strandedOf(packing)).toEqual([
      [0, 0, undefined],
      [1, 0, undefined],
    ]);
  });

  it("are none where pods of several sizes could have them together", () => {
    const eight = pool({ name: "eight", gpus: 8, maxNodes: 1 });
    const workloads = [
      job("a", gpus(3), { priority: 1 }),
      job("b", gpus(3), { minCount: 9 }),
      job("c", gpus(2), { minCount: 9 }),
    ];
    expect(strandedOf(pack(workloads, [eight]))).toEqual([[5, 0, undefined]]);
  });

  it("are told with what is short alone, by the smallest pod that asks for no more GPUs", () => {
    const full = job("a", gpus(3, { cpus: 45.6, memoryGib: 160 }), { priority: 1 });
    const waits = job("b", gpus(1, { cpus: 2, memoryGib: 20 }), { minCount: 1 });
    expect(strandedOf(pack([full, waits], [train({ maxNodes: 1 })]))).toEqual([
      [1, 1, "10 GiB of memory left beside it, and the smallest pod for it asks for 20 GiB of memory"],
    ]);
  });

  it("are parts of GPUs where these are shared", () => {
    const shares = pool({
      name: "shared",
      shape: { gpusPerNode: 2 },
      more: { "nvidia.com/gpu.shared": 8 },
      memoryGib: 10,
    });
    const packing = pack(
      [job("a", pod({ more: { "nvidia.com/gpu.shared": 1 }, memoryGib: 3 }), { count: 3 })],
      [shares],
    );
    expect(packing.pools[0]).toMatchObject({ gpus: 2, gpusInUse: 0.75, strandedGpus: 1.25 });
    expect(packing.pools[0]!.layouts[0]!.pods).toEqual([{ podSet: "a", pods: 3, gpusPerPod: 0.25 }]);
  });

  it("are all GPUs of nodes that nobody asks for", () => {
    const packing = pack([job("a", pod({ memoryGib: GIB > 0 ? 1 : 0, ...TOLERANT }))], [train({ minNodes: 1 })]);
    expect(strandedOf(packing)).toEqual([[4, 4, "no declared workload asks for GPUs of this pool"]]);
  });
});
