import type { Rule } from "../../engine/rule";
import { durableOutput } from "./durable-output";
import { meshSidecar } from "./mesh-sidecar";
import { sharedClaim } from "./shared-claim";
import { sidecarAnnotation } from "./sidecar-annotation";

/** Rules about jobs of machine learning: how they end, and where their output goes. */
export const RULES: Rule[] = [meshSidecar, sidecarAnnotation, durableOutput, sharedClaim];
