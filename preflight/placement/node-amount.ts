import { GPU_RESOURCE } from "../../components/model";
import type { PlannedPool } from "../pools/planned-pool";
import { amountText, bareAmount } from "./amount-text";
import { counted } from "./pool-words";

/**
 * What a node of a pool has of a resource, with what it is of: `4 GPUs`, `178.2 GiB of memory`, and where a device plugin offers
 * each GPU several times under its own name, `4 shares of 1 GPU`.
 */
export function nodeAmountText(resource: string, amount: number, pool: Pick<PlannedPool, "shape">): string {
  return sharesText(resource, amount, pool) ?? amountText(resource, amount, "down");
}

/** The same without what it is of where that was said before: `4`, `178.2 GiB`; shares are told by their name. */
export function nodeAmount(resource: string, amount: number, pool: Pick<PlannedPool, "shape">): string {
  return sharesText(resource, amount, pool) ?? bareAmount(resource, amount, "down");
}

function sharesText(resource: string, amount: number, { shape }: Pick<PlannedPool, "shape">): string | undefined {
  const { gpusPerNode } = shape;
  if (resource !== GPU_RESOURCE || typeof gpusPerNode !== "number" || amount <= gpusPerNode) return undefined;
  return `${bareAmount(resource, amount, "down")} shares of ${counted(gpusPerNode, "GPU")}`;
}
