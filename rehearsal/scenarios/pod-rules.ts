/** What tells how long a pod takes. */
export type DurationSource = "scenario" | "annotation" | "deadline" | "default";

/** How pods end whose names fit: what a simulated pod is told on its admission. */
export interface PodRule {
  /** Namespace, or a pattern: `*` stands for any signs, `?` for one. */
  namespace: string;
  /** Name of a workload, or a pattern; pods have it at the beginning of their names. */
  name: string;
  does: "succeed" | "fail";
  /** Seconds of the scenario; undefined where the rule leaves that to others. */
  seconds: number | undefined;
  /** Exit code of `fail`. */
  exit: number;
  /** Whether it counts also for pods that say themselves what they do. */
  isFirm: boolean;
}

/** Separates what a line tells. */
const TAB = "\t";

/**
 * Rules as the policy of the cluster reads them, one a line: patterns of namespace and name, whether they are firm, what the
 * pod does, after how many milliseconds of the clock (-1: as it says itself), and the exit code.
 *
 * @param speed seconds of the scenario per second.
 */
export function ruleLines(rules: readonly PodRule[], speed: number): string {
  return rules
    .map(({ namespace, name, isFirm, does, seconds, exit }) =>
      [
        `^${expression(namespace)}$`,
        podNames(name),
        isFirm ? "firm" : "mild",
        does,
        seconds === undefined ? -1 : Math.max(1, Math.round((seconds * 1000) / speed)),
        exit,
      ].join(TAB),
    )
    .join("\n");
}

/** Names of the pods of a workload, or of those that a pattern fits, as a regular expression: they begin with its name. */
export function podNames(pattern: string): string {
  return `^${expression(pattern)}(-.*)?$`;
}

/** Whether a pattern fits a whole text. */
export function fits(pattern: string, text: string): boolean {
  return new RegExp(`^${expression(pattern)}$`).test(text);
}

/** A pattern as a regular expression that both RE2 and JavaScript read alike. */
function expression(pattern: string): string {
  return pattern
    .replace(/[.+^$(){}|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
}
