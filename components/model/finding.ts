/** How much harm an unmended finding does; `critical` findings can only be exempted by a reviewed file. */
export type Severity = "low" | "medium" | "high" | "critical";

/**
 * One thing that is wrong, in the words that every part of the project uses: constructor checks throw findings,
 * policy packs report them, the command line prints them.
 */
export interface Finding {
  /** Identifier of the rule that was broken, for example `GPU-01`. */
  rule: string;
  severity: Severity;
  /** The judged object as its author knows it, for example `Job ml/mnist`. */
  object: string;
  /** Path of the field inside the object, for example `spec.template.spec.containers[0].image`. */
  path: string;
  /** What was found there, never the value of a secret. */
  observed: string;
  /** What would have been accepted. */
  allowed: string;
  /** What the author should do, as an imperative sentence. */
  remedy: string;
}

/** Renders a finding as the one sentence that users see. */
export function describeFinding(finding: Finding): string {
  const { rule, object, path, observed, allowed, remedy } = finding;
  return `[${rule}] ${object}: ${path} is ${observed}; allowed: ${allowed}. ${remedy}`;
}
