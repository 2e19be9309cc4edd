import { isUnknown, UNKNOWN, type Tree } from "../../components/model";

/**
 * Copies the properties of a policy call into a plain {@link Tree} that every rule of a family reads.
 *
 * CrossGuard hands properties over as a proxy that throws when an unknown value is read, at which point the whole policy
 * is given up for that preview. Whatever cannot be read here becomes the {@link UNKNOWN} marker instead, so that rules go
 * on judging everything beside it.
 *
 * @see https://www.pulumi.com/docs/iac/packages-and-automation/crossguard/ `@pulumi/policy` 1.21, `unknownCheckingProxy`
 */
export function materialise(properties: unknown): Tree {
  return read({ properties }, "properties");
}

function read(holder: object, key: PropertyKey): Tree {
  try {
    return copy(Reflect.get(holder, key));
  } catch {
    return UNKNOWN;
  }
}

function copy(value: unknown): Tree {
  if (value === null || isUnknown(value)) return value;
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return value;
    case "object":
      // fromEntries defines keys instead of assigning them, so a key called __proto__ stays an ordinary key.
      return Array.isArray(value)
        ? Array.from({ length: value.length }, (_, index) => read(value, index))
        : Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
    default:
      return undefined;
  }
}
