import { NO_DEVICE } from "../cluster-objects";
import { type Regression, nodeWith, podWith } from "./regression";

const KEY = "node.kubernetes.io/not-ready";

const runs = { node: "node-0", everywhere: `0/1 nodes are available: 1 ${NO_DEVICE.message}.` };
const waits = { message: "0/1 nodes are available: 1 node(s) had untolerated taint(s)." };

/** The admission plugin DefaultTolerationSeconds adds tolerations to pods that say nothing of these taints themselves. */
export const defaultTolerations: Regression = {
  title: "pods tolerate nodes that are not ready for a while, unless they say something of that taint themselves",
  world: {
    nodes: [nodeWith("node-0", { taints: [{ key: KEY, effect: "NoExecute" }] })],
    placed: [],
    pods: [
      podWith({}),
      podWith({ tolerations: [{ key: KEY, operator: "Exists", effect: "NoSchedule" }] }),
      podWith({ tolerations: [{ operator: "Exists", effect: "NoSchedule" }] }),
      podWith({ tolerations: [{ key: KEY, value: "other" }] }),
      podWith({ tolerations: [{ key: KEY, value: "other", effect: "NoExecute" }] }),
      podWith({ tolerations: [{ key: KEY, operator: "Exists", effect: "NoExecute", tolerationSeconds: 1 }] }),
    ],
    grows: false,
  },
  decisions: [runs, runs, runs, waits, waits, runs],
};
