import { LABELS } from "../../differential/vocabulary";
import type { Manifest } from "../stack";
import { affinity, declaredJob, declaredNode, type Regression } from "./regression";

const AGENT = { app: "agent" };
const WEB = [{ containerPort: 80, hostPort: 80 }];

/** A DaemonSet of which one of two nodes has a pod. */
function agentOn(pool: string, spec: object = {}): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name: "agent", namespace: "default" },
    spec: {
      template: {
        metadata: { labels: AGENT },
        spec: {
          containers: [{ name: "main", image: "none", ports: WEB }],
          tolerations: [{ operator: "Exists" }],
          nodeSelector: { [LABELS.pool]: pool },
          ...spec,
        },
      },
    },
  };
}

const NODES = ["gpu", "general"].map((pool, index) =>
  declaredNode(`node-${index}`, { labels: { [LABELS.pool]: pool } }),
);

function refusedOnce(reason: string): string {
  const [first, second] = ["1 cannot allocate all claims", `1 ${reason}`].sort();
  return `0/2 nodes are available: ${first}, ${second}.`;
}

/** A port of the node is for one pod at a time. */
export const portOfDaemon: Regression = {
  title: "pods find no place where a DaemonSet has the port of the node that they ask for",
  stack: {
    nodes: NODES,
    workloads: [declaredJob("web", 2, { containers: [{ name: "main", image: "none", ports: WEB }] })],
    others: [agentOn("gpu")],
  },
  outcomes: [
    {
      title: "Job default/web",
      offered: 2,
      everywhere: refusedOnce("node(s) didn't have free ports for the requested pod ports"),
      nodes: ["node-1"],
    },
  ],
};

/** Pods of DaemonSets are pods like others. */
export const awayFromDaemon: Regression = {
  title: "pods keep away from those of a DaemonSet",
  stack: {
    nodes: NODES,
    workloads: [declaredJob("quiet", 2, affinity("podAntiAffinity", LABELS.hostname, AGENT))],
    others: [agentOn("gpu")],
  },
  outcomes: [
    {
      title: "Job default/quiet",
      offered: 2,
      everywhere: refusedOnce("node(s) didn't match pod anti-affinity rules"),
      nodes: ["node-1", "node-1"],
    },
  ],
};

/** Without it there would be nothing to be near to. */
export const nearDaemon: Regression = {
  title: "pods run near those of a DaemonSet",
  stack: {
    nodes: NODES,
    workloads: [declaredJob("client", 2, affinity("podAffinity", LABELS.hostname, AGENT))],
    others: [agentOn("gpu")],
  },
  outcomes: [
    {
      title: "Job default/client",
      offered: 2,
      everywhere: refusedOnce("node(s) didn't match pod affinity rules"),
      nodes: ["node-0", "node-0"],
    },
  ],
};

/** No pod of the set says anything of other pods. */
export const keptAwayByDaemon: Regression = {
  title: "pods find no place where a DaemonSet wants none of them",
  stack: {
    nodes: NODES,
    workloads: [declaredJob("loud", 2, { labels: { app: "loud" } })],
    others: [agentOn("gpu", affinity("podAntiAffinity", LABELS.hostname, { app: "loud" }))],
  },
  outcomes: [
    {
      title: "Job default/loud",
      offered: 3,
      everywhere: refusedOnce("node(s) didn't satisfy existing pods anti-affinity rules"),
      nodes: ["node-1", "node-1", "node-1"],
    },
  ],
};
