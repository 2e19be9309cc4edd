import { type Taint, TaintEffect } from "./taint";

/** Label of nodes that truly run pods beside simulated ones, and its value. */
export const REAL_NODE = { key: "mlstack.dev/node", value: "real" } as const;

/** Keeps pods off such nodes that were not meant for them. */
export const REAL_NODE_TAINT: Taint = { ...REAL_NODE, effect: TaintEffect.noSchedule };
