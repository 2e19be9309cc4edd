import { CustomObjectsApi, PatchStrategy, setHeaderOptions, type V1Node } from "@kubernetes/client-node";
import { unlessCode } from "../cluster/api-errors";
import { POOL_LABEL } from "../../components/model";
import { Problem } from "../problem";
import type { FaultInjector } from "../scenarios/fault";
import type { FaultGround } from ".";
import { CLAIM, LostNodes } from "./lost-node";
import { type Replacements, ZONE } from "./replacements";

const claims = { group: "karpenter.sh", version: "v1", plural: "nodeclaims" };
const pools = { group: "karpenter.sh", version: "v1", plural: "nodepools" };

/** What may be lost of a pool: rather a node with pods, among these the first by name, so that it can be foretold. */
async function victim(nodes: LostNodes, pool: string): Promise<V1Node> {
  const all = (await nodes.nodes({ [POOL_LABEL]: pool })).sort((a, b) => nameOf(a).localeCompare(nameOf(b)));
  const used = await Promise.all(all.map(async (node) => ({ node, pods: (await nodes.pods(nameOf(node))).length })));
  const found = used.find(({ pods }) => pods > 0) ?? used[0];
  if (found !== undefined) return found.node;
  throw new Problem(`the pool ${pool} has no node that could be lost`, "Name a pool that has nodes at this time.");
}

/** Makes nodes be gone from one moment to the next. */
export function nodeLossInjector(ground: FaultGround, replacements: Replacements): FaultInjector<"nodeLost"> {
  const nodes = new LostNodes(ground.config);
  return {
    inject: async ({ node: name, pool }) => {
      const node =
        name === undefined
          ? await victim(nodes, pool ?? "")
          : (await nodes.nodes()).find((each) => nameOf(each) === name);
      if (node === undefined)
        throw new Problem(`there is no node ${name}`, "Name one that is there at this time, or a pool.");
      const pods = await nodes.lose(node);
      replacements.later(node);
      return { did: `node ${nameOf(node)} is gone, with ${counted(pods)}`, nodes: [nameOf(node)] };
    },
  };
}

/**
 * Takes a spot node back. Whoever started it hears of it first: Karpenter drains a node whose claim is deleted, as it does
 * when AWS tells it of an interruption; nodes without a claim are drained here. When the notice is over the machine is gone,
 * whatever is still on it.
 *
 * @see https://karpenter.sh/v1.14/concepts/disruption/#interruption
 */
export function interruptionInjector(
  ground: FaultGround,
  replacements: Replacements,
): FaultInjector<"spotInterruption"> {
  const nodes = new LostNodes(ground.config);
  return {
    inject: async ({ pool, notice }) => {
      const node = await victim(nodes, pool);
      const name = nameOf(node);
      const claim = node.metadata?.ownerReferences?.find(({ kind }) => kind === CLAIM);
      if (claim === undefined) {
        await nodes.cordon(name);
        await nodes.evict(name);
      } else {
        const custom = ground.config.makeApiClient(CustomObjectsApi);
        await custom.deleteClusterCustomObject({ ...claims, name: claim.name }).catch(unlessCode(404));
      }
      ground.aftermath.later(notice, async () => {
        await nodes.lose(node);
        replacements.later(node);
      });
      return { did: `node ${name} was given notice, and is gone ${notice} s later`, nodes: [name] };
    },
  };
}

/** Loses all nodes of a zone, and has no new ones start there: machines of a fixed number are replaced in another zone. */
export function zoneLossInjector(ground: FaultGround, replacements: Replacements): FaultInjector<"zoneDown"> {
  const { config } = ground;
  const nodes = new LostNodes(config);
  return {
    inject: async ({ zone }) => {
      const there = await nodes.nodes({ [ZONE]: zone });
      if (there.length === 0)
        throw new Problem(`no node is in the zone ${zone}`, "Name a zone that has nodes at this time.");
      replacements.avoid(zone);
      await avoid(zone);
      const pods = await Promise.all(there.map((node) => nodes.lose(node)));
      for (const node of there) replacements.later(node);
      const lost = counted(pods.reduce((sum, each) => sum + each, 0));
      return { did: `${there.length} nodes of the zone ${zone} are gone, with ${lost}`, nodes: there.map(nameOf) };
    },
  };

  /** Karpenter starts no machine that its NodePool does not allow. */
  async function avoid(zone: string): Promise<void> {
    const custom = config.makeApiClient(CustomObjectsApi);
    const listed = (await custom.listClusterCustomObject(pools).catch(unlessCode(404))) as
      { items: NodePool[] } | undefined;
    const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
    for (const { metadata, spec } of listed?.items ?? []) {
      const { requirements } = spec.template.spec;
      const elsewhere = [...requirements, { key: ZONE, operator: "NotIn", values: [zone] }];
      const body = { spec: { template: { spec: { requirements: elsewhere } } } };
      await custom.patchClusterCustomObject({ ...pools, name: metadata.name, body }, merge);
    }
  }
}

interface NodePool {
  metadata: { name: string };
  spec: { template: { spec: { requirements: object[] } } };
}

function nameOf({ metadata }: V1Node): string {
  return metadata?.name ?? "";
}

function counted(pods: number): string {
  return pods === 1 ? "1 pod" : `${pods} pods`;
}
