import { fieldAt } from "./fields";

/** What one part of a condition asks of a field. */
interface Requirement {
  path: string;
  holds: (value: string | undefined) => boolean;
  /** The part as it was written. */
  text: string;
}

/**
 * Reads a condition of a `resource` template, which is a selector of labels whose labels are fields, such as
 * `status.succeeded > 0, status.phase in (Done, Ready)`.
 *
 * @throws Error where it is none.
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/workflow/executor/resource.go `matchConditions`
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#list-and-watch-filtering
 */
export function parseCondition(text: string): Requirement[] {
  return splitOutsideParentheses(text).map((part) => {
    const trimmed = part.trim();
    for (const [form, meaning] of FORMS) {
      const match = form.exec(trimmed);
      if (match) return { path: match[1]!, holds: meaning(match[2] ?? ""), text: trimmed };
    }
    throw new Error(`'${text}' is no condition: it has the part '${trimmed}'`);
  });
}

/** What an object says of a `resource` template: the part that tells its failure; whether all of a success holds. */
export function judge(object: unknown, success: Requirement[], failure: Requirement[]): string | boolean {
  const meets = ({ path, holds }: Requirement) => holds(fieldAt(object, path));
  const failed = failure.find(meets);
  return failed === undefined ? success.every(meets) : `failure condition '${failed.text}' evaluated true`;
}

const listed = (text: string) => text.split(",").map((value) => value.trim());
const isLess = (a: string | undefined, b: string) => wholeNumber(a) < wholeNumber(b);

/** Every form of a requirement, the more particular ones first; what is asked of a field that is not there differs. */
const FORMS: [RegExp, (operand: string) => Requirement["holds"]][] = [
  [/^!\s*([\w./-]+)$/, () => (value) => value === undefined],
  [/^([\w./-]+)$/, () => (value) => value !== undefined],
  [/^([\w./-]+)\s*!=\s*(\S*)$/, (operand) => (value) => value !== operand],
  [/^([\w./-]+)\s*==?\s*(\S*)$/, (operand) => (value) => value === operand],
  [/^([\w./-]+)\s+in\s*\((.*)\)$/, (operand) => (value) => value !== undefined && listed(operand).includes(value)],
  [/^([\w./-]+)\s+notin\s*\((.*)\)$/, (operand) => (value) => value === undefined || !listed(operand).includes(value)],
  [/^([\w./-]+)\s*(?:>|\bgt\b)\s*(-?\d+)$/, (operand) => (value) => isLess(operand, value ?? "")],
  [/^([\w./-]+)\s*(?:<|\blt\b)\s*(-?\d+)$/, (operand) => (value) => isLess(value, operand)],
];

/** `NaN`, which is neither more nor less than any number, for what is none. */
function wholeNumber(text = ""): number {
  return /^[+-]?\d+$/.test(text) ? Number(text) : NaN;
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}
