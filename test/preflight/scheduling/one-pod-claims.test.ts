import { describe, expect, it } from "vitest";
import { UNKNOWN, type TreeObject } from "../../../components/model";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { schedulablePod } from "../../../preflight/scheduling/pod-reader";
import { nodeOf } from "./samples";

const nodes = [nodeOf("a", { labels: { zone: "a" } }), nodeOf("b", { labels: { zone: "b" } }), nodeOf("c")];

const mounting = (claims: string[], namespace = "ml", more: TreeObject = {}): SchedulablePod =>
  schedulablePod(
    {
      metadata: { labels: { app: "db" } },
      spec: { volumes: claims.map((claimName) => ({ persistentVolumeClaim: { claimName } })), ...more },
    },
    {
      namespace,
      volumes: (claim) => ({ terms: undefined, isForOnePod: claim.startsWith("open") ? UNKNOWN : claim !== "shared" }),
    },
  );

/** Nodes that take a pod where another one is on node `a`. */
function nodesFor(pod: SchedulablePod, there: SchedulablePod): string[] {
  const state = new ClusterState(nodes);
  state.place(there, nodes[0]!);
  return nodes.filter((node) => obstaclesOf(pod, node, state).length === 0).map(({ name }) => name);
}

describe("a claim with the access mode ReadWriteOncePod", () => {
  it("is for one pod of the whole cluster at a time, whatever its nodes are labelled with", () => {
    expect(nodesFor(mounting(["data"]), mounting(["data"]))).toEqual([]);
    expect(nodesFor(mounting(["code", "data"]), mounting(["data", "data"]))).toEqual([]);
  });

  it("is free once the pod has gone", () => {
    const state = new ClusterState(nodes);
    const pod = mounting(["data"]);
    state.place(pod, nodes[2]!);
    state.remove(pod, nodes[2]!);
    expect(nodes.map((node) => obstaclesOf(pod, node, state))).toEqual([[], [], []]);
  });

  it("is another one under another name, or in another namespace", () => {
    expect(nodesFor(mounting(["data"]), mounting(["code"]))).toEqual(["a", "b", "c"]);
    expect(nodesFor(mounting(["data"]), mounting(["data"], "web"))).toEqual(["a", "b", "c"]);
  });

  it("is refused as the scheduler does", () => {
    const state = new ClusterState(nodes);
    state.place(mounting(["data"]), nodes[0]!);
    expect(obstaclesOf(mounting(["data"]), nodes[1]!, state)).toEqual([
      {
        kind: "pod-anti-affinity",
        message: "node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode",
        subject: "claim data, which is ReadWriteOncePod",
      },
    ]);
  });

  it("leaves other rules of its pods as they are", () => {
    const topology = { topologyKey: "zone", labelSelector: { matchLabels: { app: "db" } } };
    const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [topology] } };
    const pod = mounting(["data"], "ml", { affinity });
    expect(pod.labels).toMatchObject({ app: "db" });
    expect(nodesFor(pod, mounting(["code"]))).toEqual(["b", "c"]);
  });
});

describe("a claim that several pods may use", () => {
  it("keeps none away", () => {
    expect(nodesFor(mounting(["shared"]), mounting(["shared"]))).toEqual(["a", "b", "c"]);
    expect(mounting(["shared"]).labels).toEqual({ app: "db" });
  });

  it("is taken for one where its access modes are not known, which is noted", () => {
    const pod = mounting(["shared", "open"]);
    expect(nodesFor(pod, pod)).toEqual(["a", "b", "c"]);
    expect(pod.unknownPaths).toEqual(["spec.volumes[1].persistentVolumeClaim.claimName"]);
  });
});
