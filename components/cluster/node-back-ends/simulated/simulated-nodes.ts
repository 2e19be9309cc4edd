import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { nodeResources, type PoolShape, SIMULATED_RESOURCES_ANNOTATION } from "../../../model";
import type { PoolNodes, PoolPlan } from "../pool-plan";

/**
 * The manifest of one node that KWOK keeps alive: it accepts pods and has the resources of the real machine, but runs
 * no container.
 *
 * @see https://kwok.sigs.k8s.io/docs/user/kwok-manage-nodes-and-pods/ (KWOK 0.8)
 */
export function simulatedNodeManifest(shape: PoolShape, index: number) {
  const nodeName = `${shape.name}-${index}`;
  return {
    apiVersion: "v1" as const,
    kind: "Node" as const,
    metadata: {
      name: nodeName,
      labels: { ...shape.labels, "kubernetes.io/hostname": nodeName },
      annotations: {
        "kwok.x-k8s.io/node": "fake",
        [SIMULATED_RESOURCES_ANNOTATION]: JSON.stringify(nodeResources(shape)),
        // The node lifecycle controller writes the same list of taints, and would otherwise own it from then on.
        "pulumi.com/patchForce": "true",
      },
    },
    // An empty list would be the stack's, and take away the taints that controllers set for a while.
    ...(shape.taints.length === 0 ? {} : { spec: { taints: shape.taints } }),
  };
}

/** Creates a pool's nodes as objects only, for clusters where KWOK plays the kubelet. */
export function createSimulatedNodes(
  { name, shape, desiredNodes }: PoolPlan,
  opts: pulumi.CustomResourceOptions,
): PoolNodes {
  const nodes = Array.from(
    { length: desiredNodes },
    (_, index) =>
      new k8s.core.v1.Node(`${name}-${index}`, simulatedNodeManifest(shape, index), {
        ...opts,
        // A machine of another size is another machine.
        replaceOnChanges: [`metadata.annotations["${SIMULATED_RESOURCES_ANNOTATION}"]`],
        deleteBeforeReplace: true,
      }),
  );
  return { nodeNames: pulumi.all(nodes.map((node) => node.metadata.name)) };
}
