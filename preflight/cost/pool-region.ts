import { awsRegion } from "../../components/model";
import type { PlannedPool } from "../pools/planned-pool";

/**
 * The region that a pool's zones lie in, in which its machines are priced.
 *
 * @param otherwise region of pools whose zones do not tell it.
 */
export function poolRegion({ zones }: Pick<PlannedPool, "zones">, otherwise: string | undefined): string | undefined {
  return awsRegion(zones[0]?.slice(0, -1) ?? "")?.name ?? otherwise;
}
