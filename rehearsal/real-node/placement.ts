import type { V1Toleration } from "@kubernetes/client-node";
import { REAL_NODE, REAL_NODE_TAINT } from "../../components/model/real-node";

/** Where pods of the cluster's own services run: on real nodes, and on no other. */
export const ON_REAL_NODES: { nodeSelector: Record<string, string>; tolerations: V1Toleration[] } = {
  nodeSelector: { [REAL_NODE.key]: REAL_NODE.value },
  tolerations: [{ ...REAL_NODE_TAINT, operator: "Equal" }],
};
