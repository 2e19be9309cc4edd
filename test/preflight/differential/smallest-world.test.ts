import { describe, expect, it } from "vitest";
import { smallestWorld, worldOf } from "./smallest-world";
import type { World, WorldNode, WorldPod } from "./world";

const node = (name: string): WorldNode => ({ name, labels: { pool: "gpu", zone: "a" }, taints: [], allocatable: {} });
const pod = (app: string): WorldPod => ({
  namespace: "default",
  labels: { app },
  spec: { containers: [{ name: "main" }] },
});

const world: World = {
  nodes: [node("node-0"), node("node-1")],
  placed: [{ node: "node-0", pod: pod("old") }],
  pods: [pod("first"), pod("second"), pod("third"), pod("fourth")],
  grows: true,
};
const decisions = [{ node: "node-1" }, { message: "0/2 nodes are available." }, { node: "node-0" }];

describe("the world of one pod", () => {
  it("has the pods before it where they were scheduled", () => {
    const { placed, pods, grows } = worldOf({ world, decisions }, 2);
    expect(placed).toEqual([...world.placed, { node: "node-1", pod: pod("first") }]);
    expect(pods).toEqual([pod("third")]);
    expect(grows).toBe(false);
  });

  it("has none of them where pods do not stay", () => {
    expect(worldOf({ world: { ...world, grows: false }, decisions }, 2).placed).toEqual(world.placed);
  });
});

describe("the smallest world", () => {
  it("keeps what is needed alone", async () => {
    const smallest = await smallestWorld(world, ({ nodes, pods }) =>
      Promise.resolve(nodes?.[0]?.labels?.["zone"] === "a" && pods?.some(({ labels }) => labels?.["app"] === "third")),
    );
    expect(smallest).toEqual({ nodes: [{ labels: { zone: "a" } }], pods: [{ labels: { app: "third" } }] });
  });

  it("is the world itself where all of it is needed", async () => {
    expect(await smallestWorld(world, () => Promise.resolve(false))).toBe(world);
  });

  it("is found with a bounded number of tries", async () => {
    const pods = Array.from({ length: 2000 }, (_, index) => pod(String(index)));
    let tries = 0;
    await smallestWorld({ ...world, pods }, () => {
      tries += 1;
      return Promise.resolve(false);
    });
    expect(tries).toBe(600);
  });
});
