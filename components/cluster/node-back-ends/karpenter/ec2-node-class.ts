import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import { efaInterfacesOf } from "../../../model";
import { nodeVolumes } from "../node-volumes";
import { subnetIdsOf } from "../pool-subnets";
import type { EksPoolPlan } from "../pool-plan";
import { machineTags } from "../pool-tags";

/** What Karpenter's own objects are called. */
export const EC2_NODE_CLASS = { group: "karpenter.k8s.aws", version: "v1", kind: "EC2NodeClass" } as const;

/** Names of what machines need beside the node class. */
export interface MadeForNodes {
  /** Placement group that the machines stand in; they stand anywhere by default. */
  placementGroup?: pulumi.Input<string>;
  /** What hands them the node role; Karpenter makes one itself by default. */
  instanceProfile?: pulumi.Input<string>;
}

/** Size of Bottlerocket's volume for the system itself, which never grows. */
const SYSTEM_VOLUME_GIB = 4;

/**
 * The node class of a pool: how the machines are built that Karpenter starts.
 *
 * Without an exact image version, nodes are made from the newest one; when AWS releases another, the nodes of a serving
 * pool are replaced one by one, those of a training pool once they are empty. Pods cannot reach the machine's metadata,
 * and with it the rights of its role: they are one hop too far away.
 *
 * @param made names of what the machines need and Karpenter does not make itself.
 * @see https://karpenter.sh/v1.14/concepts/nodeclasses/
 */
export function ec2NodeClassManifest(plan: EksPoolPlan, made: MadeForNodes = {}) {
  const { placementGroup, instanceProfile } = made;
  const { shape, nodes, eks } = plan;
  const { capacityReservationId } = nodes;
  return {
    apiVersion: `${EC2_NODE_CLASS.group}/${EC2_NODE_CLASS.version}` as const,
    kind: EC2_NODE_CLASS.kind,
    metadata: { name: shape.name },
    spec: compact({
      ...(instanceProfile === undefined ? { role: eks.nodeRoleName } : { instanceProfile }),
      amiSelectorTerms: [{ alias: `${nodes.amiFamily}@${nodes.amiVersion ?? "latest"}` }],
      subnetSelectorTerms: subnetIdsOf(plan).map((id) => ({ id })),
      securityGroupSelectorTerms: [{ id: eks.clusterSecurityGroupId }],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      blockDeviceMappings: blockDevices(plan),
      instanceStorePolicy: nodes.localStorage ? "RAID0" : undefined,
      networkInterfaces: shape.efaInterfaces === 0 ? undefined : efaInterfacesOf(shape.instanceType),
      placementGroupSelector: placementGroup === undefined ? undefined : { name: placementGroup },
      capacityReservationSelectorTerms:
        capacityReservationId === undefined ? undefined : [{ id: capacityReservationId }],
      tags: machineTags(plan),
    }),
  };
}

function blockDevices({ nodes, eks }: EksPoolPlan) {
  const { pods, system } = nodeVolumes[nodes.amiFamily];
  const ebs = (sizeGib: number) =>
    compact({
      volumeType: "gp3",
      volumeSize: `${sizeGib}Gi`,
      encrypted: true,
      kmsKeyID: eks.kmsKeyArn,
      deleteOnTermination: true,
    });
  return [
    ...(system === undefined ? [] : [{ deviceName: system, ebs: ebs(SYSTEM_VOLUME_GIB) }]),
    { deviceName: pods, ebs: ebs(nodes.rootVolumeGib) },
  ];
}
