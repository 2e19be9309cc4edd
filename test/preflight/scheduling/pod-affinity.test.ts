import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import { ClusterState } from "../../../preflight/scheduling/cluster-state";
import { obstaclesOf } from "../../../preflight/scheduling/feasibility";
import type { SchedulableNode } from "../../../preflight/scheduling/node";
import type { SchedulablePod } from "../../../preflight/scheduling/pod";
import { nodeOf, podOf, required } from "./samples";

const zones = ["a", "b"].map((zone) => nodeOf(zone, { labels: { zone, name: zone } }));
const [zoneA, zoneB] = zones as [SchedulableNode, SchedulableNode];
const db = podOf({}, { app: "db" });

const toDb = (more: TreeObject = {}): TreeObject => ({
  topologyKey: "zone",
  labelSelector: { matchLabels: { app: "db" } },
  ...more,
});
const near = (...terms: TreeObject[]) => podOf(required("podAffinity", ...terms), { app: "web" });
const far = (...terms: TreeObject[]) => podOf(required("podAntiAffinity", ...terms), { app: "web" });

/** The nodes that take a pod, of a cluster where some pods are in zone a. */
function nodesFor(
  pod: SchedulablePod,
  inA: SchedulablePod[],
  labels?: Record<string, Record<string, string>>,
): string[] {
  const state = new ClusterState(zones, labels && ((namespace) => labels[namespace] ?? {}));
  for (const other of inA) state.place(other, zoneA);
  return zones.filter((node) => obstaclesOf(pod, node, state).length === 0).map(({ name }) => name);
}

describe("the affinity of a pod", () => {
  it("wants it where a pod is that the term is about", () => {
    expect(nodesFor(near(toDb()), [db])).toEqual(["a"]);
    expect(nodesFor(near(toDb()), [podOf({}, { app: "other" })])).toEqual([]);
    expect(nodesFor(near(toDb()), [])).toEqual([]);
  });

  it("says what it goes by", () => {
    const state = new ClusterState(zones);
    const refusal = { kind: "pod-affinity", message: "node(s) didn't match pod affinity rules", subject: "zone" };
    expect(obstaclesOf(near(toDb()), zoneA, state)).toEqual([refusal]);
    const other = { topologyKey: "rack", labelSelector: {} };
    expect(obstaclesOf(near(toDb(), other), zoneA, state)).toEqual([{ ...refusal, subject: "rack" }]);
  });

  it("wants one pod that all of its terms are about", () => {
    const terms = [toDb(), toDb({ labelSelector: { matchLabels: { tier: "gold" } } })];
    expect(nodesFor(near(...terms), [db, podOf({}, { tier: "gold" })])).toEqual([]);
    expect(nodesFor(near(...terms), [podOf({}, { app: "db", tier: "gold" })])).toEqual(["a"]);
  });

  it("wants each of its domains to have such a pod", () => {
    const terms = [toDb(), toDb({ topologyKey: "name" })];
    const [one, two] = ["1", "2"].map((name) => nodeOf(name, { labels: { zone: "a", name } })) as [
      SchedulableNode,
      SchedulableNode,
    ];
    const state = new ClusterState([one, two]);
    state.place(db, one);
    expect(obstaclesOf(near(...terms), one, state)).toEqual([]);
    expect(obstaclesOf(near(...terms), two, state)).toMatchObject([{ subject: "name" }]);
  });

  it("lets the first pod of a group in wherever the labels are", () => {
    const group = (labels: TreeObject) => podOf(required("podAffinity", toDb()), labels);
    expect(nodesFor(group({ app: "db" }), [])).toEqual(["a", "b"]);
    expect(nodesFor(group({ app: "db" }), [db])).toEqual(["a"]);
    expect(nodesFor(group({ app: "web" }), [])).toEqual([]);
    expect(obstaclesOf(group({ app: "db" }), nodeOf("n"), new ClusterState())).toMatchObject([{ subject: "zone" }]);
  });

  it("does not take a pod in no domain for the first of its group", () => {
    const lost = nodeOf("lost");
    const state = new ClusterState([...zones, lost]);
    const member = podOf(required("podAffinity", toDb()), { app: "db" });
    state.place(db, lost);
    expect(obstaclesOf(member, zoneA, state)).toEqual([]);
    state.place(db, zoneB);
    expect(obstaclesOf(member, zoneA, state)).toHaveLength(1);
  });

  it("lets the first of a group in by all of its terms only", () => {
    const terms = [toDb(), toDb({ labelSelector: { matchLabels: { tier: "gold" } } })];
    expect(nodesFor(podOf(required("podAffinity", ...terms), { app: "db" }), [])).toEqual([]);
    expect(nodesFor(podOf(required("podAffinity", ...terms), { app: "db", tier: "gold" }), [])).toEqual(["a", "b"]);
  });
});

describe("the anti-affinity of a pod", () => {
  it("wants it where no pod is that a term is about", () => {
    expect(nodesFor(far(toDb()), [db])).toEqual(["b"]);
    expect(nodesFor(far(toDb()), [podOf({}, { app: "other" })])).toEqual(["a", "b"]);
    expect(nodesFor(far(toDb({ topologyKey: "rack" })), [db])).toEqual(["a", "b"]);
  });

  it("counts for each term by itself", () => {
    const terms = [toDb({ labelSelector: { matchLabels: { app: "none" } } }), toDb()];
    expect(nodesFor(far(...terms), [db])).toEqual(["b"]);
  });

  it("says what it goes by", () => {
    const state = new ClusterState(zones);
    state.place(db, zoneA);
    expect(obstaclesOf(far(toDb()), zoneA, state)).toEqual([
      { kind: "pod-anti-affinity", message: "node(s) didn't match pod anti-affinity rules", subject: "zone" },
    ]);
  });

  it("keeps others away from it as well", () => {
    const state = new ClusterState(zones);
    const loner = far(toDb());
    state.place(loner, zoneA);
    expect(obstaclesOf(db, zoneA, state)).toEqual([
      {
        kind: "existing-anti-affinity",
        message: "node(s) didn't satisfy existing pods anti-affinity rules",
        subject: "zone",
      },
    ]);
    expect(obstaclesOf(db, zoneB, state)).toEqual([]);
    expect(obstaclesOf(podOf({}, { app: "other" }), zoneA, state)).toEqual([]);
    state.remove(loner, zoneA);
    expect(obstaclesOf(db, zoneA, state)).toEqual([]);
  });

  it("keeps others away until the last such pod is gone", () => {
    const state = new ClusterState(zones);
    const loner = far(toDb());
    state.place(loner, zoneA, 2);
    state.place(far(toDb()), zoneA);
    state.remove(loner, zoneA, 2);
    expect(obstaclesOf(db, zoneA, state)).toHaveLength(1);
  });
});

describe("namespaces of a term", () => {
  const there = podOf({}, { app: "db" }, "other");
  const teamX = { matchLabels: { team: "x" } };
  const outsiders = { matchExpressions: [{ key: "team", operator: "DoesNotExist" }] };

  it.each<[what: string, more: TreeObject, covered: boolean]>([
    ["its own only", {}, false],
    ["those named", { namespaces: ["x", "other"] }, true],
    ["others named", { namespaces: ["x"] }, false],
    ["all", { namespaceSelector: {} }, true],
    ["those with a label", { namespaceSelector: teamX }, true],
    ["those with another label", { namespaceSelector: { matchLabels: { team: "y" } } }, false],
    [
      "those named beside those with a label",
      { namespaces: ["other"], namespaceSelector: { matchLabels: { no: "y" } } },
      true,
    ],
  ])("are %s", (_, more, covered) => {
    const labels = { other: { team: "x" }, ml: {} };
    expect(nodesFor(near(toDb(more)), [there], labels)).toEqual(covered ? ["a"] : []);
    expect(nodesFor(far(toDb(more)), [there], labels)).toEqual(covered ? ["b"] : ["a", "b"]);
    expect(nodesFor(there, [far(toDb(more))], labels)).toEqual(covered ? ["b"] : ["a", "b"]);
  });

  it("are its own where a term says nothing of namespaces", () => {
    const [term] = near(toDb()).affinity;
    const pod = { ...podOf({}), affinity: [{ ...term!, namespaces: [] }] };
    expect(nodesFor(pod, [db])).toEqual(["a"]);
    expect(nodesFor(pod, [there])).toEqual([]);
  });

  it("are not its own where it selects others", () => {
    expect(nodesFor(near(toDb({ namespaceSelector: teamX })), [db], { other: { team: "x" } })).toEqual([]);
    expect(nodesFor(near(toDb({ namespaces: ["other"] })), [db])).toEqual([]);
  });

  it("are all of them where a new pod selects those without some label, but not for a pod that is there", () => {
    const labels = { other: { team: "x" }, ml: { team: "y" } };
    expect(nodesFor(near(toDb({ namespaceSelector: outsiders })), [there], labels)).toEqual(["a"]);
    expect(nodesFor(far(toDb({ namespaceSelector: outsiders })), [there], labels)).toEqual(["b"]);
    expect(nodesFor(there, [far(toDb({ namespaceSelector: outsiders }))], labels)).toEqual(["a", "b"]);
  });

  it("have their name as a label", () => {
    const byName = { matchLabels: { "kubernetes.io/metadata.name": "other" } };
    expect(nodesFor(near(toDb({ namespaceSelector: byName })), [there])).toEqual(["a"]);
    expect(nodesFor(near(toDb({ namespaceSelector: byName })), [db])).toEqual([]);
  });
});
