import type { CustomObjectsApi, V1Node } from "@kubernetes/client-node";
import { POOL_LABEL } from "../components/model";
import { NODE_PRICE_LABEL, UNKNOWN_USD_PER_HOUR } from "../components/model/local-autoscaling";
import { unlessCode } from "../rehearsal/cluster/api-errors";

/** What is read of a NodePool of Karpenter. */
export interface NodePool {
  spec?: {
    template?: { metadata?: { labels?: Record<string, string> } };
    limits?: { nodes?: string | number };
  };
}

const INSTANCE_TYPE = "node.kubernetes.io/instance-type";

/** The NodePools of a cluster; none where it does not know the type. */
export async function readNodePools(api: CustomObjectsApi): Promise<NodePool[]> {
  const type = { group: "karpenter.sh", version: "v1", plural: "nodepools" };
  const list = (await api.listClusterCustomObject(type).catch(unlessCode(404))) as { items: NodePool[] } | undefined;
  return list?.items ?? [];
}

/** Pools whose nodes come and go: how many there are and can be, of which types they are, and what they cost together. */
export function poolRows(nodePools: readonly NodePool[], nodes: readonly V1Node[]): string[][] {
  const most = new Map<string, number>();
  for (const { spec } of nodePools) {
    const pool = spec?.template?.metadata?.labels?.[POOL_LABEL];
    if (pool !== undefined) most.set(pool, (most.get(pool) ?? 0) + Number(spec?.limits?.nodes ?? Infinity));
  }
  return [...most].map(([pool, limit]) => {
    const own = nodes.filter(({ metadata }) => metadata?.labels?.[POOL_LABEL] === pool);
    const types = own.map(({ metadata }) => metadata?.labels?.[INSTANCE_TYPE] ?? "");
    const told = [...new Set(types)].map((type) => `${types.filter((other) => other === type).length} ${type}`);
    return [
      pool,
      String(own.length),
      limit === Infinity ? "unbounded" : String(limit),
      told.join(", "),
      usd(own.map(priceOf)),
    ];
  });
}

/** Price of a node in USD per hour, as its label tells it; empty where it has none. */
export function nodePrice(node: V1Node): string {
  const price = priceOf(node);
  return price === undefined ? "" : usd([price]);
}

function priceOf({ metadata }: V1Node): number | undefined {
  const price = metadata?.labels?.[NODE_PRICE_LABEL];
  return price === undefined ? undefined : Number(price);
}

function usd(prices: readonly (number | undefined)[]): string {
  if (prices.some((price) => price === undefined || price >= UNKNOWN_USD_PER_HOUR)) return "unknown";
  return prices.reduce<number>((sum, price) => sum + price!, 0).toFixed(2);
}
