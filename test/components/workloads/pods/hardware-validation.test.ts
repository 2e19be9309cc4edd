import { describe, expect, it } from "vitest";
import { gpuPoolShape, type HardwareArgs } from "../../../../components";
import { checkHardware } from "../../../../components/workloads/pods";

const pools = [
  gpuPoolShape("t4", { instanceType: "g4dn.xlarge", maxNodes: 2 }),
  gpuPoolShape("a10g", { instanceType: "g5.12xlarge", maxNodes: 2 }),
];
const facts = { pods: 2, defaultGpus: 1, pools };

describe("hardware is refused", () => {
  it.each<[string, HardwareArgs, string]>([
    [
      "of more GPUs than any node has",
      { gpus: 8 },
      "worker.gpus is 8 GPUs; allowed: t4 has 1 GPU per node; a10g has 4 GPUs per node. Ask for less, or for another pool.",
    ],
    [
      "of more memory per GPU than any has",
      { gpuMemoryGib: 40 },
      "worker.gpus is 1 GPU of 40 GiB; allowed: t4 has 16 GiB per GPU; a10g has 22.35 GiB per GPU. " +
        "Ask for less, or for another pool.",
    ],
    [
      "of more than the pool has",
      { gpus: 2, pool: "t4" },
      "worker.pool is 2 GPUs on t4; allowed: t4 has 1 GPU per node. Ask for less, or for another pool.",
    ],
    [
      "of another instruction set",
      { pool: "t4", architecture: "arm64" },
      "worker.pool is 1 GPU on arm64 on t4; allowed: t4 is amd64. Ask for less, or for another pool.",
    ],
    [
      "of adapters that the pool does not have",
      { pool: "a10g", gpus: 4, efa: 1 },
      "worker.pool is 4 GPUs with 1 EFA on a10g; allowed: a10g has 0 of vpc.amazonaws.com/efa per node. " +
        "Ask for less, or for another pool.",
    ],
    [
      "of a pool that nobody knows",
      { pool: "h100" },
      'worker.pool is "h100"; allowed: one of the pools, t4, a10g. Name one of these, or leave it out.',
    ],
    [
      "of several turns on one GPU",
      { gpus: 2, gpuSharing: "time-slicing" },
      "worker.gpus is 2; allowed: 1 with gpuSharing time-slicing. More turns are not more GPUs.",
    ],
    [
      "of a slice without its size",
      { gpuSharing: "mig" },
      "worker.migProfile is missing; allowed: a profile such as 1g.10gb. Name the slice that is asked for.",
    ],
    [
      "of GPU memory that no GPU has",
      { gpuMemoryGib: 1000 },
      "worker.gpuMemoryGib is 1000; allowed: a number above 0, at most 268. Set it to what one GPU must have.",
    ],
  ])("%s", (_given, args, reason) => {
    expect(checkHardware("worker.", args, facts).map(({ reason: found }) => found)).toEqual([reason]);
  });

  it("of GPU memory without a GPU", () => {
    const problems = checkHardware("", { gpus: 0, gpuMemoryGib: 16 }, { ...facts, defaultGpus: 0 });
    expect(problems.map(({ reason }) => reason)).toEqual([
      "gpuMemoryGib is 16; allowed: nothing without GPUs. Ask for GPUs with gpus, or leave it out.",
    ]);
  });
});

describe("hardware is accepted", () => {
  it.each<[string, HardwareArgs]>([
    ["that a pool has", { gpus: 4 }],
    ["whose GPUs are shared, as their device plugin alone knows by how many", { gpuSharing: "time-slicing" }],
    ["whose slices are many on one GPU", { gpus: 3, gpuSharing: "mig", migProfile: "1g.10gb" }],
  ])("%s", (_given, args) => {
    expect(checkHardware("", args, facts)).toEqual([]);
  });

  it("of any pool for pods without GPUs", () => {
    expect(checkHardware("", { gpus: 0 }, { ...facts, defaultGpus: 0 })).toEqual([]);
  });
});
