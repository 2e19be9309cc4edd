import { type StackGraph, stackGraph } from "../../cli/plan/graph";
import { type FoldedNode, foldedGraph } from "../../cli/plan/page/graph-folding";
import { typeName } from "../../cli/plan/page/type-name";
import type { PlannedResource } from "../../preflight/planned-resource";
import type { Diagram } from "./diagram";

/** Nodes beyond which those that are alike stand as one, as a picture on a page can hardly be read with more. */
const NODES_DRAWN = 40;

/** The components of a stack inside one another, with how many resources are in each. */
export function componentTree(stack: string, resources: readonly PlannedResource[]): Diagram {
  const { nodes, edges } = folded(resources.map((resource) => ({ ...resource, dependencies: [] })));
  const isPart = new Set(edges.map(({ from }) => from));
  const tops = nodes.filter(({ id }) => !isPart.has(id));
  return {
    direction: "LR",
    nodes: [{ id: stack, title: `stack ${stack}` }, ...nodes.map((node) => ({ id: node.id, title: treeTitle(node) }))],
    edges: [
      ...tops.map(({ id }) => ({ from: stack, to: id })),
      ...edges.map(({ from, to }) => ({ from: to, to: from })),
    ],
  };
}

/** What waits for what in a stack: an arrow leads from what comes first to what waits for it, a dotted one into a component. */
export function waitingDiagram(resources: readonly PlannedResource[]): Diagram {
  const { nodes, edges } = folded(resources);
  return {
    direction: "LR",
    nodes: nodes.map((node) => ({ id: node.id, title: `${node.title}${ofType(node)}` })),
    edges: edges.map(({ from, to, kind }) => ({ from: to, to: from, isDotted: kind === "part" })),
  };
}

/** In the order of names, as resources are registered in another one each time. */
function folded(resources: readonly PlannedResource[]): StackGraph & { nodes: FoldedNode[] } {
  const inOrder = [...resources].sort((one, other) => (one.urn < other.urn ? -1 : 1));
  const { nodes, edges } = foldedGraph(stackGraph(inOrder), NODES_DRAWN);
  const keyOf = ({ from, to }: { from: string; to: string }) => `${from} ${to}`;
  return { nodes, edges: edges.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1)) };
}

function treeTitle(node: FoldedNode): string {
  return `${node.title}${ofType(node)}${node.children === 0 ? "" : ` +${node.children}`}`;
}

/** The type of a node, unless its title says it already. */
function ofType({ title, type, stands }: FoldedNode): string {
  return stands === undefined && title !== typeName(type) ? `: ${typeName(type)}` : "";
}
