import { LABELS } from "../../differential/vocabulary";
import { affinity, allEmpty, declaredJob, declaredNode, type Regression } from "./regression";

const BERT = { app: "bert" };
const CPU = { containers: [{ name: "main", image: "none", resources: { requests: { cpu: "2" } } }] };

/** On the machine that is tried first there is room for a part of them only. */
export const wholeGangOnOneNode: Regression = {
  title: "pods that must share a node run where there is room for all of them",
  stack: {
    nodes: [
      declaredNode("node-0", { cpu: "4" }),
      declaredNode("node-1", { cpu: "16", memory: "64Gi", "nvidia.com/gpu": "8" }),
    ],
    workloads: [declaredJob("bert", 4, { labels: BERT, ...CPU, ...affinity("podAffinity", LABELS.hostname, BERT) })],
    others: [],
  },
  outcomes: [
    {
      title: "Job default/bert",
      offered: 4,
      everywhere: allEmpty(2),
      nodes: ["node-1", "node-1", "node-1", "node-1"],
    },
  ],
};

/** The zone of the first pod is that of all. */
export const wholeGangInOneZone: Regression = {
  title: "pods that must share a zone run in the one that has room for all of them",
  stack: {
    nodes: [
      declaredNode("node-0", { cpu: "4", labels: { [LABELS.zone]: "us-east-1b" } }),
      declaredNode("node-1", { cpu: "8", memory: "64Gi" }),
      declaredNode("node-2", { cpu: "8", memory: "64Gi" }),
    ],
    workloads: [declaredJob("bert", 5, { labels: BERT, ...CPU, ...affinity("podAffinity", LABELS.zone, BERT) })],
    others: [],
  },
  outcomes: [
    {
      title: "Job default/bert",
      offered: 5,
      everywhere: allEmpty(3),
      nodes: ["node-1", "node-2", "node-1", "node-2", "node-1"],
    },
  ],
};

const MANY = declaredJob("bert", 9, { labels: BERT, ...CPU, ...affinity("podAffinity", LABELS.hostname, BERT) });

/** Each pod is of use by itself, and still the first decides how many find room. */
export const mostOnOneNode: Regression = {
  title: "pods that must share a node are packed where there is room for most of them",
  stack: {
    nodes: [
      declaredNode("node-0", { cpu: "4" }),
      declaredNode("node-1", { cpu: "16", memory: "64Gi", "nvidia.com/gpu": "8" }),
    ],
    workloads: [{ ...MANY, spec: { ...(MANY["spec"] as object), completionMode: "NonIndexed" } }],
    others: [],
  },
  outcomes: [
    {
      title: "Job default/bert",
      offered: 9,
      everywhere: allEmpty(2),
      nodes: Array.from({ length: 8 }, () => "node-1"),
    },
  ],
};
