import * as proxies from "@pulumi/policy/proxy";
import { isUnknown, UNKNOWN, type Tree } from "../../components/model";

/** Property under which CrossGuard's proxies give what they stand for. */
const PROXY_TARGET = "__getSpecialProxyTarget";

/** There are two at most; a value that leads to itself would lead on for ever. */
const MOST_PROXIES = 4;

/** What Pulumi sends in place of values that are not known yet; `@pulumi/policy` has them, but declares them not. */
const SENTINELS = new Set(
  Object.entries(proxies as Record<string, unknown>)
    .filter(([name, value]) => /^unknown\w+Value$/.test(name) && typeof value === "string")
    .map(([, value]) => value),
);

/**
 * Copies the properties of a policy call into a plain {@link Tree} that every rule of a family reads.
 *
 * CrossGuard hands properties over as a proxy that throws when an unknown value is read, at which point the whole policy
 * is given up for that preview. Whatever is not known, or cannot be read here, becomes the {@link UNKNOWN} marker instead,
 * so that rules go on judging everything beside it.
 *
 * @see https://www.pulumi.com/docs/iac/packages-and-automation/crossguard/ `@pulumi/policy` 1.21, `unknownCheckingProxy`
 */
export function materialise(properties: object): Tree {
  return read({ properties: unproxied(properties) }, "properties");
}

/**
 * What proxies of CrossGuard stand for, of which a remediation gets one inside the other: every read by way of a proxy
 * makes another one, which takes 30 times as long.
 */
export function unproxied(properties: object): unknown {
  if (SENTINELS.size === 0) return properties;
  let target: unknown = properties;
  for (let depth = 0; depth < MOST_PROXIES; depth++) {
    const inner = targetOf(target);
    if (inner === undefined) break;
    target = inner;
  }
  return target;
}

function targetOf(value: unknown): unknown {
  try {
    return typeof value === "object" && value !== null ? Reflect.get(value, PROXY_TARGET) : undefined;
  } catch {
    return undefined;
  }
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
      return SENTINELS.has(value) ? UNKNOWN : value;
    case "number":
    case "boolean":
      return value;
    case "object":
      if (isSecret(value)) return read(value, "value");
      // fromEntries defines keys instead of assigning them, so a key called __proto__ stays an ordinary key.
      return Array.isArray(value)
        ? Array.from({ length: value.length }, (_, index) => read(value, index))
        : Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)]));
    default:
      return undefined;
  }
}

/** Remediations get secrets in a wrapper; what is loaded for its class would be loaded for manifests outside Pulumi, too. */
function isSecret(value: object): boolean {
  return value.constructor?.name === "Secret" && Object.keys(value).length === 1 && "value" in value;
}
