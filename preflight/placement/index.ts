export type { Ceiling, Flavor, Limits } from "./limits";
export { GPU_MEMORY_ANNOTATION } from "./gpu-memory";
export { Verdict, type PlacementProof, type PoolVerdict, type QueueVerdict } from "./proof";
export { proofsOf } from "./proofs";
