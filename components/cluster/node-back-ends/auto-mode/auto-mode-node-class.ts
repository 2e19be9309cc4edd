import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import { efaInterfacesOf } from "../../../model";
import type { EksPoolPlan } from "../pool-plan";
import { subnetIdsOf } from "../pool-subnets";
import { machineTags } from "../pool-tags";

/** What the node classes of EKS Auto Mode are called. */
export const AUTO_NODE_CLASS = { group: "eks.amazonaws.com", version: "v1", kind: "NodeClass" } as const;

/** Blocks of 16 addresses for pods on a node with EFA, which gets no more while it lives. */
const POD_ADDRESS_BLOCKS = 2;

/**
 * The node class of a pool: how the machines are built that EKS Auto Mode starts.
 *
 * Auto Mode brings the image, encrypts the volumes, keeps pods from the machine's metadata, and runs the device plugins for
 * GPUs and EFA. Local disks become the nodes' disk where they are larger than the size asked for here.
 *
 * @param role name of the role that the machines run under.
 * @param placementGroup name of the placement group that the machines stand in.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/create-node-class.html (read 2026-08)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/device-management-efa.html (read 2026-08)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/auto-odcr.html (read 2026-08)
 */
export function autoModeNodeClassManifest(
  plan: EksPoolPlan,
  role: pulumi.Input<string>,
  placementGroup?: pulumi.Input<string>,
) {
  const { shape, nodes, eks } = plan;
  const { capacityReservationId } = nodes;
  return {
    apiVersion: `${AUTO_NODE_CLASS.group}/${AUTO_NODE_CLASS.version}` as const,
    kind: AUTO_NODE_CLASS.kind,
    metadata: { name: shape.name },
    spec: compact({
      role,
      subnetSelectorTerms: subnetIdsOf(plan).map((id) => ({ id })),
      securityGroupSelectorTerms: [{ id: eks.clusterSecurityGroupId }],
      ephemeralStorage: compact({ size: `${volumeGib(plan)}Gi`, kmsKeyID: eks.kmsKeyArn }),
      advancedNetworking: shape.efaInterfaces === 0 ? undefined : { networkInterfaces: interfacesOf(plan) },
      placementGroupSelector: placementGroup === undefined ? undefined : { name: placementGroup },
      capacityReservationSelectorTerms:
        capacityReservationId === undefined ? undefined : [{ id: capacityReservationId }],
      tags: machineTags(plan),
    }),
  };
}

/**
 * A volume as large as the local disks would make Auto Mode hand these to pods raw, and use the volume instead.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/automode-learn-instances.html "Considerations" (read 2026-08)
 */
function volumeGib({ shape, nodes }: EksPoolPlan): number {
  return nodes.localStorage ? Math.min(nodes.rootVolumeGib, shape.ephemeralStorageGib - 1) : nodes.rootVolumeGib;
}

function interfacesOf({ shape }: EksPoolPlan) {
  return efaInterfacesOf(shape.instanceType).map((each) =>
    each.interfaceType === "interface" ? { ...each, secondaryIPv4PrefixCount: POD_ADDRESS_BLOCKS } : each,
  );
}
