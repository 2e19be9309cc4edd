import type { V1Toleration } from "@kubernetes/client-node";

/** Label of real nodes, and key of the taint that keeps everything else off them. */
export const REAL_NODE_KEY = "mlstack.dev/node";

/** Value of both. */
export const REAL_NODE_VALUE = "real";

/** Where pods with programs of their own run: on real nodes, and on no other. */
export const ON_REAL_NODES: { nodeSelector: Record<string, string>; tolerations: V1Toleration[] } = {
  nodeSelector: { [REAL_NODE_KEY]: REAL_NODE_VALUE },
  tolerations: [{ key: REAL_NODE_KEY, operator: "Equal", value: REAL_NODE_VALUE, effect: "NoSchedule" }],
};
