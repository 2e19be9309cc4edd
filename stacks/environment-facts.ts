import { type EnvironmentFacts, type PoolShape, tenantFacts } from "../components";
import { compact } from "../components/internal/compact";
import type { Environment } from "./config";

/** What an environment tells the programs of its users. */
export function environmentFacts(
  { cluster: { kind, context, eks }, platform }: Pick<Environment, "cluster" | "platform">,
  pools: PoolShape[],
): EnvironmentFacts {
  const { tenants = {}, ...parts } = platform?.parts ?? {};
  const facts = Object.entries(tenants).map(([name, args]) => [name, tenantFacts(name, args)] as const);
  return {
    ...compact({ clusterKind: kind, context, region: eks?.region }),
    pools,
    parts: Object.keys(parts).sort(),
    tenants: Object.fromEntries(facts),
  };
}
