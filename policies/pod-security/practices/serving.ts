import { arrayAt, childAt, isUnknown, UNKNOWN, type Tree } from "../../../components/model";
import { anyOf, type Truth } from "../../engine/truth";

/** Ports that tell of a program rather than serve with it. */
const ASIDE = /metric|prom|telemetry|profil|pprof|debug|health/i;

/** Tells whether a container serves: it declares a port that others than monitoring call. */
export function serves(container: Tree): Truth {
  if (isUnknown(childAt(container, "ports"))) return UNKNOWN;
  return anyOf(
    arrayAt(container, "ports").map((port) => {
      const name = childAt(port, "name");
      return isUnknown(name) ? UNKNOWN : !(typeof name === "string" && ASIDE.test(name));
    }),
  );
}

/** Tells whether a field has anything; unknown where that is not known. */
export function isThere(value: Tree): Truth {
  if (isUnknown(value)) return UNKNOWN;
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}
