import type { FaultInjector } from "../scenarios/fault";
import { durationText } from "../scenarios/duration";
import type { FaultGround } from ".";

/**
 * Has time pass at once: every object of the cluster is older from then on. Deadlines, schedules and times to live that lie
 * within are then due, as after a night on which nothing ran.
 */
export function clockInjector({ controlPlane, clock }: FaultGround): FaultInjector<"clockPassed"> {
  return {
    inject: async ({ by }) => {
      const objects = await controlPlane.passTime(await clock(), by);
      return { did: `${durationText(by)} have passed for ${objects} objects` };
    },
  };
}
