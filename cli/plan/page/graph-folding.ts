import type { GraphEdge, GraphNode, StackGraph } from "../graph";
import { reduced } from "../graph-reduction";
import { groupedBy } from "./grouping";
import { typeName } from "./type-name";

/** A node that may stand for several. */
export interface FoldedNode extends GraphNode {
  /** How many nodes it stands for; absent where for itself. */
  stands?: number;
}

/** A graph in which a node may stand for several. */
export interface FoldedGraph extends StackGraph {
  nodes: FoldedNode[];
}

/** A way to tell which nodes may stand as one, the mildest first. */
const LIKENESSES: ((node: GraphNode, edges: readonly GraphEdge[]) => string)[] = [
  (node, edges) => `${node.group} ${node.type} ${waitedFor(edges)}`,
  (node) => `${node.group} ${node.type}`,
  (node) => node.group,
];

/**
 * A graph of no more nodes than can be read: where there are too many, those that are alike stand as one, the most
 * numerous first, at first only those of one type that wait for the same, then those of one type, then those of one group.
 */
export function foldedGraph(graph: StackGraph, most: number): FoldedGraph {
  return LIKENESSES.reduce<FoldedGraph>((folded, likeness) => foldedBy(folded, likeness, most), graph);
}

function foldedBy({ nodes, edges }: FoldedGraph, likeness: (typeof LIKENESSES)[number], most: number): FoldedGraph {
  const outgoing = groupedBy(edges, ({ from }) => from);
  const alike = [...groupedBy(nodes, (node) => likeness(node, outgoing.get(node.id) ?? [])).values()];
  const home = new Map<string, string>();
  const folded = new Set<FoldedNode[]>();
  let left = nodes.length;
  for (const group of alike.toSorted((a, b) => b.length - a.length)) {
    if (left <= most || group.length < 2) break;
    left -= group.length - 1;
    folded.add(group);
    for (const { id } of group) home.set(id, group[0]!.id);
  }
  const homeOf = (id: string) => home.get(id) ?? id;
  return {
    nodes: alike.flatMap((group) => (folded.has(group) ? [together(group)] : group)),
    edges: reduced(edges.map((edge) => ({ ...edge, from: homeOf(edge.from), to: homeOf(edge.to) }))),
  };
}

function waitedFor(edges: readonly GraphEdge[]): string {
  return edges
    .map(({ to }) => to)
    .sort()
    .join(" ");
}

function together(nodes: readonly FoldedNode[]): FoldedNode {
  const [first] = nodes as [FoldedNode];
  const stands = nodes.reduce((sum, node) => sum + (node.stands ?? 1), 0);
  const isOneType = nodes.every(({ type }) => type === first.type);
  return {
    ...first,
    title: `${stands} × ${isOneType ? typeName(first.type) : first.group}`,
    children: nodes.reduce((sum, { children }) => sum + children, 0),
    stands,
  };
}
