import { daysBetween } from "./days";

/** Leave to break a rule for a while, given by somebody who answers for it. */
export interface Exemption {
  /** Id of the rule. */
  rule: string;
  /** Why the rule may be broken here, in at least {@link LEAST_REASON} characters. */
  reason: string;
  /** Who answers for it: a team or a person. */
  owner: string;
  /** Last day on which it is in force, as `YYYY-MM-DD` in UTC. */
  until: string;
  /** What messages call it: by rule and object, or by the annotation of an object. */
  source: string;
}

/** Characters that a reason has at least; less does not say why. */
export const LEAST_REASON = 15;

/** Days that an exemption lasts at most, from today; after that, somebody looks at it again. */
export const MOST_DAYS = 180;

/** One thing that is wrong with an exemption, which therefore is not in force. */
export interface ExemptionFault {
  field: "reason" | "owner" | "until";
  observed: string;
  allowed: string;
}

/** What is wrong with an exemption on some day; nothing where it is in force. */
export function faultsOf(
  { reason, owner, until }: Omit<Exemption, "source" | "rule">,
  today: string,
): ExemptionFault[] {
  const faults: ExemptionFault[] = [];
  if (reason.trim().length < LEAST_REASON) {
    faults.push({ field: "reason", observed: "too short", allowed: `a reason of at least ${LEAST_REASON} characters` });
  }
  if (owner.trim() === "") faults.push({ field: "owner", observed: "empty", allowed: "who answers for it" });
  const days = daysBetween(today, until);
  if (days === undefined) {
    faults.push({ field: "until", observed: "no day", allowed: "a day as YYYY-MM-DD" });
  } else if (days < 0) {
    faults.push({ field: "until", observed: `${until}, which is over`, allowed: "a day to come" });
  } else if (days > MOST_DAYS) {
    faults.push({
      field: "until",
      observed: `${until}, ${days} days ahead`,
      allowed: `at most ${MOST_DAYS} days ahead`,
    });
  }
  return faults;
}
