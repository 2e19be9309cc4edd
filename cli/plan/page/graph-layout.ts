import * as dagre from "@dagrejs/dagre";

/** A point of a picture, in pixels from its upper left corner. */
export interface Point {
  x: number;
  y: number;
}

/** A box of a picture by its middle. */
export interface Box extends Point {
  width: number;
  height: number;
}

/** Boxes and lines in layers from left to right. */
export interface Layout {
  width: number;
  height: number;
  /** By the ids of the nodes. */
  boxes: Map<string, Box>;
  /** Of each edge in its order: where it passes between its ends. */
  lines: Point[][];
}

/** Distances in pixels: between nodes of a layer, lines, and layers; and around everything. */
const DISTANCES = { nodesep: 10, edgesep: 5, ranksep: 36, marginx: 8, marginy: 8 };

/** What is used of the library, whose own types name their modules so that only ECMAScript modules find them. */
interface Dagre {
  Graph: new () => {
    setGraph: (whole: object) => void;
    setNode: (id: string, box: Box) => void;
    setEdge: (from: string, to: string, line: { points: Point[] }) => void;
  };
  /** Writes places into the very objects that were set. */
  layout: (graph: object) => void;
}

const { Graph, layout } = dagre as unknown as Dagre;

/** Places nodes in layers, each edge from left to right as far as there are no circles. */
export function layered(
  nodes: readonly { id: string; width: number; height: number }[],
  edges: readonly (readonly [from: string, to: string])[],
): Layout {
  const whole = { ...DISTANCES, rankdir: "LR", width: 0, height: 0 };
  const boxes = new Map(nodes.map(({ id, width, height }) => [id, { x: 0, y: 0, width, height }]));
  const lines = edges.map(() => ({ points: [] as Point[] }));
  const graph = new Graph();
  graph.setGraph(whole);
  for (const [id, box] of boxes) graph.setNode(id, box);
  for (const [at, [from, to]] of edges.entries()) graph.setEdge(from, to, lines[at]!);
  layout(graph);
  return { width: whole.width, height: whole.height, boxes, lines: lines.map(({ points }) => points.slice(1, -1)) };
}
