import type { PlannedResource } from "../../preflight/planned-resource";
import { groupOf, isPartOfProgram, isComponent, type GraphGroup } from "./graph-groups";
import { reduced } from "./graph-reduction";

/** A resource that stands for itself and everything inside it. */
export interface GraphNode {
  /** Its URN. */
  id: string;
  /** Its name in the program. */
  title: string;
  /** Pulumi type token. */
  type: string;
  group: GraphGroup;
  /** Resources folded into it. */
  children: number;
}

/** A line between two nodes: `from` waits for `to`, or is a part of it. */
export interface GraphEdge {
  from: string;
  to: string;
  kind: "waits" | "part";
}

/** The stack by its components, and what waits for what. */
export interface StackGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
}

/** Components inside one another that the graph shows: those of the program, and their own. */
const DEPTH = 2;

/**
 * The graph of a stack by its components: what stands at the top of the program, and the components that these are made
 * of. Everything else is folded into the node that it is inside of, and its edges with it; edges that follow from others
 * are left out. Stack and providers are no nodes; what waits for a provider waits for what the provider waits for.
 */
export function stackGraph(resources: readonly PlannedResource[]): StackGraph {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const homes = homesOf(resources, byUrn);
  const nodes = new Map<string, GraphNode>();
  for (const { urn, name, type } of byUrn.values()) {
    if (homes.get(urn) === urn) nodes.set(urn, { id: urn, title: name, type, group: groupOf(type), children: 0 });
  }
  for (const [urn, home] of homes) {
    if (home !== undefined && home !== urn) nodes.get(home)!.children += 1;
  }
  const waits = [...byUrn.values()].flatMap((resource) => waitsOf(resource, byUrn, homes));
  const parts = [...nodes.keys()].flatMap((urn) => partOf(byUrn.get(urn)!, homes));
  return { nodes: [...nodes.values()], edges: reduced([...waits, ...parts]) };
}

/** The node of each resource by its URN; undefined for what is no part of the program, such as a provider. */
function homesOf(
  resources: readonly PlannedResource[],
  byUrn: ReadonlyMap<string, PlannedResource>,
): Map<string, string | undefined> {
  const homes = new Map<string, string | undefined>();
  for (const resource of resources) {
    const line = lineage(resource, byUrn);
    const components = line.filter(({ type }) => isComponent(type));
    const shown = [line[0], ...components.slice(0, DEPTH)];
    homes.set(resource.urn, line.findLast((each) => shown.includes(each))?.urn);
  }
  return homes;
}

/**
 * A resource and what it is inside of, the outermost first; nothing where it is no part of the program, and only itself
 * where things are said to be inside of one another.
 */
function lineage(resource: PlannedResource, byUrn: ReadonlyMap<string, PlannedResource>): PlannedResource[] {
  const line = new Set<PlannedResource>();
  let at: PlannedResource | undefined = resource;
  while (at !== undefined && isPartOfProgram(at.type)) {
    if (line.has(at)) return [resource];
    line.add(at);
    at = byUrn.get(at.parent ?? "");
  }
  return [...line].reverse();
}

function waitsOf(
  { urn, dependencies = [] }: PlannedResource,
  byUrn: ReadonlyMap<string, PlannedResource>,
  homes: ReadonlyMap<string, string | undefined>,
): GraphEdge[] {
  const from = homes.get(urn);
  if (from === undefined) return [];
  const ends = new Set<string>();
  const open = [...dependencies];
  const seen = new Set(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const home = homes.get(next);
    if (home !== undefined) ends.add(home);
    else {
      for (const further of byUrn.get(next)?.dependencies ?? []) {
        if (!seen.has(further)) open.push(further);
        seen.add(further);
      }
    }
  }
  return [...ends].map((to) => ({ from, to, kind: "waits" }));
}

function partOf({ urn, parent }: PlannedResource, homes: ReadonlyMap<string, string | undefined>): GraphEdge[] {
  const to = homes.get(parent ?? "");
  return to === undefined || to === urn ? [] : [{ from: urn, to, kind: "part" }];
}
