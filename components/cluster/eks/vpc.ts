import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { NodeSubnet } from "../eks-facts";
import { NatGateways, networkOf, validateVpc, type VpcArgs } from "./vpc-args";
import { createInterfaceEndpoints, createS3Endpoint } from "./vpc-endpoints";
import { createFlowLogs } from "./vpc-flow-logs";
import { tagsOf } from "./vpc-scope";
import { connectedSubnetId, createNatGateways, createPrivateSubnets, createPublicSubnets } from "./vpc-subnets";

/**
 * A network for one EKS cluster: in each zone a large private subnet for nodes and pods, and a small public one for NAT
 * gateways and load balancers.
 *
 * Creates a VPC whose default security group lets nothing through; subnets with their route tables; an internet gateway
 * and NAT gateways; an endpoint for S3, and interface endpoints and flow logs where asked for.
 */
export class Vpc extends pulumi.ComponentResource {
  /** Id of the VPC. */
  public readonly vpcId: pulumi.Output<string>;
  /** The private subnets. Their ids are known once nodes in them can reach AWS. */
  public readonly subnets: NodeSubnet[];
  /** Ids of the public subnets, known once they are connected; none without NAT gateways. */
  public readonly publicSubnetIds: pulumi.Output<string[]>;
  /** Addresses that nodes come from on the internet, for allow-lists; none without NAT gateways. */
  public readonly natAddresses: pulumi.Output<string[]>;

  /**
   * @throws pulumi.InputPropertiesError when the region is unknown, the block is none or of another size than /16 to
   * /20, the zones are not 2 to 6 of the region, an endpoint or retention period does not exist, or nodes would reach
   * neither the internet nor the endpoints that they need.
   */
  constructor(name: string, args: VpcArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlstack:index:Vpc", name, checkedInputs("Vpc", name, args, validateVpc(name, args)), opts);

    const { cidr, availabilityZones, natGateways, interfaceEndpoints, flowLogs } = networkOf(args.region, args);
    const tags = args.tags ?? {};
    const vpc = new aws.ec2.Vpc(
      `${name}-vpc`,
      {
        cidrBlock: cidr,
        enableDnsSupport: true,
        enableDnsHostnames: true,
        tags: tagsOf({ tags }, `${name}-vpc`),
      },
      { parent: this },
    );
    const { region, clusterName } = args;
    const scope = { name, parent: this, region, cidr, vpcId: vpc.id, clusterName, tags };
    new aws.ec2.DefaultSecurityGroup(
      `${name}-default-security-group`,
      { vpcId: vpc.id, ingress: [], egress: [], tags: tagsOf(scope, `${name}-default-security-group`) },
      { parent: this },
    );

    const publicSubnets = natGateways === NatGateways.none ? [] : createPublicSubnets(scope, availabilityZones);
    const nats = createNatGateways(scope, natGateways, publicSubnets);
    const privateSubnets = createPrivateSubnets(scope, availabilityZones, nats);
    const routeTableIds = [...privateSubnets, ...publicSubnets].map(({ routeTable }) => routeTable.id);
    const subnetIds = privateSubnets.map(({ subnet }) => subnet.id);
    const endpoints = [
      createS3Endpoint(scope, routeTableIds),
      ...createInterfaceEndpoints(scope, interfaceEndpoints, subnetIds),
    ];
    if (flowLogs !== undefined) createFlowLogs(scope, flowLogs);

    this.vpcId = vpc.id;
    this.subnets = privateSubnets.map((each) => ({
      availabilityZone: each.availabilityZone,
      subnetId: connectedSubnetId(each, endpoints),
    }));
    this.publicSubnetIds = pulumi.all(publicSubnets.map((each) => connectedSubnetId(each, [])));
    this.natAddresses = pulumi.all(nats.map(({ publicIp }) => publicIp));
    this.registerOutputs({
      vpcId: this.vpcId,
      subnets: this.subnets,
      publicSubnetIds: this.publicSubnetIds,
      natAddresses: this.natAddresses,
    });
  }
}
