import { LABELS } from "../vocabulary";
import { type Regression, nodeWith, podWith } from "./regression";
import type { WorldPod } from "../world";

const node = (name: string, pool: string) =>
  nodeWith(name, { labels: { [LABELS.pool]: pool, [LABELS.hostname]: name } });

/** Three replicas that may run on two of the nodes: the third can if the other nodes are no domains. */
function replicas(app: string, choice: object, policies: object): WorldPod[] {
  const constraint = {
    topologyKey: LABELS.hostname,
    maxSkew: 1,
    whenUnsatisfiable: "DoNotSchedule",
    labelSelector: { matchLabels: { app } },
    ...policies,
  };
  return new Array<WorldPod>(3).fill(podWith({ topologySpreadConstraints: [constraint], ...choice }, { app }));
}

const selects = { nodeSelector: { [LABELS.pool]: "gpu" }, tolerations: [{ operator: "Exists" }] };
const affine = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: LABELS.pool, operator: "In", values: ["gpu"] }] }],
      },
    },
  },
  tolerations: selects.tolerations,
};
const run = [{ node: "node-0" }, { node: "node-1" }];
const waits = (elsewhere: string) => ({
  message: `0/3 nodes are available: 1 ${elsewhere}, 2 node(s) didn't match pod topology spread constraints.`,
});
const unselected = "node(s) didn't match Pod's node affinity/selector";

/** Random worlds seldom fill every domain that counts while one that does not count is empty. */
export const spreadPolicies: Regression = {
  title:
    "nodes that pods do not select are no domains unless that is ignored, those not tolerated only if it is honored",
  world: {
    nodes: [
      node("node-0", "gpu"),
      node("node-1", "gpu"),
      { ...node("node-2", "general"), taints: [{ key: "dedicated", effect: "NoSchedule" }] },
    ],
    placed: [],
    pods: [
      ...replicas("a", selects, {}),
      ...replicas("b", affine, { nodeAffinityPolicy: "Honor" }),
      ...replicas("c", selects, { nodeAffinityPolicy: "Ignore" }),
      ...replicas("d", {}, {}),
      ...replicas("e", {}, { nodeTaintsPolicy: "Ignore" }),
      ...replicas("f", {}, { nodeTaintsPolicy: "Honor" }),
    ],
    grows: true,
  },
  decisions: [
    ...run,
    { node: "node-0" },
    ...run,
    { node: "node-0" },
    ...run,
    waits(unselected),
    ...run,
    waits("node(s) had untolerated taint(s)"),
    ...run,
    waits("node(s) had untolerated taint(s)"),
    ...run,
    { node: "node-0" },
  ],
};
