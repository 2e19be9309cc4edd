export type { Ceiling, Limits } from "./limits";
export { Verdict, type PlacementProof, type PoolVerdict, type QueueVerdict } from "./proof";
export { proofsOf } from "./proofs";
