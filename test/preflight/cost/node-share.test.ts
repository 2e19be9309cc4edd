import { describe, expect, it } from "vitest";
import { nodeShare } from "../../../preflight/cost/node-share";

const FREE = new Map(Object.entries({ cpu: 8000, memory: 64, pods: 50, "nvidia.com/gpu": 4, "hugepages-2Mi": 0 }));

describe("the share that a pod takes of a node", () => {
  it.each<[string, Record<string, number>, number | undefined]>([
    ["its GPU, where it takes little else", { cpu: 1000, memory: 8, "nvidia.com/gpu": 1, pods: 1 }, 0.25],
    ["its memory, where that is scarcer", { cpu: 1000, memory: 48, "nvidia.com/gpu": 1, pods: 1 }, 0.75],
    ["its CPU, where it has no GPU", { cpu: 4000, memory: 8, pods: 1 }, 0.5],
    ["its place among the pods, where it asks for nothing", { pods: 1 }, 0.02],
    ["the whole node", { "nvidia.com/gpu": 4 }, 1],
    ["nothing", {}, 0],
    ["nothing of what it asks none of", { "hugepages-2Mi": 0, "example.com/other": 0, cpu: 80 }, 0.01],
    ["more than there is", { cpu: 8001 }, undefined],
    ["what the node does not have", { "example.com/other": 1 }, undefined],
    ["what the node has none of", { "hugepages-2Mi": 1 }, undefined],
  ])("is that of %s", (_case, requests, share) => {
    expect(nodeShare(new Map(Object.entries(requests)), FREE)).toBe(share);
  });
});
