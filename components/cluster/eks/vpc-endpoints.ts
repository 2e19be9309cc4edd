import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { tagsOf, type VpcScope } from "./vpc-scope";

/** Creates the way to S3 inside the VPC: images, datasets and checkpoints then pass by no gateway that costs by the GB. */
export function createS3Endpoint(scope: VpcScope, routeTableIds: pulumi.Output<string>[]): aws.ec2.VpcEndpoint {
  const { name, parent, vpcId } = scope;
  return new aws.ec2.VpcEndpoint(
    `${name}-s3`,
    {
      vpcId,
      serviceName: serviceName(scope, "s3"),
      vpcEndpointType: "Gateway",
      routeTableIds,
      tags: tagsOf(scope, `${name}-s3`),
    },
    { parent },
  );
}

/** Creates addresses of AWS services inside the VPC, in place of their public ones. */
export function createInterfaceEndpoints(
  scope: VpcScope,
  services: string[],
  subnetIds: pulumi.Output<string>[],
): aws.ec2.VpcEndpoint[] {
  if (services.length === 0) return [];
  const { name, parent, vpcId } = scope;
  const securityGroup = new aws.ec2.SecurityGroup(
    `${name}-endpoints`,
    {
      vpcId,
      description: "HTTPS from the VPC to AWS services",
      ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: [scope.cidr], description: "HTTPS" }],
      tags: tagsOf(scope, `${name}-endpoints`),
    },
    { parent },
  );
  return services.map((service) => {
    const endpointName = `${name}-${service.replaceAll(".", "-")}`;
    return new aws.ec2.VpcEndpoint(
      endpointName,
      {
        vpcId,
        serviceName: serviceName(scope, service),
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds,
        securityGroupIds: [securityGroup.id],
        tags: tagsOf(scope, endpointName),
      },
      { parent },
    );
  });
}

/** @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html (read 2026-08) */
function serviceName({ region }: VpcScope, service: string): string {
  return `com.amazonaws.${region}.${service}`;
}
