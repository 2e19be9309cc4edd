import { type InputProblem, inputProblem } from "../../../internal";
import { type ParameterDeclaration, ParameterType } from "../definition";

const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

/** What texts of each type must look like. */
const LITERALS: Record<ParameterType, { fits: (text: string) => boolean; allowed: string }> = {
  string: { fits: () => true, allowed: "any text" },
  number: { fits: (text) => NUMBER.test(text), allowed: "a number" },
  boolean: { fits: (text) => text === "true" || text === "false", allowed: "true or false" },
  json: { fits: (text) => parsed(text) !== undefined, allowed: "JSON" },
  list: { fits: (text) => Array.isArray(parsed(text)), allowed: "a JSON list" },
};

/** What a parameter is where its declaration does not say. */
export function typeOf({ type = ParameterType.string }: Pick<ParameterDeclaration, "type">): ParameterType {
  return type;
}

/** A type in words. */
export function describeType(declaration: ParameterDeclaration): string {
  const { options, itemType = ParameterType.string, itemFields } = declaration;
  const type = typeOf(declaration);
  if (options !== undefined) return `one of ${options.join(", ")}`;
  if (type !== ParameterType.list) return type;
  return `list of ${itemFields === undefined ? itemType : "records"}`;
}

/** Checks a text that is known against its type. */
export function checkLiteral(path: string, text: string, declaration: ParameterDeclaration): InputProblem[] {
  const { options } = declaration;
  if (options !== undefined && !options.includes(text)) {
    return [inputProblem(path, text, options.join(", "), "Give it one of these.")];
  }
  // Types that there are not are told of where they are declared.
  const literal = LITERALS[typeOf(declaration)] as (typeof LITERALS)[ParameterType] | undefined;
  return literal === undefined || literal.fits(text)
    ? []
    : [inputProblem(path, text, literal.allowed, "Write it as its type demands.")];
}

/** Whether a value of one type may be given where another is wanted. Any value is a text. */
export function isFitting(given: ParameterDeclaration, wanted: ParameterDeclaration): boolean {
  const [from, to] = [typeOf(given), typeOf(wanted)];
  if (wanted.options !== undefined) return given.options?.every((option) => wanted.options!.includes(option)) ?? false;
  if (to === ParameterType.string) return true;
  if (to === ParameterType.json) return from === ParameterType.json || from === ParameterType.list;
  if (from !== to) return false;
  return to !== ParameterType.list || areItemsFitting(given, wanted);
}

/** Type of what a JavaScript value is as an item of a loop. */
export function typeOfItem(item: unknown): ParameterType {
  if (typeof item === "number") return ParameterType.number;
  if (typeof item === "boolean") return ParameterType.boolean;
  return typeof item === "string" ? ParameterType.string : ParameterType.json;
}

function areItemsFitting(given: ParameterDeclaration, wanted: ParameterDeclaration): boolean {
  const [from, to] = [itemOf(given), itemOf(wanted)];
  const fields = wanted.itemFields ?? [];
  return isFitting(from, to) && fields.every(({ name }) => given.itemFields?.some((field) => field.name === name));
}

/** The declaration of one item of a list. */
export function itemOf({ itemType, itemFields }: ParameterDeclaration): ParameterDeclaration {
  return { name: "item", type: itemType ?? (itemFields === undefined ? ParameterType.string : ParameterType.json) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
