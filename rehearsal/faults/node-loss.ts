import { CoreV1Api } from "@kubernetes/client-node";
import { POOL_LABEL } from "../../components/model";
import { Problem } from "../problem";
import type { FaultInjector } from "../scenarios/fault";
import type { FaultedCluster } from "./index";

/**
 * Takes a node away: its Node is deleted, as a cloud's controller does once the machine is gone, so that its pods are collected.
 * Of a pool it is the node with the most pods.
 *
 * @see https://kubernetes.io/docs/concepts/architecture/cloud-controller/#node-controller (Kubernetes 1.36)
 */
export function nodeLoss({ config }: FaultedCluster): FaultInjector<"nodeLost"> {
  const core = config.makeApiClient(CoreV1Api);
  return {
    async inject({ node, pool }) {
      const { items: nodes } = await core.listNode();
      const { items: pods } = await core.listPodForAllNamespaces();
      const podsOn = (name: string | undefined) =>
        pods.filter(
          ({ spec, status }) => spec?.nodeName === name && (status?.phase === "Running" || status?.phase === "Pending"),
        ).length;
      const [lost] = nodes
        .filter(
          ({ metadata }) => metadata?.name === node || (pool !== undefined && metadata?.labels?.[POOL_LABEL] === pool),
        )
        .map(({ metadata }) => ({ name: metadata?.name ?? "", pods: podsOn(metadata?.name) }))
        .sort((a, b) => b.pods - a.pods || a.name.localeCompare(b.name));
      if (lost === undefined) {
        throw new Problem(
          pool === undefined ? `there is no node ${node ?? ""}` : `the pool ${pool} has no node`,
          "Name one that is there at that time.",
        );
      }
      await core.deleteNode({ name: lost.name });
      return `node ${lost.name} with ${lost.pods === 1 ? "1 pod" : `${lost.pods} pods`} is gone`;
    },
  };
}
