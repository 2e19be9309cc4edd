import { distance } from "fastest-levenshtein";
import type { Fields, ResourceShape, TypeShape } from "./resource-shape";
import { isOpaque, isProperties, type Properties } from "./values";

/** One input that the provider would not take. */
export interface InputFault {
  /** Path of the property, for example `scalingConfig.minSize` or `taints[0].effect`. */
  property: string;
  /** What is wrong: what was found, what is allowed, what to do. Values are never repeated, as they may be secret. */
  reason: string;
}

const KIND_NAMES: Record<string, string> = { string: "a string", number: "a number", boolean: "true or false" };

/**
 * Checks inputs against what the SDK declares: unknown and missing properties, and values of a wrong type, at any depth.
 * What is not known yet passes.
 *
 * @param source what declares the shape, for example `@pulumi/aws 7.48.0`; part of the messages.
 */
export function inputFaults(shape: ResourceShape, inputs: Properties, source: string): InputFault[] {
  return new Inspection(shape.objects, source).ofFields(shape.inputs, inputs, "");
}

class Inspection {
  constructor(
    private readonly objects: Record<string, Fields>,
    private readonly source: string,
  ) {}

  ofFields(fields: Fields, given: Properties, parent: string): InputFault[] {
    const at = (name: string) => (parent === "" ? name : `${parent}.${name}`);
    const names = Object.keys(given).filter((name) => given[name] !== undefined && given[name] !== null);
    return [
      ...names.flatMap((name) => {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
        return field ? this.ofValue(field.type, given[name], at(name)) : [this.unknownProperty(fields, name, at(name))];
      }),
      ...Object.entries(fields).flatMap(([name, { required }]) =>
        required && !names.includes(name)
          ? [fault(at(name), "missing", `a value, which ${this.source} requires`, "Add it.")]
          : [],
      ),
    ];
  }

  private ofValue(type: TypeShape, value: unknown, path: string): InputFault[] {
    if (isOpaque(value) || type.kind === "any") return [];
    switch (type.kind) {
      case "literal":
        return value === type.value ? [] : [this.wrongValue(path, value, type)];
      case "list":
        if (!Array.isArray(value)) return [this.wrongValue(path, value, type)];
        return value.flatMap((item, index) => this.ofValue(type.items, item, `${path}[${index}]`));
      case "map":
        if (!isProperties(value)) return [this.wrongValue(path, value, type)];
        return Object.entries(value).flatMap(([key, item]) => this.ofValue(type.values, item, `${path}["${key}"]`));
      case "object":
        if (!isProperties(value)) return [this.wrongValue(path, value, type)];
        return this.ofFields(this.objects[type.object] ?? {}, value, path);
      case "either":
        return this.ofEither(type.options, value, path);
      default:
        return typeof value === type.kind ? [] : [this.wrongValue(path, value, type)];
    }
  }

  /** The faults of the option that comes nearest: where one alone has the right outer form, its inner faults. */
  private ofEither(options: TypeShape[], value: unknown, path: string): InputFault[] {
    const attempts = options.map((option) => this.ofValue(option, value, path));
    if (attempts.some((faults) => faults.length === 0)) return [];
    const inner = attempts.filter((faults) => faults.every(({ property }) => property !== path));
    return inner.length === 1 ? inner[0]! : [this.wrongValue(path, value, { kind: "either", options })];
  }

  private wrongValue(path: string, value: unknown, type: TypeShape): InputFault {
    return fault(path, kindOf(value), `${describe(type)} (${this.source})`, "Mend the value.");
  }

  private unknownProperty(fields: Fields, name: string, path: string): InputFault {
    const known = Object.keys(fields).sort();
    const [nearest] = known.toSorted((a, b) => distance(a, name) - distance(b, name));
    const isNear = nearest !== undefined && distance(nearest, name) <= Math.max(2, name.length / 3);
    const remedy = isNear ? `Remove it, or write ${nearest}.` : "Remove it.";
    return fault(path, `not a property of ${this.source}`, known.join(", ") || "none", remedy);
  }
}

function fault(property: string, observed: string, allowed: string, remedy: string): InputFault {
  return { property, reason: `${property} is ${observed}; allowed: ${allowed}. ${remedy}` };
}

function describe(type: TypeShape): string {
  if (type.kind === "literal") return `"${type.value}"`;
  if (type.kind === "list") return "a list";
  if (type.kind === "map" || type.kind === "object") return "a mapping";
  if (type.kind === "either") return [...new Set(type.options.map(describe))].join(" or ");
  return KIND_NAMES[type.kind] ?? "anything";
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isProperties(value)) return "a mapping";
  if (typeof value === "boolean") return "a boolean";
  return typeof value === "number" ? "a number" : "a string";
}
