/** A picture of what is connected to what. */
export interface Diagram {
  /** Where arrows lead: `BT` upwards, `LR` to the right, `RL` to the left. */
  direction: "BT" | "LR" | "RL";
  nodes: { id: string; title: string }[];
  edges: { from: string; to: string; isDotted?: boolean }[];
}

/**
 * A diagram as a block of Mermaid, which GitHub draws, and the site's own pages too. It is the same text for the same diagram.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html read on 2026-11-27
 */
export function mermaidBlock({ direction, nodes, edges }: Diagram): string {
  const ids = new Map(nodes.map(({ id }, at) => [id, `n${at}`]));
  const lines = [
    ...nodes.map(({ id, title }) => `${ids.get(id)!}["${title.replaceAll('"', "#quot;")}"]`),
    ...edges.map(({ from, to, isDotted }) => `${ids.get(from)!} ${isDotted ? "-.->" : "-->"} ${ids.get(to)!}`),
  ];
  return ["```mermaid", `flowchart ${direction}`, ...lines.map((line) => `  ${line}`), "```"].join("\n");
}
