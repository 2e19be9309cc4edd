import type { Rule } from "../engine/rule";
import { RULES as DATA } from "./data/rules";
import { RULES as HELM } from "./helm/rules";
import { RULES as ML } from "./ml/rules";
import { RULES as ML_JOBS } from "./ml-jobs/rules";
import { RULES as NETWORK } from "./network/rules";
import { RULES as PODS } from "./pods/rules";
import { RULES as POOLS } from "./pools/rules";
import { RULES as PREFLIGHT } from "./preflight/rules";
import { RULES as RBAC } from "./rbac/rules";
import { RULES as STACK } from "./stack/rules";

/** The rules of the pack. */
export const RULES: Rule[] = [
  ...PODS,
  ...POOLS,
  ...STACK,
  ...PREFLIGHT,
  ...ML,
  ...ML_JOBS,
  ...NETWORK,
  ...DATA,
  ...RBAC,
  ...HELM,
];
