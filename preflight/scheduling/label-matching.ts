import type { LabelRequirement, LabelSelector } from "./pod";

/** Labels, or the fields of an object that stand in for them. */
export type Labels = Readonly<Record<string, string>>;

/** The value of a label; undefined where there is none. */
export function labelOf(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Whether a selector selects what has these labels; undefined selects nothing. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  return selector !== undefined && meetsAll(selector, labels);
}

/** Whether labels meet every requirement. */
export function meetsAll(requirements: readonly LabelRequirement[], labels: Labels): boolean {
  for (const requirement of requirements) {
    if (!meets(requirement, labels)) return false;
  }
  return true;
}

/**
 * Whether labels meet a requirement. One that is none, such as `In` without values, is met by nothing.
 *
 * @see https://pkg.go.dev/k8s.io/apimachinery@v0.36.3/pkg/labels#Requirement.Matches
 */
export function meets({ key, operator, values }: LabelRequirement, labels: Labels): boolean {
  const value = labelOf(labels, key);
  const listed: readonly (string | undefined)[] = values;
  switch (operator) {
    case "In":
      return listed.includes(value);
    case "NotIn":
      return values.length > 0 && !listed.includes(value);
    case "Exists":
      return values.length === 0 && value !== undefined;
    case "DoesNotExist":
      return values.length === 0 && value === undefined;
    case "Gt":
      return values.length === 1 && integerOf(value) > integerOf(values[0]);
    case "Lt":
      return values.length === 1 && integerOf(value) < integerOf(values[0]);
    default:
      return false;
  }
}

const LARGEST = 2n ** 63n - 1n;

/** A whole number of 64 bits, as Go reads it; `NaN`, which is neither more nor less than any, for anything else. */
function integerOf(text = ""): bigint | number {
  if (!/^[+-]?\d{1,30}$/.test(text)) return NaN;
  const magnitude = BigInt(text.replace(/^[+-]/, ""));
  const number = text.startsWith("-") ? -magnitude : magnitude;
  return number > LARGEST || number < -LARGEST - 1n ? NaN : number;
}
