import { describe, expect, it } from "vitest";
import { compared } from "./judgement";
import type { Outcome } from "./offers";
import { REGRESSIONS } from "./regressions";
import { allEmpty, declaredJob, declaredNode } from "./regressions/regression";
import type { DeclaredStack } from "./stack";

describe("what preflight says of a stack", () => {
  it.each(REGRESSIONS)("is what kube-scheduler did: $title", (record) => {
    expect(compared(record)).toMatchObject({ disagreements: [], choices: [] });
  });
});

describe("the comparison with kube-scheduler", () => {
  const stack: DeclaredStack = {
    nodes: [declaredNode("node-0", { pods: "2" }), declaredNode("node-1", { pods: "1", labels: { odd: "1" } })],
    workloads: [declaredJob("bert", 4, {})],
    others: [],
  };
  const right: Outcome = {
    title: "Job default/bert",
    offered: 4,
    everywhere: allEmpty(2),
    nodes: ["node-0", "node-1", "node-0"],
  };
  const about = (...outcomes: Outcome[]) => compared({ stack, outcomes }).disagreements.map((each) => each.about);

  it("finds nothing where all is equal", () => {
    expect(compared({ stack, outcomes: [right] })).toEqual({ disagreements: [], choices: [], verdicts: ["never"] });
  });

  const wrong: [what: string, outcome: Partial<Outcome>, about: string[]][] = [
    [
      "more pods are placed",
      { nodes: [...right.nodes, "node-1"] },
      ["pods on node-1", "pods at once", "verdict", "packing"],
    ],
    ["fewer pods are placed", { nodes: ["node-0", "node-1"] }, ["pods at once"]],
    ["a node has more of them", { nodes: ["node-0", "node-0", "node-0"] }, ["pods on node-0"]],
    ["nodes refuse for another reason", { everywhere: "0/2 nodes are available: 2 Insufficient cpu." }, ["reasons"]],
    [
      "another number of nodes refuses",
      { everywhere: "0/2 nodes are available: 1 Too many pods, 1 cannot allocate all claims." },
      ["reasons"],
    ],
    ["there is no such set", { title: "Job default/other" }, ["sets"]],
  ];
  it.each(wrong)("notices where %s", (_, difference, expected) => {
    expect(about({ ...right, ...difference })).toEqual(expected);
  });

  it("lets pods that come after others find less room, and not more", () => {
    const both = { ...stack, workloads: [declaredJob("early", 1, {}), ...stack.workloads] };
    const early = { title: "Job default/early", offered: 2, everywhere: allEmpty(2), nodes: ["node-0", "node-0"] };
    const after = (nodes: string[]) =>
      compared({ stack: both, outcomes: [early, { ...right, nodes }] }).disagreements.map((each) => each.about);
    expect(after(["node-1"])).toEqual([]);
    expect(after([...right.nodes, "node-0"])).toEqual([
      "pods on node-0",
      "pods at once after others",
      "verdict after others",
    ]);
  });
});
