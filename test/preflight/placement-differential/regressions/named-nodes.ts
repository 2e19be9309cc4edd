import { LABELS } from "../../differential/vocabulary";
import { declaredJob, declaredNode, type Regression } from "./regression";

/** The claim is bound to a volume that can be reached from `node-1` alone. */
export const localVolume: Regression = {
  title: "pods with a volume on a node run there, though nodes of the pool are equal otherwise",
  stack: {
    nodes: [declaredNode("node-0"), declaredNode("node-1")],
    workloads: [declaredJob("bert", 2, { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "local" } }] })],
    others: [],
  },
  outcomes: [
    {
      title: "Job default/bert",
      offered: 2,
      everywhere:
        "0/2 nodes are available: 1 cannot allocate all claims, 1 node(s) didn't match PersistentVolume's node affinity.",
      nodes: ["node-1", "node-1"],
    },
  ],
};

/** What the first node of a pool does not take, the others may. */
export const notTheFirstNode: Regression = {
  title: "pods that avoid a node run on the others of its pool",
  stack: {
    nodes: [declaredNode("node-0"), declaredNode("node-1")],
    workloads: [
      declaredJob("bert", 2, {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: LABELS.hostname, operator: "NotIn", values: ["node-0"] }] },
              ],
            },
          },
        },
      }),
    ],
    others: [],
  },
  outcomes: [
    {
      title: "Job default/bert",
      offered: 2,
      everywhere:
        "0/2 nodes are available: 1 cannot allocate all claims, 1 node(s) didn't match Pod's node affinity/selector.",
      nodes: ["node-1", "node-1"],
    },
  ],
};
