import type { RealScheduler } from "../differential/real-scheduler";
import { offersOf } from "./judgement";
import { type RecordedStack, worldOf } from "./offers";
import { plannedStack } from "./planned-stack";
import type { DeclaredStack } from "./stack";

/** Has the real scheduler place the pods of a stack, as many of each set as it takes to see how many fit. */
export async function recordedStack(scheduler: RealScheduler, stack: DeclaredStack): Promise<RecordedStack> {
  const offers = offersOf(stack, plannedStack(stack));
  const { decisions } = await scheduler.record(worldOf(stack, offers));
  let next = offers.length;
  const outcomes = offers.map(({ made, pods }, index) => {
    const looked = decisions[index]!;
    if ("node" in looked) throw new Error("the scheduler placed a pod whose device no node has");
    const placed = decisions.slice(next, (next += pods));
    return {
      title: made.title,
      offered: pods,
      everywhere: looked.message,
      nodes: placed.flatMap((decision) => ("node" in decision ? [decision.node] : [])),
    };
  });
  return { stack, outcomes };
}
