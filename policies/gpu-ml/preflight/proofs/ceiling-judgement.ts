import { childAt, isUnknown, objectAt, TENANT_LABEL, type Tree } from "../../../../components/model";
import { usdText, type CeilingFinding, type StackCost } from "../../../../preflight/cost";
import type { Plan } from "../../../../preflight/plan";
import { undecided, type Judgement, type Undecided, type Violation } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { hasUnknown } from "../../../engine/undecided-path";
import { stackPoolsOf, type StackPool } from "../../stack/node-labels";
import { madePools, poolPath } from "../layers/layer-end";
import { pendingCostPaths } from "./pool-unknowns";

/** Where a namespace says whose it is. */
const TENANT_PATH = `metadata.labels["${TENANT_LABEL}"]`;

/**
 * What a rule says of a ceiling that is not kept, or of which that cannot be told: undecided only where an update will
 * tell it. Undefined where the stack has nothing to file it at.
 */
export function ceilingJudgement(
  finding: CeilingFinding,
  plan: Plan,
  subjects: readonly Subject[],
): [Subject, Judgement] | undefined {
  const pending = finding.usdPerHour === undefined ? pendingField(finding, plan, subjects) : undefined;
  if (pending !== undefined) return pending;
  const place = placeOf(finding, plan, subjects);
  return place && [place.subject, violationOf(finding, place.path, plan.cost)];
}

function violationOf(finding: CeilingFinding, path: string, cost: StackCost): Violation {
  const { scope, name, usdPerHour, message } = finding;
  if (!isThere(finding, cost)) {
    return {
      path,
      observed: `such that ${message}`,
      allowed: `a ${scope} that is there`,
      remedy: "Correct the name in the policy file, or remove its ceiling.",
    };
  }
  if (usdPerHour === undefined) {
    const missing = cost.pools.flatMap(({ pool, missing: why }) =>
      why === undefined || (scope === "pool" && pool !== name) ? [] : [`pool ${pool}: ${why}`],
    );
    return {
      path,
      observed: `such that ${[message, ...missing].join("; ")}`,
      allowed: `a cost that is known, of at most ${usdText(finding.allowed)}/h`,
      remedy: "Give missing prices and the region as parameters of the rule, and bound the pool.",
    };
  }
  const [observed = message, allowed = ""] = message.split("; allowed: ");
  return {
    path,
    observed: `such that ${observed}`,
    allowed: `at most ${allowed}`,
    remedy: "Lower the largest size, choose cheaper machines, or raise the ceiling.",
  };
}

function isThere({ scope, name }: CeilingFinding, { pools, tenants }: StackCost): boolean {
  if (scope === "pool") return pools.some(({ pool }) => pool === name);
  return scope === "environment" || tenants.some(({ tenant }) => tenant === name);
}

/**
 * A field that an update will tell, where a cost cannot be told for nothing but such fields. What no update makes known
 * would pass a ceiling unseen for ever.
 */
function pendingField(
  finding: CeilingFinding,
  { pools, cost }: Plan,
  subjects: readonly Subject[],
): [Subject, Undecided] | undefined {
  const made = madePools(stackPoolsOf(subjects));
  const at = (pool: StackPool, path: string): [Subject, Undecided] => [pool.subject, undecided(path)];
  if (!isThere(finding, cost)) {
    const isLabelPending = (subject: Subject) => subject.is("/Namespace") && isUnknown(tenantOf(subject));
    const namespace = finding.scope === "tenant" ? subjects.find(isLabelPending) : undefined;
    if (namespace !== undefined) return [namespace, undecided(TENANT_PATH)];
    const unnamed = finding.scope === "pool" ? made.find(({ shape }) => isUnknown(shape.name)) : undefined;
    return unnamed && at(unnamed, poolPath(unnamed, "labels"));
  }
  const doubtful = cost.pools.filter(({ pool, ceiling }) => {
    return ceiling === undefined && (finding.scope !== "pool" || pool === finding.name);
  });
  const fields = doubtful.map(({ pool }) => {
    const urns = pools.find(({ name }) => name === pool)?.resources ?? [];
    const declared = made.filter(({ subject }) => urns.includes(subject.urn));
    return declared.flatMap((one) => pendingCostPaths(one).map((path) => at(one, path)))[0];
  });
  if (fields.length > 0) return fields.every((field) => field !== undefined) ? fields[0] : undefined;
  // What a tenant costs depends on its pods as well.
  const workload = subjects.find((subject) => subject.pods.length > 0 && hasUnknown(subject.tree));
  const [pods] = workload?.pods ?? [];
  return workload && pods && [workload, undecided(pods.path)];
}

/** Where a finding is filed: at the pool, the namespace of the tenant, or else the dearest pool. */
function placeOf(
  finding: CeilingFinding,
  plan: Plan,
  subjects: readonly Subject[],
): { subject: Subject; path: string } | undefined {
  if (finding.scope === "tenant") {
    const namespace = subjects.find((subject) => subject.is("/Namespace") && tenantOf(subject) === finding.name);
    if (namespace !== undefined) return { subject: namespace, path: TENANT_PATH };
  }
  const name = finding.scope === "pool" ? finding.name : dearestOf(plan);
  const urns = plan.pools.find((pool) => pool.name === name)?.resources ?? plan.pools[0]?.resources ?? [];
  const made = madePools(stackPoolsOf(subjects));
  const pool = made.find(({ subject }) => urns.includes(subject.urn)) ?? made[0];
  return pool && { subject: pool.subject, path: poolPath(pool, "size") };
}

function dearestOf({ cost }: Plan): string | undefined {
  return [...cost.pools].sort((a, b) => (b.ceiling ?? Infinity) - (a.ceiling ?? Infinity))[0]?.pool;
}

function tenantOf({ tree }: Subject): Tree {
  return childAt(objectAt(objectAt(tree, "metadata"), "labels"), TENANT_LABEL);
}
