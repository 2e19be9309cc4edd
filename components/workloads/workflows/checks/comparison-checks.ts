import { checkEnum, type InputProblem, inputProblem, problemAt } from "../../../internal";
import { type Comparison, ComparisonOperator, type ParameterDeclaration, ParameterType } from "../definition";
import { checkVariable, meaningOf, type Scope } from "./scope";
import { checkLiteral, describeType, isFitting, typeOf } from "./types";
import { soleName, variablesIn } from "./variables";

const ORDERING = new Set<ComparisonOperator>([
  ComparisonOperator.less,
  ComparisonOperator.lessOrEqual,
  ComparisonOperator.greater,
  ComparisonOperator.greaterOrEqual,
]);

/** Checks a condition: both sides must be known, and of one type. */
export function checkComparison(path: string, comparison: Comparison, scope: Scope): InputProblem[] {
  const { value, operator, other } = comparison;
  const variables = variablesIn({ value, other }, path);
  const unknown = variables.flatMap((variable) => checkVariable(variable, scope));
  const isOperator = checkEnum(`${path}.operator`, operator, ComparisonOperator);
  if (unknown.length > 0 || isOperator.length > 0) return [...unknown, ...isOperator];
  const left = sideOf(value, scope);
  if (left === undefined) {
    const allowed = "one variable of a value, such as {{tasks.check.outputs.parameters.auc}}";
    return [inputProblem(`${path}.value`, value, allowed, "Name what is compared.")];
  }
  return [...checkOrder(path, operator, left), ...checkOther(`${path}.other`, other, left, scope)];
}

function checkOrder(path: string, operator: ComparisonOperator, left: ParameterDeclaration): InputProblem[] {
  if (!ORDERING.has(operator) || typeOf(left) === ParameterType.number) return [];
  const allowed = "== or != for what is no number";
  return [inputProblem(`${path}.operator`, operator, allowed, "Compare a number, or use one of these.")];
}

function checkOther(path: string, other: unknown, left: ParameterDeclaration, scope: Scope): InputProblem[] {
  if (typeof other !== "string")
    return [inputProblem(path, other, "a text or variable", "Say what it is compared with.")];
  if (soleName(other) === undefined) {
    const isOpen = other.includes("{{") || other.includes("}}");
    if (isOpen)
      return [inputProblem(path, other, "a value, or one variable and nothing else", "Compare one of the two.")];
    return checkLiteral(path, other, left);
  }
  const right = sideOf(other, scope);
  if (right !== undefined && (isFitting(right, left) || isFitting(left, right))) return [];
  const observed = right === undefined ? `${other}, which is files` : `${other}, which is ${describeType(right)}`;
  return [problemAt(path, observed, describeType(left), "Compare what is of one type.")];
}

function sideOf(text: unknown, scope: Scope): ParameterDeclaration | undefined {
  return typeof text === "string" ? meaningOf(soleName(text) ?? "", scope)?.declaration : undefined;
}
