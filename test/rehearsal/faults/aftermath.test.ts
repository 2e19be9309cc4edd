import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import { Aftermath } from "../../../rehearsal/faults/aftermath";

test("what comes of a fault comes in the time of the scenario, and is open until then", async () => {
  const aftermath = new Aftermath(100);
  const began = Date.now();
  const act = vi.fn(() => Promise.resolve());
  aftermath.later(20, act);
  expect(aftermath).toMatchObject({ isOpen: true, lastAt: 0 });
  await vi.waitUntil(() => !aftermath.isOpen);
  expect(act).toHaveBeenCalledOnce();
  expect(aftermath.lastAt - began).toBeGreaterThanOrEqual(199);
});

test("it is tried again while the API server is away", async () => {
  const aftermath = new Aftermath(1000);
  const act = vi.fn(() => Promise.resolve());
  act.mockRejectedValueOnce(new Error("connect ECONNREFUSED 127.0.0.1:6443"));
  aftermath.later(1, act);
  await vi.waitUntil(() => !aftermath.isOpen, 5000);
  expect(act).toHaveBeenCalledTimes(2);
});

test("what is still to come is left undone at the end", async () => {
  const aftermath = new Aftermath(1);
  const act = vi.fn(() => Promise.resolve());
  aftermath.later(3600, act);
  aftermath.stop();
  await sleep(0);
  expect(aftermath.isOpen).toBe(false);
  expect(act).not.toHaveBeenCalled();
});
