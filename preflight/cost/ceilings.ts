import type { HourlyCost, StackCost } from "./cost";
import { distinctUsd, usdText } from "./money";

/** The most that something may cost in USD per hour. */
export interface CostCeilings {
  /** All pools together. */
  environment?: number;
  /** Pools by name. */
  pools?: Readonly<Record<string, number>>;
  /** Tenants by name. */
  tenants?: Readonly<Record<string, number>>;
}

/** A ceiling that is not kept, or of which that cannot be told. */
export interface CeilingFinding {
  scope: "environment" | "pool" | "tenant";
  /** Name of the pool or tenant; empty for the environment. */
  name: string;
  /** The most that it costs; undefined where that is not known. */
  usdPerHour: number | undefined;
  allowed: number;
  /** What is wrong, as a sentence without a period. */
  message: string;
}

/** Every ceiling that the costs of a stack exceed, or may exceed for all that is known. */
export function ceilingFindings(cost: StackCost, ceilings: CostCeilings): CeilingFinding[] {
  const { environment, pools = {}, tenants = {} } = ceilings;
  return [
    ...(environment === undefined ? [] : environmentFindings(cost, environment)),
    ...namedFindings(
      "pool",
      cost.pools.map((each) => [each.pool, each]),
      pools,
    ),
    ...namedFindings(
      "tenant",
      cost.tenants.map((each) => [each.tenant, each]),
      tenants,
    ),
  ];
}

function environmentFindings({ environment, pools }: StackCost, allowed: number): CeilingFinding[] {
  const unknown = pools.filter(({ ceiling }) => ceiling === undefined).map(({ pool }) => pool);
  const { ceiling = 0 } = environment;
  if (ceiling > allowed) {
    return [finding("environment", "", ceiling, allowed, exceeded("the environment", ceiling, allowed))];
  }
  if (unknown.length === 0) return [];
  const which = `${unknown.length === 1 ? "pool" : "pools"} ${unknown.join(", ")}`;
  return [
    finding(
      "environment",
      "",
      undefined,
      allowed,
      untold("the environment", allowed, `the most that ${which} may cost`),
    ),
  ];
}

function namedFindings(
  scope: "pool" | "tenant",
  costs: readonly (readonly [name: string, cost: HourlyCost])[],
  ceilings: Readonly<Record<string, number>>,
): CeilingFinding[] {
  return Object.entries(ceilings).flatMap(([name, allowed]) => {
    const cost = costs.find(([other]) => other === name)?.[1];
    if (cost === undefined) {
      const names = costs.length === 0 ? "none" : costs.map(([other]) => other).join(", ");
      const message = `there is no ${scope} ${name} that may cost up to ${usdText(allowed)}/h; there are: ${names}`;
      return [finding(scope, name, undefined, allowed, message)];
    }
    const { ceiling } = cost;
    if (ceiling === undefined) {
      return [
        finding(scope, name, undefined, allowed, untold(`${scope} ${name}`, allowed, "the most that it may cost")),
      ];
    }
    return ceiling > allowed
      ? [finding(scope, name, ceiling, allowed, exceeded(`${scope} ${name}`, ceiling, allowed))]
      : [];
  });
}

function finding(
  scope: CeilingFinding["scope"],
  name: string,
  usdPerHour: number | undefined,
  allowed: number,
  message: string,
): CeilingFinding {
  return { scope, name, usdPerHour, allowed, message };
}

function exceeded(what: string, ceiling: number, allowed: number): string {
  if (ceiling === Infinity) return `nothing bounds what ${what} may cost; allowed: ${usdText(allowed)}/h`;
  const [most, allowedText] = distinctUsd(ceiling, allowed);
  return `${what} may cost up to ${most}/h; allowed: ${allowedText}/h`;
}

function untold(what: string, allowed: number, unknown: string): string {
  return `whether ${what} costs no more than ${usdText(allowed)}/h cannot be told, as ${unknown} is not known`;
}
