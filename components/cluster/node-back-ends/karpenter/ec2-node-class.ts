import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import { type AmiFamily, efaInterfacesOf } from "../../../model";
import { subnetIdsOf } from "../pool-subnets";
import type { EksPoolPlan } from "../pool-plan";
import { poolTags } from "../pool-tags";

/** What Karpenter's own objects are called. */
export const EC2_NODE_CLASS = { group: "karpenter.k8s.aws", version: "v1", kind: "EC2NodeClass" } as const;

/** Size of Bottlerocket's volume for the system itself, which never grows. */
const SYSTEM_VOLUME_GIB = 4;

/**
 * Volumes of each operating system, undefined where it is that of images, logs and `emptyDir`.
 *
 * @see https://karpenter.sh/v1.14/concepts/nodeclasses/ "spec.blockDeviceMappings"
 */
const volumes: Record<AmiFamily, { deviceName: string; sizeGib?: number }[]> = {
  al2023: [{ deviceName: "/dev/xvda" }],
  bottlerocket: [{ deviceName: "/dev/xvda", sizeGib: SYSTEM_VOLUME_GIB }, { deviceName: "/dev/xvdb" }],
};

/**
 * The node class of a pool: how the machines are built that Karpenter starts.
 *
 * Without an exact image version, nodes are made from the newest one; when AWS releases another, the nodes of a serving
 * pool are replaced one by one, those of a training pool once they are empty. Pods cannot reach the machine's metadata,
 * and with it the rights of its role: they are one hop too far away.
 *
 * @param placementGroup name of the placement group that the machines stand in.
 * @see https://karpenter.sh/v1.14/concepts/nodeclasses/
 */
export function ec2NodeClassManifest(plan: EksPoolPlan, placementGroup?: pulumi.Input<string>) {
  const { shape, nodes, eks } = plan;
  const { capacityReservationId } = nodes;
  return {
    apiVersion: `${EC2_NODE_CLASS.group}/${EC2_NODE_CLASS.version}` as const,
    kind: EC2_NODE_CLASS.kind,
    metadata: { name: shape.name },
    spec: compact({
      role: eks.nodeRoleName,
      amiSelectorTerms: [{ alias: `${nodes.amiFamily}@${nodes.amiVersion ?? "latest"}` }],
      subnetSelectorTerms: subnetIdsOf(plan).map((id) => ({ id })),
      securityGroupSelectorTerms: [{ id: eks.clusterSecurityGroupId }],
      metadataOptions: {
        httpEndpoint: "enabled",
        httpProtocolIPv6: "disabled",
        httpPutResponseHopLimit: 1,
        httpTokens: "required",
      },
      blockDeviceMappings: volumes[nodes.amiFamily].map(({ deviceName, sizeGib = nodes.rootVolumeGib }) =>
        blockDevice(deviceName, sizeGib, eks.kmsKeyArn),
      ),
      instanceStorePolicy: nodes.localStorage ? "RAID0" : undefined,
      networkInterfaces: shape.efaInterfaces === 0 ? undefined : efaInterfacesOf(shape.instanceType),
      placementGroupSelector: placementGroup === undefined ? undefined : { name: placementGroup },
      capacityReservationSelectorTerms:
        capacityReservationId === undefined ? undefined : [{ id: capacityReservationId }],
      tags: { ...poolTags(plan), Name: `${eks.name}-${shape.name}` },
    }),
  };
}

function blockDevice(deviceName: string, sizeGib: number, kmsKeyID: pulumi.Input<string> | undefined) {
  const ebs = compact({
    volumeType: "gp3",
    volumeSize: `${sizeGib}Gi`,
    encrypted: true,
    kmsKeyID,
    deleteOnTermination: true,
  });
  return { deviceName, ebs };
}
