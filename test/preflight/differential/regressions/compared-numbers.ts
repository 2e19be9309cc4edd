import { NO_DEVICE } from "../cluster-objects";
import { LABELS } from "../vocabulary";
import { type Regression, nodeWith, podWith } from "./regression";

const node = (name: string, memory: string) => nodeWith(name, { labels: { [LABELS.memory]: memory } });

const pod = (operator: string, value: string) =>
  podWith({
    affinity: {
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: LABELS.memory, operator, values: [value] }] }],
        },
      },
    },
  });

const unselected = "node(s) didn't match Pod's node affinity/selector";
const only = (name: string) => ({
  node: name,
  everywhere: `0/3 nodes are available: 1 ${NO_DEVICE.message}, 2 ${unselected}.`,
});
const none = { message: `0/3 nodes are available: 3 ${unselected}.` };

/** Random numbers are seldom equal, and seldom the largest of 64 bits. */
export const comparedNumbers: Regression = {
  title: "labels are compared as whole numbers of 64 bits, and larger ones are no numbers",
  world: {
    nodes: [node("node-0", "081559"), node("node-1", "9223372036854775807"), node("node-2", "9223372036854775808")],
    placed: [],
    pods: [
      pod("Gt", "81559"),
      pod("Lt", "81560"),
      pod("Lt", "81559"),
      pod("Gt", "9223372036854775806"),
      pod("Gt", "9223372036854775807"),
      pod("Lt", "9223372036854775807"),
      pod("Lt", "9223372036854775808"),
      pod("Gt", "many"),
    ],
    grows: false,
  },
  decisions: [only("node-1"), only("node-0"), none, only("node-1"), none, only("node-0"), none, none],
};
