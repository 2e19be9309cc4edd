import { LABELS } from "../../differential/vocabulary";
import { affinity, allEmpty, declaredJob, declaredNode, type Regression } from "./regression";

const LARGE = { cpu: "16", memory: "64Gi", "nvidia.com/gpu": "8" };

function spreadOver(topologyKey: string, matchLabels: Record<string, string>): object {
  const constraint = { topologyKey, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: { matchLabels } };
  return { topologySpreadConstraints: [constraint] };
}

function resources(cpu: string): object {
  return { containers: [{ name: "main", image: "none", resources: { requests: { cpu } } }] };
}

/** Both rules are about the same label, which the node lacks. */
export const rulesOverOneLabel: Regression = {
  title: "sets of which one is spread over a label and one is together by it are refused each for its own reason",
  stack: {
    nodes: [declaredNode("node-0")],
    workloads: [
      declaredJob("spread", 1, { labels: { app: "a" }, ...spreadOver(LABELS.odd, { app: "a" }) }),
      declaredJob("together", 1, { labels: { app: "b" }, ...affinity("podAffinity", LABELS.odd, { app: "b" }) }),
    ],
    others: [],
  },
  outcomes: [
    {
      title: "Job default/spread",
      offered: 1,
      everywhere:
        "0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints (missing required label).",
      nodes: [],
    },
    {
      title: "Job default/together",
      offered: 1,
      everywhere: "0/1 nodes are available: 1 node(s) didn't match pod affinity rules.",
      nodes: [],
    },
  ],
};

/** The chief fills the machine that is tried first, where one of the workers must be. */
export const gangInAnotherOrder: Regression = {
  title: "a gang runs where its sets find places in another order than the first that is tried",
  stack: {
    nodes: [declaredNode("node-0", { cpu: "2" }), declaredNode("node-1", LARGE)],
    workloads: [
      {
        apiVersion: "kubeflow.org/v1",
        kind: "TFJob",
        metadata: { name: "bert", namespace: "default" },
        spec: {
          tfReplicaSpecs: {
            Chief: { replicas: 1, template: { spec: resources("2") } },
            Worker: {
              replicas: 3,
              template: {
                metadata: { labels: { role: "worker" } },
                spec: { ...resources("100m"), ...spreadOver(LABELS.hostname, { role: "worker" }) },
              },
            },
          },
        },
      },
    ],
    others: [],
  },
  outcomes: [
    { title: "TFJob default/bert Chief", offered: 1, everywhere: allEmpty(2), nodes: ["node-1"] },
    { title: "TFJob default/bert Worker", offered: 3, everywhere: allEmpty(2), nodes: ["node-0", "node-1", "node-1"] },
  ],
};
