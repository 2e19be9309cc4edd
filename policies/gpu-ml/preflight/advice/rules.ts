import type { Rule } from "../../../engine/rule";
import { finishedJob } from "./finished-job";
import { nodeBoundClaim } from "./node-bound-claim";
import { oneMachine } from "./one-machine";
import { oversizedPool } from "./oversized-pool";
import { unfilledPool } from "./unfilled-pool";

/** Advice: what runs, and could run faster or for less. */
export const RULES: Rule[] = [oneMachine, oversizedPool, unfilledPool, nodeBoundClaim, finishedJob];
