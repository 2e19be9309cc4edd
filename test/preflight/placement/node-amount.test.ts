import { describe, expect, it } from "vitest";
import { UNKNOWN, type ToldPoolShape } from "../../../components/model";
import { nodeAmount, nodeAmountText } from "../../../preflight/placement/node-amount";

describe("what a node has", () => {
  it.each<[string, number, ToldPoolShape, words: string, bare: string]>([
    ["nvidia.com/gpu", 4, { gpusPerNode: 4 }, "4 GPUs", "4"],
    ["nvidia.com/gpu", 4, { gpusPerNode: 1 }, "4 shares of 1 GPU", "4 shares of 1 GPU"],
    ["nvidia.com/gpu", 16, { gpusPerNode: 8 }, "16 shares of 8 GPUs", "16 shares of 8 GPUs"],
    ["nvidia.com/gpu", 4, {}, "4 GPUs", "4"],
    ["nvidia.com/gpu", 4, { gpusPerNode: UNKNOWN }, "4 GPUs", "4"],
    ["cpu", 7910, { gpusPerNode: 1 }, "7.91 CPUs", "7.91"],
    ["memory", 2 ** 30 - 1, { gpusPerNode: 1 }, "1023.99 MiB of memory", "1023.99 MiB"],
  ])("%s, %d of them, reads in people's words", (resource, amount, shape, words, bare) => {
    expect(nodeAmountText(resource, amount, { shape })).toBe(words);
    expect(nodeAmount(resource, amount, { shape })).toBe(bare);
  });
});
