import { createHash } from "node:crypto";
import { hasUnknown, isProperties, type Properties } from "./values";

/**
 * Environment variable that makes stand-ins answer long inputs by their digests, so that a state can be kept as text; by
 * default every input stays as it is. Two states that were made so differ where, and only where, the inputs did.
 */
export const DIGESTS_VARIABLE = "MLSTACK_STAND_IN_DIGESTS";

/** Characters from which on a text is kept by its digest: policies, programs and dashboards are longer, names are not. */
export const LONGEST_KEPT = 160;

/**
 * Inputs that are long as a whole, though made of short texts, by type: the last name of the path to them. None of them replaces
 * its object.
 */
const LONG_TREES: Record<string, string> = {
  "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition": "schema",
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": "rules",
  "kubernetes:rbac.authorization.k8s.io/v1:Role": "rules",
};

/** Inputs with digests in place of what is long; what is not known yet stays so. */
export function digested(token: string, inputs: Properties): Properties {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, shortened(value, name, LONG_TREES[token])]),
  );
}

/** Tells whether the environment asks for digests. */
export function wantsDigests(): boolean {
  return process.env[DIGESTS_VARIABLE] === "true";
}

function shortened(value: unknown, name: string, longTree: string | undefined): unknown {
  if (name === longTree && !hasUnknown(value)) return digestOf(JSON.stringify(value));
  if (typeof value === "string") return value.length > LONGEST_KEPT ? digestOf(value) : value;
  if (Array.isArray(value)) return value.map((item: unknown) => shortened(item, "", longTree));
  if (!isProperties(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shortened(inner, key, longTree)]));
}

function digestOf(text: string): string {
  return `sha256:${createHash("sha256").update(text).digest("hex").slice(0, 32)}`;
}
