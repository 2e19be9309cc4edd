export type { DaemonShare, PlannedPool, PoolUnknown } from "./planned-pool";
export { plannedPools } from "./planned-pools";
