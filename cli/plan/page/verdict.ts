import type { PlanReport, ReportSummary } from "../report";
import { counted, listed, number } from "../words";

/** How a plan stands, and in one sentence why. */
export interface PlanVerdict {
  /** Class of its colour. */
  kind: "bad" | "open" | "good";
  label: string;
  /** With a period. */
  sentence: string;
}

/** How a plan stands: bad where something never runs or must be mended first, open where something is not known yet. */
export function planVerdict({ summary }: Pick<PlanReport, "summary">): PlanVerdict {
  const { podSets, never, undecided, mandatory } = summary;
  const open =
    undecided === 0 ? [] : [`${never > 0 ? number(undecided) : ofSets(undecided, podSets)} cannot be judged yet`];
  const sets = [...(never > 0 ? [`${ofSets(never, podSets)} can never run`] : []), ...open];
  const problems = [
    ...(sets.length === 0 ? [] : [listed(sets)]),
    ...(mandatory > 0 ? [`${counted(mandatory, "mandatory finding")} must be mended`] : []),
  ];
  if (problems.length === 0) return { kind: "good", label: "Ready", sentence: readySentence(summary) };
  const isBad = never > 0 || mandatory > 0;
  const sentence = `${problems.join("; ")}.`;
  return { kind: isBad ? "bad" : "open", label: isBad ? "Not ready" : "Not decided", sentence };
}

function ofSets(some: number, all: number): string {
  return some === all
    ? `${all === 1 ? "The only" : `All ${number(all)}`} ${setsOf(all)}`
    : `${number(some)} of ${number(all)} ${setsOf(all)}`;
}

function setsOf(all: number): string {
  return all === 1 ? "pod set" : "pod sets";
}

function readySentence({ podSets, queues }: ReportSummary): string {
  if (podSets === 0) return "The stack brings no pods, so there is nothing to place.";
  const all = podSets === 1 ? "The only pod set can run" : `All ${number(podSets)} pod sets can run`;
  return queues === 0 ? `${all}.` : `${all}, ${number(queues)} of them in turns.`;
}
