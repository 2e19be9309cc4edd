import { comparedNumbers } from "./compared-numbers";
import { defaultTolerations } from "./default-tolerations";
import type { Regression } from "./regression";
import { spreadPolicies } from "./spread-policies";

/** Worlds on which preflight and the real scheduler once disagreed, and such as random ones seldom come to. */
export const REGRESSIONS: readonly Regression[] = [defaultTolerations, spreadPolicies, comparedNumbers];
