import { LABELS } from "../../differential/vocabulary";
import { allEmpty, declaredJob, declaredNode, type Regression } from "./regression";

const APP = { app: "bert" };

/** A single node would be too few domains for more than one pod. */
export const asManyDomainsAsNodes: Regression = {
  title: "a node takes more than one of the pods that need several nodes to be spread over",
  stack: {
    nodes: [declaredNode("node-0"), declaredNode("node-1")],
    workloads: [
      declaredJob("bert", 4, {
        labels: APP,
        topologySpreadConstraints: [
          {
            topologyKey: LABELS.hostname,
            maxSkew: 1,
            minDomains: 2,
            whenUnsatisfiable: "DoNotSchedule",
            labelSelector: { matchLabels: APP },
          },
        ],
      }),
    ],
    others: [],
  },
  outcomes: [
    {
      title: "Job default/bert",
      offered: 4,
      everywhere: allEmpty(2),
      nodes: ["node-0", "node-1", "node-0", "node-1"],
    },
  ],
};
