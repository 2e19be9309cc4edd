import { durationText } from "../../rehearsal/scenarios/duration";
import type { FaultMark, Outcome } from "../../rehearsal/timeline/timeline";
import { counted, number } from "../plan/words";
import { OUTCOMES } from "./outcomes";

/** What came of a fault, each a sentence without a period: what it killed, what it struck, whose images it kept away, how what was open came out. */
export function faultEffects({ at, struck, withoutImage = [], controllersBack, open }: FaultMark): string[] {
  const back = controllersBack === undefined ? [] : [`ready again after ${durationText(controllersBack - at)}`];
  const losses = struck.map(({ workload, podsLost, wholeAgain, outcome }) => {
    const whole =
      wholeAgain === undefined ? "was not whole again" : `was whole again after ${durationText(wholeAgain - at)}`;
    return `${workload} lost ${counted(podsLost, "pod")} and ${whole}: ${OUTCOMES[outcome].toLowerCase()}`;
  });
  const waiting = withoutImage.map(
    ({ workload, pods }) => `${workload} had ${counted(pods, "pod")} without ${pods === 1 ? "its" : "their"} images`,
  );
  const counts = Object.entries(open) as [Outcome, number][];
  const outcomes = counts.map(([outcome, count]) => `${number(count)} ${OUTCOMES[outcome].toLowerCase()}`).join(", ");
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  return [
    ...back,
    ...losses,
    ...waiting,
    all === 0 ? "no workload was open" : `${counted(all, "workload")} open then: ${outcomes}`,
  ];
}
