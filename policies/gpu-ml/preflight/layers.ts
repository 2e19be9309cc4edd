/** A layer of a stack that says something of GPU nodes, or of what runs there. */
export type Layer =
  | "image"
  | "driver"
  | "device plugin"
  | "taint"
  | "toleration"
  | "node labels"
  | "node selection"
  | "instance type"
  | "architecture"
  | "resource ask"
  | "queue"
  | "queue flavor"
  | "pool size"
  | "MIG profile"
  | "EFA adapters"
  | "EFA plugin"
  | "device claim"
  | "autoscaler"
  | "Kubernetes version"
  | "part version"
  | "quota"
  | "reference";

/** Two layers that a rule holds against each other, one end each. */
export interface LayerTie {
  rule: string;
  layers: readonly [Layer, Layer];
}

/**
 * Which layers the rules of all packs tie together; a rule with several titles may tie several pairs.
 *
 * Findings of these rules are about the agreement of layers, those of rules that begin with `ADV` are advice.
 */
export const LAYER_TIES: readonly LayerTie[] = [
  { rule: "GPU-02", layers: ["taint", "toleration"] },
  { rule: "GPU-04", layers: ["node labels", "node selection"] },
  { rule: "GPU-04", layers: ["architecture", "node selection"] },
  { rule: "GPU-08", layers: ["image", "instance type"] },
  { rule: "GPU-08", layers: ["image", "architecture"] },
  { rule: "GPU-09", layers: ["image", "device plugin"] },
  { rule: "GPU-09", layers: ["image", "driver"] },
  { rule: "GPU-11", layers: ["resource ask", "MIG profile"] },
  { rule: "GPU-13", layers: ["instance type", "EFA adapters"] },
  { rule: "GPU-14", layers: ["resource ask", "queue"] },
  { rule: "GPU-15", layers: ["resource ask", "pool size"] },
  { rule: "GPU-15", layers: ["resource ask", "quota"] },
  { rule: "GPU-15", layers: ["resource ask", "queue"] },
  { rule: "ML-14", layers: ["reference", "queue"] },
  { rule: "EKS-04", layers: ["Kubernetes version", "image"] },
  { rule: "LAY-01", layers: ["device plugin", "taint"] },
  { rule: "LAY-01", layers: ["device plugin", "node labels"] },
  { rule: "LAY-02", layers: ["queue flavor", "node labels"] },
  { rule: "LAY-02", layers: ["queue flavor", "taint"] },
  { rule: "LAY-02", layers: ["queue flavor", "pool size"] },
  { rule: "LAY-03", layers: ["resource ask", "device plugin"] },
  { rule: "LAY-03", layers: ["queue flavor", "device plugin"] },
  { rule: "LAY-04", layers: ["MIG profile", "instance type"] },
  { rule: "LAY-04", layers: ["resource ask", "MIG profile"] },
  { rule: "LAY-05", layers: ["EFA adapters", "EFA plugin"] },
  { rule: "LAY-05", layers: ["EFA plugin", "instance type"] },
  { rule: "LAY-05", layers: ["EFA plugin", "taint"] },
  { rule: "LAY-06", layers: ["driver", "instance type"] },
  { rule: "LAY-07", layers: ["device claim", "autoscaler"] },
  { rule: "LAY-08", layers: ["Kubernetes version", "part version"] },
  { rule: "LAY-08", layers: ["part version", "part version"] },
  { rule: "LAY-08", layers: ["Kubernetes version", "autoscaler"] },
  { rule: "LAY-09", layers: ["image", "architecture"] },
];
