import { describe, expect, it } from "vitest";
import type { TreeObject } from "../../../components/model";
import { obstaclesOn } from "./obstacles-on";
import { nodeOf, podOf, required } from "./samples";

const MISMATCH = "node(s) didn't match Pod's node affinity/selector";

describe("the node selector of a pod", () => {
  it("wants each of its labels", () => {
    const node = nodeOf("n", { labels: { pool: "gpu", zone: "a" } });
    expect(obstaclesOn(podOf({ nodeSelector: { pool: "gpu", zone: "a" } }), node)).toEqual([]);
    expect(obstaclesOn(podOf({ nodeSelector: { pool: "gpu", zone: "b" } }), node)).toEqual([
      { kind: "node-affinity", message: MISMATCH, subject: "zone=b" },
    ]);
    expect(obstaclesOn(podOf({ nodeSelector: { rack: "" } }), node)).toMatchObject([{ subject: "rack=" }]);
  });

  it("counts beside the node affinity", () => {
    const affinity = required("nodeAffinity", { matchExpressions: [{ key: "pool", operator: "Exists" }] });
    const pod = podOf({ nodeSelector: { zone: "a" }, ...affinity });
    expect(obstaclesOn(pod, nodeOf("n", { labels: { pool: "gpu", zone: "a" } }))).toEqual([]);
    expect(obstaclesOn(pod, nodeOf("n", { labels: { pool: "gpu" } }))).toMatchObject([{ subject: "zone=a" }]);
    expect(obstaclesOn(pod, nodeOf("n", { labels: { zone: "a" } }))).toMatchObject([{ subject: "pool Exists" }]);
  });
});

describe("the node affinity of a pod", () => {
  const inZone = (...values: string[]) => ({ key: "zone", operator: "In", values });
  const labelled = nodeOf("n", { labels: { zone: "a", gpus: "8" } });

  it.each<[what: string, terms: TreeObject[], subject: string | undefined]>([
    ["one term that holds", [{ matchExpressions: [inZone("b")] }, { matchExpressions: [inZone("a")] }], undefined],
    [
      "a term with all of its requirements",
      [{ matchExpressions: [inZone("a"), { key: "gpus", operator: "Gt", values: ["8"] }] }],
      "zone In [a] and gpus Gt [8]",
    ],
    [
      "none of several",
      [{ matchExpressions: [inZone("b")] }, { matchExpressions: [inZone("c", "d")] }],
      "zone In [b] or zone In [c, d]",
    ],
    ["no terms", [], ""],
    ["an empty term", [{}], ""],
  ])("wants %s", (_, terms, subject) => {
    const refusal = { kind: "node-affinity", message: MISMATCH, subject };
    expect(obstaclesOn(podOf(required("nodeAffinity", ...terms)), labelled)).toEqual(
      subject === undefined ? [] : [refusal],
    );
  });
});

describe("the name of a node in the affinity of a pod", () => {
  const NOT_NAMED = "node(s) didn't satisfy plugin(s) [NodeAffinity]";
  const CONFLICT = "pod affinity terms conflict";
  const name = (operator: string, ...values: string[]) => ({ key: "metadata.name", operator, values });
  const named = (...fields: TreeObject[]) => ({ matchFields: fields });
  const inZone = { matchExpressions: [{ key: "zone", operator: "In", values: ["a"] }] };

  it.each<[what: string, terms: TreeObject[], message: string | undefined, subject?: string]>([
    ["is the one", [named(name("In", "n"))], undefined],
    ["is one of those of several terms", [named(name("In", "m")), named(name("In", "n"))], undefined],
    ["is another one", [named(name("In", "m"))], NOT_NAMED, "m"],
    ["is none of those of several terms", [named(name("In", "l")), named(name("In", "m"))], NOT_NAMED, "l or m"],
    ["cannot be two at once", [named(name("In", "n"), name("In", "m"))], CONFLICT, ""],
    ["is left open by another term that holds", [named(name("In", "m")), inZone], undefined],
    ["is one of a list, which is no valid term", [named(name("In", "n", "m"))], MISMATCH, "metadata.name In [n, m]"],
    ["is none of no list", [named(name("In"))], CONFLICT, ""],
    ["is not another one", [named(name("NotIn", "m"))], undefined],
    ["is not this one", [named(name("NotIn", "n"))], MISMATCH, "metadata.name NotIn [n]"],
    [
      "is there, which is no valid term for another node either",
      [named(name("Exists", "m"))],
      MISMATCH,
      "metadata.name Exists [m]",
    ],
    [
      "is some other field with the name of another node",
      [named({ key: "metadata.uid", operator: "In", values: ["m"] })],
      MISMATCH,
      "metadata.uid In [m]",
    ],
    ["is there, which is no valid term", [named(name("Exists", "n"))], MISMATCH, "metadata.name Exists [n]"],
    [
      "is some other field",
      [named({ key: "metadata.uid", operator: "In", values: ["n"] })],
      MISMATCH,
      "metadata.uid In [n]",
    ],
    [
      "is beside labels that do not hold",
      [{ ...named(name("In", "n")), matchExpressions: [{ key: "rack", operator: "Exists" }] }],
      MISMATCH,
      "rack Exists and metadata.name In [n]",
    ],
  ])("%s", (_, terms, message, subject) => {
    const pod = podOf(required("nodeAffinity", ...terms));
    const refusal = { kind: "node-affinity", message, subject };
    expect(obstaclesOn(pod, nodeOf("n", { labels: { zone: "a" } }))).toEqual(message === undefined ? [] : [refusal]);
  });

  it("comes before all else", () => {
    const pod = podOf(required("nodeAffinity", named(name("In", "m"))));
    expect(obstaclesOn(pod, nodeOf("n", { unschedulable: true }))).toMatchObject([{ message: NOT_NAMED }]);
  });
});
