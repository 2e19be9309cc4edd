import { type InputProblem, inputProblem, problemAt } from "../../../internal";
import { type ParameterDeclaration, ParameterType, type WorkflowTask } from "../definition";
import { checkVariable, itemScope, type Meaning, meaningOf, type Scope } from "./scope";
import { describeType, typeOf, typeOfItem } from "./types";
import { soleName, variablesIn } from "./variables";

/** What a looping task knows of its items. */
export function itemsScope({ withItems, withParam }: WorkflowTask, scope: Scope): Scope {
  const list = withItems === undefined ? listOf(withParam, scope) : listOfItems(withItems);
  return list === undefined ? new Map<string, Meaning>() : itemScope(list);
}

/** Checks what a task loops over. */
export function checkLoop(path: string, { withItems, withParam }: WorkflowTask, scope: Scope): InputProblem[] {
  if (withItems !== undefined && withParam !== undefined) {
    return [problemAt(`${path}.withItems`, "given beside withParam", "one of the two", "Remove one.")];
  }
  if (withItems !== undefined) return checkItems(`${path}.withItems`, withItems);
  return withParam === undefined ? [] : checkList(`${path}.withParam`, withParam, scope);
}

function checkList(path: string, withParam: unknown, scope: Scope): InputProblem[] {
  const unknown = variablesIn(withParam, path).flatMap((variable) => checkVariable(variable, scope));
  if (unknown.length > 0) return unknown;
  const allowed = "one variable of a list, such as {{tasks.plan.outputs.parameters.depths}}";
  const name = typeof withParam === "string" ? soleName(withParam) : undefined;
  if (name === undefined) return [inputProblem(path, withParam, allowed, "Name the list, or use withItems.")];
  const { declaration, kind } = meaningOf(name, scope)!;
  if (declaration !== undefined && typeOf(declaration) === ParameterType.list) return [];
  const what = declaration === undefined ? (kind === "artifact" ? "files" : "a path") : describeType(declaration);
  return [problemAt(path, `${String(withParam)}, which is ${what}`, allowed, "Declare it as a list.")];
}

function checkItems(path: string, items: unknown): InputProblem[] {
  if (!Array.isArray(items) || items.length === 0) {
    return [inputProblem(path, items, "at least one item", "Give items, or remove the loop.")];
  }
  const shape = shapeOf(items[0]);
  return items.flatMap((item: unknown, index) => {
    const own = shapeOf(item);
    if (own === undefined) {
      return [inputProblem(`${path}[${index}]`, item, "a text, number, truth value, or record of such", "Rewrite it.")];
    }
    if (own === shape || shape === undefined) return [];
    return [
      inputProblem(`${path}[${index}]`, item, `an item like the first, ${JSON.stringify(items[0])}`, "Rewrite it."),
    ];
  });
}

/** What items must have in common: their type, or the fields of records with theirs. */
function shapeOf(item: unknown): string | undefined {
  if (typeof item !== "object" || item === null) {
    return ["string", "number", "boolean"].includes(typeof item) ? typeof item : undefined;
  }
  if (Array.isArray(item)) return undefined;
  const fields = Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1));
  const shapes = fields.map(([name, value]) => (typeof value === "object" ? undefined : `${name}:${typeof value}`));
  return fields.length === 0 || shapes.includes(undefined) ? undefined : shapes.join();
}

function listOf(withParam: string | undefined, scope: Scope): ParameterDeclaration | undefined {
  return meaningOf(soleName(String(withParam)) ?? "", scope)?.declaration;
}

function listOfItems(items: unknown[]): ParameterDeclaration {
  const first = Array.isArray(items) ? items[0] : undefined;
  const isRecord = typeof first === "object" && first !== null;
  const itemFields = isRecord
    ? Object.entries(first).map(([name, value]) => ({ name, type: typeOfItem(value) }))
    : undefined;
  return {
    name: "items",
    type: ParameterType.list,
    itemType: typeOfItem(first),
    ...(itemFields === undefined ? {} : { itemFields }),
  };
}
