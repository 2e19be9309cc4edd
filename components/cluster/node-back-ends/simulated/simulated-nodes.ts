import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import { EFA_RESOURCE, type PoolShape, SIMULATED_RESOURCES_ANNOTATION } from "../../../model";
import { MAX_PODS, nodeReservation } from "./node-reservation";
import type { PoolNodes, PoolPlan } from "../pool-plan";

/** Share of the disk below which the kubelet evicts, and which pods therefore cannot have. */
const NODEFS_RESERVE = 0.1;

/** Resources that a simulated node of a pool has, and what the kubelet of the real machine would leave of them to pods. */
export function simulatedNodeResources(shape: PoolShape) {
  const reserved = nodeReservation(shape.vcpus);
  const devices = compact({
    ...(shape.gpuResource === undefined ? {} : { [shape.gpuResource]: String(shape.gpusPerNode) }),
    ...(shape.efaInterfaces === 0 ? {} : { [EFA_RESOURCE]: String(shape.efaInterfaces) }),
    pods: String(MAX_PODS),
  });
  return {
    capacity: {
      cpu: String(shape.vcpus),
      memory: `${shape.memoryGib}Gi`,
      "ephemeral-storage": `${shape.ephemeralStorageGib}Gi`,
      ...devices,
    },
    allocatable: {
      cpu: `${shape.vcpus * 1000 - reserved.cpuMillicores}m`,
      memory: `${shape.memoryGib * 1024 - reserved.memoryMib}Mi`,
      "ephemeral-storage": `${Math.floor(shape.ephemeralStorageGib * (1 - NODEFS_RESERVE))}Gi`,
      ...devices,
    },
  };
}

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
        [SIMULATED_RESOURCES_ANNOTATION]: JSON.stringify(simulatedNodeResources(shape)),
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
