import { describe, expect, it } from "vitest";
import type { TaintEffect, TreeObject } from "../../../components/model";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { emptyNodeObstacles, obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { obstaclesOn } from "./obstacles-on";
import { asking, nodeOf, podOf, required, spreadOver, type NodeSample } from "./samples";

describe("a node", () => {
  it("takes a pod that asks for nothing", () => {
    expect(obstaclesOn(podOf({}), nodeOf("n"))).toEqual([]);
  });

  it("takes no pod that names another one", () => {
    expect(obstaclesOn(podOf({ nodeName: "n" }), nodeOf("n"))).toEqual([]);
    expect(obstaclesOn(podOf({ nodeName: "other" }), nodeOf("n"))).toEqual([
      { kind: "node-name", message: "node(s) didn't match the requested node name", subject: "other" },
    ]);
  });

  it("that is cordoned takes pods that tolerate the taint of cordoned nodes", () => {
    const cordoned = nodeOf("n", { unschedulable: true });
    const tolerations = [{ key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" }];
    expect(obstaclesOn(podOf({}), cordoned)).toEqual([
      { kind: "unschedulable", message: "node(s) were unschedulable" },
    ]);
    expect(obstaclesOn(podOf({ tolerations }), cordoned)).toEqual([]);
    expect(obstaclesOn(podOf({}), nodeOf("n", { unschedulable: false }))).toEqual([]);
  });
});

describe("taints", () => {
  const taintOf = (effect: TaintEffect, value?: string) => ({ key: "gpu", effect, ...(value && { value }) });

  it.each<[effect: TaintEffect, value: string | undefined, toleration: TreeObject | undefined, refuses: boolean]>([
    ["NoSchedule", "yes", undefined, true],
    ["NoExecute", "yes", undefined, true],
    ["PreferNoSchedule", "yes", undefined, false],
    ["NoSchedule", "yes", { key: "gpu", operator: "Exists" }, false],
    ["NoSchedule", "yes", { operator: "Exists" }, false],
    ["NoSchedule", "yes", { key: "cpu", operator: "Exists" }, true],
    ["NoSchedule", "yes", { key: "gpu", operator: "Exists", effect: "NoSchedule" }, false],
    ["NoSchedule", "yes", { key: "gpu", operator: "Exists", effect: "NoExecute" }, true],
    ["NoSchedule", "yes", { key: "gpu", value: "yes" }, false],
    ["NoSchedule", "yes", { key: "gpu", value: "no" }, true],
    ["NoSchedule", "yes", { key: "gpu" }, true],
    ["NoSchedule", undefined, { key: "gpu" }, false],
    ["NoSchedule", undefined, { key: "gpu", value: "yes" }, true],
    ["NoSchedule", "5", { key: "gpu", operator: "Gt", value: "4" }, true],
    ["NoSchedule", "5", { key: "gpu", operator: "Gt", value: "5" }, true],
    ["NoSchedule", "5", { key: "gpu", operator: "Lt", value: "6" }, true],
  ])("%s with value %j and the toleration %o: refuses %j", (effect, value, toleration, refuses) => {
    const pod = podOf({ tolerations: toleration === undefined ? [] : [toleration] });
    const subject = value === undefined ? `gpu:${effect}` : `gpu=${value}:${effect}`;
    const refusal = { kind: "taint", message: "node(s) had untolerated taint(s)", subject };
    expect(obstaclesOn(pod, nodeOf("n", { taints: [taintOf(effect, value)] }))).toEqual(refuses ? [refusal] : []);
  });

  it("are named by the first that is not tolerated", () => {
    const keys = ["a", "b", "c"].map((key) => ({ key, value: "", effect: "NoSchedule" as const }));
    const pod = podOf({ tolerations: [{ key: "a", operator: "Exists" }] });
    expect(obstaclesOn(pod, nodeOf("n", { taints: keys }))).toMatchObject([{ subject: "b:NoSchedule" }]);
  });
});

describe("ports of a node", () => {
  const port = (hostPort: number, hostIP?: string, protocol?: string) =>
    podOf({ containers: [{ ports: [{ hostPort, hostIP, protocol }] }] });

  it.each<[what: string, there: SchedulablePod, wanted: SchedulablePod, taken: boolean]>([
    ["the same port", port(80), port(80), true],
    ["another port", port(80), port(81), false],
    ["another protocol", port(80), port(80, undefined, "UDP"), false],
    ["another address", port(80, "10.0.0.1"), port(80, "10.0.0.2"), false],
    ["the same address", port(80, "10.0.0.1"), port(80, "10.0.0.1"), true],
    ["an address where all are taken", port(80), port(80, "10.0.0.1"), true],
    ["all addresses where one is taken", port(80, "10.0.0.1"), port(80), true],
    ["no port", port(80), podOf({}), false],
  ])("are for one pod at a time: %s", (_, there, wanted, taken) => {
    const node = nodeOf("n");
    const state = new ClusterState([node]);
    expect(obstaclesOf(wanted, node, state)).toEqual([]);
    state.place(there, node);
    const [first] = wanted.hostPorts;
    const message = "node(s) didn't have free ports for the requested pod ports";
    const refusal = { kind: "host-port", message, subject: `${first?.protocol} ${first?.port}` };
    expect(obstaclesOf(wanted, node, state)).toEqual(taken ? [refusal] : []);
    state.remove(there, node);
    expect(obstaclesOf(wanted, node, state)).toEqual([]);
  });

  it("are free on an empty node", () => {
    expect(emptyNodeObstacles(port(80), nodeOf("n"))).toEqual([]);
  });
});

describe("resources of a node", () => {
  const node = nodeOf("n", { allocatable: { cpu: "4", memory: "8Gi", "nvidia.com/gpu": "1", pods: "2" } });

  it("are enough where a pod asks for all there is", () => {
    expect(obstaclesOn(podOf(asking({ cpu: "4", memory: "8Gi", "nvidia.com/gpu": 1 })), node)).toEqual([]);
  });

  it("are all named that a pod is short of, with the amounts", () => {
    const pod = podOf(asking({ cpu: "4001m", memory: "1Gi", "nvidia.com/gpu": 2, "example.com/fpga": 1 }));
    expect(obstaclesOn(pod, node)).toEqual([
      { kind: "resource", message: "Insufficient cpu", subject: "cpu", asked: 4001, left: 4000 },
      { kind: "resource", message: "Insufficient nvidia.com/gpu", subject: "nvidia.com/gpu", asked: 2, left: 1 },
      { kind: "resource", message: "Insufficient example.com/fpga", subject: "example.com/fpga", asked: 1, left: 0 },
    ]);
  });

  it("are less by what runs there", () => {
    const pod = podOf(asking({ cpu: "1500m", "nvidia.com/gpu": 0 }));
    const state = new ClusterState([node]);
    state.place(pod, node, 2);
    expect(obstaclesOf(pod, node, state)).toEqual([
      { kind: "too-many-pods", message: "Too many pods", subject: "pods", asked: 1, left: 0 },
      { kind: "resource", message: "Insufficient cpu", subject: "cpu", asked: 1500, left: 1000 },
    ]);
    state.remove(pod, node);
    expect(obstaclesOf(pod, node, state)).toEqual([]);
  });

  it("do not matter to a pod that asks for 0, even where there is less", () => {
    const state = new ClusterState([node]);
    state.place(podOf(asking({ cpu: "5" })), node);
    expect(obstaclesOf(podOf(asking({ cpu: 0, "example.com/fpga": 0 })), node, state)).toEqual([]);
  });

  it("have no place for pods where nothing is said of them", () => {
    const bare = { ...nodeOf("n"), allocatable: new Map<string, number>() };
    expect(obstaclesOn(podOf({}), bare)).toMatchObject([{ kind: "too-many-pods", asked: 1, left: 0 }]);
  });

  it("may be told apart from what is allocatable", () => {
    const left = new Map([
      ["cpu", 500],
      ["pods", 1],
    ]);
    expect(emptyNodeObstacles(podOf(asking({ cpu: "1" })), node, left)).toMatchObject([{ asked: 1000, left: 500 }]);
    expect(emptyNodeObstacles(podOf(asking({ cpu: "500m" })), node, left)).toEqual([]);
  });
});

describe("volumes of a pod", () => {
  const reach = (claim: string, ...values: string[]) => ({
    claim,
    terms: [{ expressions: [{ key: "zone", operator: "In" as const, values }], fields: [] }],
  });

  it("must all be within reach", () => {
    const pod = { ...podOf({}), volumes: [reach("code", "a", "b"), reach("data", "b")] };
    expect(obstaclesOn(pod, nodeOf("n", { labels: { zone: "b" } }))).toEqual([]);
    expect(obstaclesOn(pod, nodeOf("n", { labels: { zone: "a" } }))).toEqual([
      { kind: "volume-zone", message: "node(s) didn't match PersistentVolume's node affinity", subject: "data" },
    ]);
  });

  it("are within reach whatever the name of the node", () => {
    const fields = [{ key: "metadata.name", operator: "In" as const, values: ["m"] }];
    const onNode = { ...podOf({}), volumes: [{ claim: "data", terms: [{ expressions: [], fields }] }] };
    expect(obstaclesOn(onNode, nodeOf("n"))).toEqual([]);
    const listed = [{ ...fields[0]!, values: ["n", "m"] }];
    const invalid = { ...podOf({}), volumes: [{ claim: "data", terms: [{ expressions: [], fields: listed }] }] };
    expect(obstaclesOn(invalid, nodeOf("n"))).toMatchObject([{ kind: "volume-zone" }]);
  });
});

describe("rules between pods, on an empty node", () => {
  it("want the labels that they go by", () => {
    const spread = podOf({ topologySpreadConstraints: [spreadOver("zone"), spreadOver("rack")] });
    const near = podOf(required("podAffinity", { topologyKey: "zone" }));
    expect(emptyNodeObstacles(spread, nodeOf("n", { labels: { zone: "a" } }))).toEqual([
      {
        kind: "topology-spread-label",
        message: "node(s) didn't match pod topology spread constraints (missing required label)",
        subject: "rack",
      },
    ]);
    expect(emptyNodeObstacles(near, nodeOf("n"))).toEqual([
      { kind: "pod-affinity", message: "node(s) didn't match pod affinity rules", subject: "zone" },
    ]);
    const labelled = nodeOf("n", { labels: { zone: "a", rack: "1" } });
    expect([...emptyNodeObstacles(spread, labelled), ...emptyNodeObstacles(near, labelled)]).toEqual([]);
  });
});

describe("filters", () => {
  it("speak in the order of the scheduler, one at a time", () => {
    const spec = {
      nodeName: "other",
      nodeSelector: { pool: "gpu" },
      topologySpreadConstraints: [spreadOver("zone")],
      ...required("podAffinity", { topologyKey: "rack", labelSelector: {} }),
      containers: [{ ports: [{ hostPort: 80 }], resources: { requests: { cpu: "1" } } }],
    };
    const zoned = [
      {
        claim: "data",
        terms: [{ expressions: [{ key: "volume", operator: "Exists" as const, values: [] }], fields: [] }],
      },
    ];
    const pod: SchedulablePod = { ...podOf(spec), volumes: zoned };
    const web = podOf({ containers: [{ ports: [{ hostPort: 80 }] }] });
    const sample: NodeSample = { unschedulable: true, taints: [{ key: "gpu", effect: "NoSchedule" }] };

    const kindOn = (its: SchedulablePod, node: SchedulableNode, there: SchedulablePod[] = [web]) => {
      const state = new ClusterState([node]);
      for (const other of there) state.place(other, node);
      return obstaclesOf(its, node, state).map(({ kind }) => kind);
    };
    expect(kindOn(pod, nodeOf("n", sample))).toEqual(["unschedulable"]);
    expect(kindOn(pod, nodeOf("n", { ...sample, unschedulable: false }))).toEqual(["node-name"]);
    expect(kindOn(pod, nodeOf("other", { ...sample, unschedulable: false }))).toEqual(["taint"]);
    expect(kindOn(pod, nodeOf("other"))).toEqual(["node-affinity"]);
    const labels: Record<string, string> = { pool: "gpu" };
    expect(kindOn(pod, nodeOf("other", { labels }))).toEqual(["host-port"]);
    expect(kindOn(pod, nodeOf("other", { labels }), [])).toEqual(["resource"]);
    const allocatable = { cpu: "1" };
    expect(kindOn(pod, nodeOf("other", { labels, allocatable }), [])).toEqual(["volume-zone"]);
    labels["volume"] = "1";
    expect(kindOn(pod, nodeOf("other", { labels, allocatable }), [])).toEqual(["topology-spread-label"]);
    labels["zone"] = "a";
    expect(kindOn(pod, nodeOf("other", { labels, allocatable }), [])).toEqual(["pod-affinity"]);
    labels["rack"] = "1";
    expect(kindOn(pod, nodeOf("other", { labels, allocatable }), [])).toEqual([]);
  });
});
