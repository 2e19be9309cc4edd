import type { Outcome } from "../../rehearsal/timeline/timeline";

/** What each outcome is called. */
export const OUTCOMES: Record<Outcome, string> = {
  succeeded: "succeeded",
  failed: "FAILED",
  running: "runs",
  interrupted: "interrupted",
  waiting: "NEVER RAN",
  refused: "REFUSED",
  gone: "deleted",
};
