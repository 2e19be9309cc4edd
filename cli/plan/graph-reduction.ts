import type { GraphEdge } from "./graph";

/**
 * The edges without those that follow from others, so that what can be reached from where stays the same. Edges of a node
 * to itself go. Where nodes wait for one another, as components can whose children were folded into them, the parts come
 * last: an edge that only says what a node is a part of never closes a circle.
 */
export function reduced(edges: readonly GraphEdge[]): GraphEdge[] {
  const ends = new Map<string, Map<string, GraphEdge>>();
  for (const edge of [...edges].sort((a, b) => rank(a) - rank(b))) {
    if (edge.from === edge.to || (edge.kind === "part" && reaches(ends, edge.to, edge.from))) continue;
    const ofNode = ends.get(edge.from) ?? new Map<string, GraphEdge>();
    if (!ofNode.has(edge.to)) ofNode.set(edge.to, edge);
    ends.set(edge.from, ofNode);
  }
  for (const [from, ofNode] of ends) {
    for (const [to, edge] of [...ofNode]) {
      ofNode.delete(to);
      if (!reaches(ends, from, to)) ofNode.set(to, edge);
    }
  }
  return [...ends.values()].flatMap((ofNode) => [...ofNode.values()]);
}

function rank({ kind }: GraphEdge): number {
  return kind === "part" ? 1 : 0;
}

function reaches(ends: ReadonlyMap<string, ReadonlyMap<string, GraphEdge>>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const next of ends.get(node)?.keys() ?? []) {
      if (next === to) return true;
      if (!seen.has(next)) open.push(next);
      seen.add(next);
    }
  }
  return false;
}
