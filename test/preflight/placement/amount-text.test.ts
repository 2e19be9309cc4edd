import { describe, expect, it } from "vitest";
import { amountText, bareAmount, resourceNoun } from "../../../preflight/placement/amount-text";
import { GIB } from "./stack";

describe("amountText", () => {
  it.each<[resource: string, amount: number, text: string]>([
    ["nvidia.com/gpu", 1, "1 GPU"],
    ["nvidia.com/gpu", 8, "8 GPUs"],
    ["nvidia.com/gpu.shared", 1, "1 share of a GPU (nvidia.com/gpu.shared)"],
    ["nvidia.com/gpu.shared", 2, "2 shares of GPUs (nvidia.com/gpu.shared)"],
    ["cpu", 1000, "1 CPU"],
    ["cpu", 1500, "1.5 CPUs"],
    ["cpu", 100, "0.1 CPUs"],
    ["pods", 1, "1 pod"],
    ["memory", 0, "0 GiB of memory"],
    ["memory", 1.5 * GIB, "1.5 GiB of memory"],
    ["memory", GIB / 2, "512 MiB of memory"],
    ["memory", 1000, "1000 bytes of memory"],
    ["memory", 1024 ** 2, "1 MiB of memory"],
    ["memory", GIB, "1 GiB of memory"],
    ["ephemeral-storage", 20 * GIB, "20 GiB of disk"],
    ["hugepages-2Mi", 5 * GIB, "5 GiB of huge pages (hugepages-2Mi)"],
    ["example.com/fpga", 2, "2 example.com/fpga"],
  ])("%s: %d", (resource, amount, text) => {
    expect(amountText(resource, amount, "down")).toBe(text);
  });

  it("rounds what is asked for up and what is left down, so that the two never look equal", () => {
    expect(bareAmount("memory", 16 * GIB - 1, "down")).toBe("15.99 GiB");
    expect(bareAmount("memory", 16 * GIB - 1, "up")).toBe("16 GiB");
    expect(bareAmount("cpu", 1234.5, "down")).toBe("1.234");
    expect(bareAmount("cpu", 1234.5, "up")).toBe("1.235");
    expect(bareAmount("cpu", 1100, "up")).toBe("1.1");
  });
});

describe("resourceNoun", () => {
  it.each([
    ["nvidia.com/gpu", "GPUs"],
    ["memory", "memory"],
    ["ephemeral-storage", "disk"],
    ["example.com/fpga", "example.com/fpga"],
  ])("%s", (resource, noun) => {
    expect(resourceNoun(resource)).toBe(noun);
  });
});
