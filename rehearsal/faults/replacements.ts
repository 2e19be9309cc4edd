import { KubernetesObjectApi, type V1Node } from "@kubernetes/client-node";
import type { FaultGround } from ".";
import { CLAIM, LostNodes } from "./lost-node";

/** Label of a node with its zone. */
export const ZONE = "topology.kubernetes.io/zone";

/**
 * Seconds of the scenario until a machine that no controller starts is replaced, as the scaling group of a managed node group
 * does it.
 */
const REPLACED_AFTER = 180;

/** Machines that take the place of those that were lost where nothing else starts any, in zones that are not down by then. */
export class Replacements {
  private readonly downZones = new Set<string>();

  constructor(private readonly ground: Pick<FaultGround, "config" | "aftermath">) {}

  /** From now on no machine comes in a zone. */
  avoid(zone: string): void {
    this.downZones.add(zone);
  }

  /** Has a machine of a fixed number be replaced by an equal one, its zone aside; Karpenter replaces its own. */
  later({ metadata, spec }: V1Node): void {
    if (metadata?.ownerReferences?.some(({ kind }) => kind === CLAIM)) return;
    const { config, aftermath } = this.ground;
    const { name = "", labels = {}, annotations = {} } = metadata ?? {};
    const taints = (spec?.taints ?? []).filter(({ key }) => !key.startsWith("node.kubernetes.io/"));
    aftermath.later(REPLACED_AFTER, async () => {
      const isDown = this.downZones.has(labels[ZONE] ?? "");
      const left = isDown ? await this.zoneLeft() : undefined;
      if (isDown && left === undefined) return;
      const own = left === undefined ? labels : { ...labels, [ZONE]: left };
      const node = { apiVersion: "v1", kind: "Node", metadata: { name, labels: own, annotations }, spec: { taints } };
      await KubernetesObjectApi.makeApiClient(config).create(node);
    });
  }

  /** A zone that has nodes and is not down. */
  private async zoneLeft(): Promise<string | undefined> {
    const nodes = await new LostNodes(this.ground.config).nodes();
    return nodes.flatMap(({ metadata }) => metadata?.labels?.[ZONE] ?? []).find((zone) => !this.downZones.has(zone));
  }
}
