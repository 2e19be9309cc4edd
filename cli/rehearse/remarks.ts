import type { Plan } from "../../preflight/plan";
import { durationText } from "../../rehearsal/scenarios/duration";
import type { LoadedScenario } from "../../rehearsal/scenarios/scenario-file";
import type { RehearsalCost } from "../../rehearsal/timeline/cost";
import type { Timeline } from "../../rehearsal/timeline/timeline";
import { plain } from "../check/plain";
import { listed, sentence } from "../plan/words";
import { USUAL_SECONDS } from "./pod-durations";

/** What remarks are made from. */
interface Rehearsed {
  scenario: LoadedScenario;
  plan: Plan;
  cost: RehearsalCost;
  timeline: Timeline;
  /** What Pulumi said when it could not bring all workloads of the stack. */
  complaint: string | undefined;
}

/** What is to be known to read the figures of a rehearsal. */
export function rehearsalRemarks({
  scenario: { speed, "real-node": isReal = false },
  plan,
  cost,
  timeline,
  complaint,
}: Rehearsed): string[] {
  const unpriced = cost.pools.filter(({ usd }) => usd === undefined).map(({ pool }) => pool);
  const came = new Set(timeline.workloads.map(({ title }) => title));
  const missing = plan.workloads.filter(({ title, resource }) => !came.has(title) && resource.parent !== undefined);
  return [
    isReal
      ? "how long pods take is not told on a real node: durations of the scenario are for the others"
      : `pods of which nothing tells how long they take take ${durationText(USUAL_SECONDS)}`,
    ...(speed === 1
      ? []
      : [
          `a second of the clock is ${durationText(speed)} of the scenario; what controllers wait for by themselves, such as the 10 s before a Job tries again, deadlines and cron schedules, is not faster`,
        ]),
    ...(unpriced.length === 0
      ? []
      : [
          `no price is known of ${listed([...new Set(unpriced)])}, which the cost leaves out (--prices tells more, and --region of pools in no zone of AWS)`,
        ]),
    ...(complaint === undefined ? [] : [`Pulumi did not bring all workloads of the stack: ${complaint}`]),
    ...(complaint === undefined || missing.length === 0
      ? []
      : [`of the stack never came: ${listed(missing.map(({ title }) => title))}`]),
  ];
}

/** What of a stack is not the same in a rehearsal, for who waits for it; nothing where all is. */
export function differenceLines(stack: string, remarks: readonly string[]): string {
  if (remarks.length === 0) return "";
  const heading = `The stack ${stack} is rehearsed on an embedded cluster. What is not the same:`;
  return [heading, ...remarks.map((remark) => `  ${plain(sentence(remark))}`), ""].join("\n");
}
