import { isTreeObject, isUnknown, nodeAt, UNKNOWN, type Tree, type Unknown } from "../../components/model";
import { isObject, objectName, objectNamespace, type StackIndex } from "../pools/stack-index";
import { amountAt } from "./amount-at";

/** What pods of namespaces may have together. */
export interface NamespaceQuotas {
  /**
   * The most that all pods of a namespace may ask for of a resource, in the units of `Amounts`; `pods` counts them.
   * Undefined where nothing limits it, unknown where a quota may and is not known yet.
   */
  ceilingOf: (namespace: string, resource: string) => number | Unknown | undefined;
  /** Amounts that every container in a namespace must state, as a quota bounds them: `requests` or `limits` of a resource. */
  neededIn: (namespace: string) => readonly NeededAmount[];
}

/** An amount that every container must state where a quota bounds it. */
export interface NeededAmount {
  of: "requests" | "limits";
  resource: string;
}

/**
 * How a quota spells amounts of which admission refuses containers that state none; of others it takes these for none.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/#quota-and-cluster-capacity (v1.36)
 */
const NEEDED: Record<string, NeededAmount> = {
  cpu: { of: "requests", resource: "cpu" },
  memory: { of: "requests", resource: "memory" },
  "requests.cpu": { of: "requests", resource: "cpu" },
  "requests.memory": { of: "requests", resource: "memory" },
  "limits.cpu": { of: "limits", resource: "cpu" },
  "limits.memory": { of: "limits", resource: "memory" },
};

/** How hard limits spell the requests for a resource; the plain names are older spellings. */
const SPELLINGS: Record<string, readonly string[]> = {
  pods: ["pods", "count/pods"],
  cpu: ["requests.cpu", "cpu"],
  memory: ["requests.memory", "memory"],
  "ephemeral-storage": ["requests.ephemeral-storage", "ephemeral-storage"],
};

/**
 * Where kinds keep the hard limits of a namespace: the one that they are in, or that of their own name.
 *
 * @see https://kubernetes.io/docs/concepts/policy/resource-quotas/ (v1.36)
 */
export const HARD_LIMITS = [
  { group: "", kind: "ResourceQuota", path: "spec.hard", isOfName: false },
  { group: "kubeflow.org", kind: "Profile", path: "spec.resourceQuotaSpec.hard", isOfName: true },
] as const;

const SCOPES = ["spec.scopes", "spec.scopeSelector"];

/** Whether hard limits have scopes, so that they hold for some pods of a namespace only. */
export function areScoped(object: Tree): boolean {
  const scopes = SCOPES.map((path) => nodeAt(object, path) ?? []);
  return scopes.some((scope) => !(Array.isArray(scope) && scope.length === 0));
}

/** Collects the quotas of a stack; of several for one namespace, the smallest counts, and those with scopes do not. */
export function namespaceQuotasOf(stack: StackIndex): NamespaceQuotas {
  const quotas = new Map<string, Tree[]>();
  for (const resource of stack.resources) {
    const limits = HARD_LIMITS.find(({ group, kind }) => isObject(resource, group, kind));
    if (limits === undefined || areScoped(resource.properties)) continue;
    const namespace = limits.isOfName ? objectName(resource) : objectNamespace(resource);
    if (namespace === undefined) continue;
    quotas.set(namespace, [...(quotas.get(namespace) ?? []), nodeAt(resource.properties, limits.path)]);
  }
  return {
    ceilingOf: (namespace, resource) => {
      const limits = (quotas.get(namespace) ?? []).flatMap((hard) => limitsIn(hard, resource));
      const known = limits.filter((limit) => !isUnknown(limit));
      if (known.length < limits.length) return UNKNOWN;
      return known.length === 0 ? undefined : Math.min(...known);
    },
    neededIn: (namespace) => {
      const spelled = (quotas.get(namespace) ?? []).flatMap((hard) => (isTreeObject(hard) ? Object.keys(hard) : []));
      return [...new Set(spelled)].flatMap((spelling) => NEEDED[spelling] ?? []);
    },
  };
}

function limitsIn(hard: Tree, resource: string): (number | Unknown)[] {
  const spellings = SPELLINGS[resource] ?? [`requests.${resource}`];
  return spellings.flatMap((spelling) => amountAt(hard, spelling, resource) ?? []);
}
