import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import { CapacityType, type EfaInterface, efaInterfacesOf } from "../../../model";
import { nodeUserData } from "./node-user-data";
import { nodeVolumes } from "../node-volumes";
import type { EksPoolPlan } from "../pool-plan";
import { lastingMachineTags, poolTags } from "../pool-tags";

/** What AWS makes from a launch template, and bills or lists by tag. */
const taggedResources = ["instance", "volume", "network-interface"];

/** The one interface of machines without Elastic Fabric Adapters. */
const primaryInterface: EfaInterface = { networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" };

/**
 * Creates what the machines of a managed node group are started from; a change of it replaces the nodes one by one.
 *
 * So it tags what is started with that alone which never changes. All other tags reach machines by way of the Auto Scaling
 * group, which hands none on to volumes and interfaces, and has none yet when the first nodes of a standing pool start.
 *
 * Pods cannot reach the machine's metadata, and with it the rights of its role: they are one hop too far away.
 *
 * @param placementGroup name of the placement group that the machines stand in.
 * @see https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html (read 2026-11)
 */
export function createLaunchTemplate(
  plan: EksPoolPlan,
  placementGroup: pulumi.Input<string> | undefined,
  opts: pulumi.CustomResourceOptions,
): aws.ec2.LaunchTemplate {
  const { name, shape, nodes, eks } = plan;
  const lasting = lastingMachineTags(plan);
  return new aws.ec2.LaunchTemplate(
    `${name}-template`,
    compact({
      description: `Nodes of pool ${shape.name} of cluster ${eks.name}`,
      updateDefaultVersion: true,
      metadataOptions: {
        httpEndpoint: "enabled",
        httpTokens: "required",
        httpPutResponseHopLimit: 1,
        instanceMetadataTags: "disabled",
      },
      blockDeviceMappings: blockDevices(plan),
      networkInterfaces: interfacesOf(plan).map((each) => networkInterface(each, plan)),
      userData: nodeUserData(nodes.amiFamily, nodes.localStorage),
      placement: placementGroup === undefined ? undefined : { groupName: placementGroup },
      ...reservation(plan),
      tagSpecifications: taggedResources.map((resourceType) => ({ resourceType, tags: lasting })),
      tags: { ...poolTags(plan), Name: `${name}-template` },
    }),
    opts,
  );
}

function blockDevices({ nodes, eks }: EksPoolPlan) {
  const { pods, system } = nodeVolumes[nodes.amiFamily];
  const encrypted = compact({
    volumeType: "gp3",
    encrypted: "true",
    kmsKeyId: eks.kmsKeyArn,
    deleteOnTermination: "true",
  });
  return [
    { deviceName: pods, ebs: { ...encrypted, volumeSize: nodes.rootVolumeGib } },
    // As large as the image says.
    ...(system === undefined ? [] : [{ deviceName: system, ebs: encrypted }]),
  ];
}

function interfacesOf({ shape }: EksPoolPlan): EfaInterface[] {
  return shape.efaInterfaces === 0 ? [primaryInterface] : efaInterfacesOf(shape.instanceType);
}

/**
 * A template that lists interfaces has its security groups there, and there alone. The cluster's own group allows what
 * the fabric needs: everything among its members, in both directions.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/node-efa.html (read 2026-11)
 */
function networkInterface({ interfaceType, ...place }: EfaInterface, { eks }: EksPoolPlan) {
  return {
    ...place,
    ...(interfaceType === "interface" ? { associatePublicIpAddress: "false" } : { interfaceType }),
    deleteOnTermination: "true",
    securityGroups: [eks.clusterSecurityGroupId],
  };
}

/**
 * Where reserved machines come from.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/capacity-blocks-mng.html (read 2026-11)
 */
function reservation({ shape, nodes: { capacityReservationId } }: EksPoolPlan) {
  if (capacityReservationId === undefined) return {};
  const isBlock = shape.capacityType === CapacityType.capacityBlock;
  return {
    capacityReservationSpecification: { capacityReservationTarget: { capacityReservationId } },
    ...(isBlock ? { instanceType: shape.instanceType, instanceMarketOptions: { marketType: "capacity-block" } } : {}),
  };
}
