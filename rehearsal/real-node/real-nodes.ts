import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { POOL_LABEL } from "../../components/model";
import { REAL_NODE } from "../../components/model/real-node";
import type { ClusterLayout } from "../cluster/layout";
import type { BuiltImage } from "../images/image";

/** The real nodes that a cluster has. */
export interface RealNodes {
  /** Path of the program `node`. */
  binary: string;
  /** How many there are, from 1. */
  count: number;
  /** GPUs that each says it has, from 0; there are none, see docs/real-node.md. */
  gpus: number;
  /** Processors that each says it has; what pods ask for is then a share of those that there are. */
  cpus: number;
  /** Namespaces whose pods go to real nodes; real-namespaces.ts has the rule, and further ones. */
  namespaces: readonly string[];
  /** Images that they have from their start, as nothing can be pulled. */
  images: readonly BuiltImage[];
}

/** What each real node has where nobody says how much: room for the stories, whose pods wait more than they work. */
export const DEFAULT_REAL_NODE = { gpus: 4, cpus: 16, namespaces: [] } as const;

/** Networks that real nodes are in, and addresses that they know others by; nothing outside their namespaces has any of them. */
export const REAL_NETWORK = {
  /** Of the nodes themselves. */
  nodes: "10.200.0.0/24",
  /** Of pods on all of them; each has a /24 of it. */
  pods: "10.244.0.0/16",
  /** Of pods that are run as processes outside. @see https://www.rfc-editor.org/rfc/rfc5737 */
  processes: "198.51.100.0/24",
  /** Address and port of the API server, which the `kubernetes` Service leads to. @see https://www.rfc-editor.org/rfc/rfc5737 */
  apiServer: { address: "192.0.2.10", port: 6443 },
  /** Last number of the address of the Service that answers names, in the service network. */
  nameServer: 10,
} as const;

/** Workloads that want their pods close to each other ask for nodes of one zone. */
const PLACE = { "topology.kubernetes.io/region": "local", "topology.kubernetes.io/zone": "local" };

/** One real node: what it is called and where it is. */
export interface RealNode {
  name: string;
  /** Its own address. */
  address: string;
  /** Network of its pods. */
  pods: string;
  /** Its folder in that of the cluster, which is at the same path inside. */
  folder: string;
  /** Labels that it registers with. */
  labels: Record<string, string>;
}

/** The nodes by number, the first of which the others are linked to. */
export function realNodes({ count }: Pick<RealNodes, "count">, layout: ClusterLayout): RealNode[] {
  return Array.from({ length: count }, (_, index) => {
    const name = `real-${index}`;
    return {
      name,
      address: `10.200.0.${index + 1}`,
      pods: `10.244.${index}.0/24`,
      folder: join(layout.realNodes, name),
      labels: { [REAL_NODE.key]: REAL_NODE.value, [POOL_LABEL]: REAL_NODE.value, ...PLACE },
    };
  });
}

/** Reads which real nodes a cluster has; undefined where it has none. */
export async function readRealNodes(layout: ClusterLayout): Promise<RealNodes | undefined> {
  const text = await readFile(layout.realNodesFile, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as RealNodes);
}

/**
 * Notes which real nodes a cluster has.
 *
 * @returns whether they are others than before. Images and namespaces make none other: nodes are given them while they run.
 */
export async function writeRealNodes(layout: ClusterLayout, nodes: RealNodes | undefined): Promise<boolean> {
  const before = await readRealNodes(layout);
  if (nodes === undefined) await rm(layout.realNodesFile, { force: true });
  else await writeFile(layout.realNodesFile, JSON.stringify(nodes));
  return madeOf(before) !== madeOf(nodes);
}

function madeOf(nodes: RealNodes | undefined): string | undefined {
  return nodes && JSON.stringify({ ...nodes, images: [], namespaces: [] });
}
