import { isUnknown, type Tree } from "../../components/model";
import { undecided, type Judgement, type Undecided, type Violation } from "./rule";
import { allOf, anyOf, not, type Truth } from "./truth";

/** A condition, with the fields that decide it. */
export interface Condition {
  holds: Truth;
  /** Paths of the fields that are not known yet, where these are why it cannot be told whether it holds. */
  unknownAt: string[];
}

/** A condition that the fields at some paths decide. */
export function conditionOf(holds: Truth, ...unknownAt: string[]): Condition {
  return { holds, unknownAt };
}

/** Finds a violation where all conditions hold; where they may, says which fields would decide it. */
export function* violatedIf(conditions: Condition[], violation: () => Violation): Iterable<Judgement> {
  const all = allHold(conditions);
  if (all.holds === true) yield violation();
  yield* undecidedBy(all);
}

/** The fields that decide whether a condition holds and are not known yet, each once; none where it can be told. */
export function undecidedBy({ holds, unknownAt }: Condition): Undecided[] {
  return isUnknown(holds) ? [...new Set(unknownAt)].map(undecided) : [];
}

/** Whether all conditions hold. */
export function allHold(conditions: Condition[]): Condition {
  return { holds: allOf(conditions.map(({ holds }) => holds)), unknownAt: openPathsOf(conditions) };
}

/** Whether any condition holds. */
export function anyHolds(conditions: Condition[]): Condition {
  return { holds: anyOf(conditions.map(({ holds }) => holds)), unknownAt: openPathsOf(conditions) };
}

/** Whether a condition does not hold. */
export function opposite({ holds, unknownAt }: Condition): Condition {
  return { holds: not(holds), unknownAt };
}

/** Whether the value of one field passes a test. */
export function fieldHolds(value: Tree, path: string, test: (value: Tree) => Truth): Condition {
  return conditionOf(isUnknown(value) ? value : test(value), path);
}

function openPathsOf(conditions: Condition[]): string[] {
  return conditions.filter(({ holds }) => isUnknown(holds)).flatMap(({ unknownAt }) => unknownAt);
}
