import { describe, expect, it } from "vitest";
import type { GraphEdge, GraphNode, StackGraph } from "../../../../cli/plan/graph";
import { foldedGraph } from "../../../../cli/plan/page/graph-folding";

const node = (id: string, type: string, group: GraphNode["group"], children = 1): GraphNode => ({
  id,
  title: id,
  type: `x:y:${type}`,
  group,
  children,
});
const edge = (from: string, to: string): GraphEdge => ({ from, to, kind: "waits" });

/** Two pools, three jobs that wait for one of them, one that waits for the other, and a service. */
const graph: StackGraph = {
  nodes: [
    node("a100", "Pool", "pool"),
    node("t4", "Pool", "pool"),
    node("one", "Job", "workload"),
    node("two", "Job", "workload", 2),
    node("three", "Job", "workload"),
    node("four", "Job", "workload"),
    node("web", "Service", "workload"),
  ],
  edges: [edge("one", "a100"), edge("two", "a100"), edge("three", "a100"), edge("four", "t4"), edge("web", "t4")],
};

const told = ({ nodes, edges }: StackGraph) => ({
  nodes: nodes.map(({ title, children }) => `${title} (${children})`),
  edges: edges.map(({ from, to }) => `${from}-${to}`),
});

describe("a folded graph", () => {
  it("is the same where it can be read as it is", () => {
    expect(told(foldedGraph(graph, 7))).toEqual(told(graph));
  });

  it("puts together first what is of one type and waits for the same", () => {
    expect(told(foldedGraph(graph, 6))).toEqual({
      nodes: ["a100 (1)", "t4 (1)", "3 × Job (4)", "four (1)", "web (1)"],
      edges: ["one-a100", "four-t4", "web-t4"],
    });
  });

  it("then what is of one type, and counts what stands together already", () => {
    expect(told(foldedGraph(graph, 3)).nodes).toEqual(["2 × Pool (2)", "4 × Job (5)", "web (1)"]);
  });

  it("then what is of one group", () => {
    expect(told(foldedGraph(graph, 2))).toEqual({ nodes: ["2 × Pool (2)", "5 × workload (6)"], edges: ["one-a100"] });
  });

  it("keeps a node of each group however few are wanted", () => {
    expect(foldedGraph(graph, 1).nodes).toHaveLength(2);
  });
});
