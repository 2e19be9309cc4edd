import { PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { POOL_LABEL } from "../../../components/model";
import { eventually } from "../../support/cluster";
import { sharedStack } from "./stack";

const at = { name: "nightly", namespace: "timed-warm-up" };

test(
  "a pool has its nodes when the hour of its schedule comes, and none when it is over",
  { timeout: 300_000 },
  async () => {
    const stack = sharedStack();
    const nodes = async () => (await stack.core.listNode({ labelSelector: `${POOL_LABEL}=timed` })).items.length;
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    const change = (spec: object) => stack.batch.patchNamespacedCronJob({ ...at, body: { spec } }, merge);

    expect(await nodes()).toBe(0);
    // Its hour is the next full minute.
    await change({ schedule: "* * * * *" });
    await eventually("its nodes are there", async () => (await nodes()) === 2, 120_000);
    await change({ suspend: true });
    await eventually("they are gone", async () => (await nodes()) === 0, 180_000);
  },
);
