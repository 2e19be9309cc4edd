import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { parseIpv4Block, zoneBlocks } from "./subnets";
import { NatGateways } from "./vpc-args";
import { tagsOf, type VpcScope } from "./vpc-scope";

/** A subnet with a route table of its own, so that zones can part ways later without a replacement. */
export interface RoutedSubnet {
  /** Name of the subnet among the resources. */
  name: string;
  availabilityZone: string;
  subnet: aws.ec2.Subnet;
  routeTable: aws.ec2.RouteTable;
  /** What must be there as long as anything in the subnet talks to the outside. */
  ways: pulumi.CustomResource[];
}

/** Creates the public subnets, one per zone, with their way to the internet. */
export function createPublicSubnets(scope: VpcScope, zones: string[]): RoutedSubnet[] {
  const { name, parent, vpcId } = scope;
  const gateway = new aws.ec2.InternetGateway(
    `${name}-internet-gateway`,
    { vpcId, tags: tagsOf(scope, `${name}-internet-gateway`) },
    { parent },
  );
  const tags = { "kubernetes.io/role/elb": "1", ...clusterTag(scope) };
  return zones.map((zone) => {
    const { publicBlock } = zoneBlocks(parseIpv4Block(scope.cidr)!, zone);
    const subnet = createSubnet(scope, "public", zone, publicBlock, tags);
    return withDefaultRoute(scope, subnet, { gatewayId: gateway.id });
  });
}

/**
 * Creates NAT gateways in the public subnets.
 *
 * AWS does not let an internet gateway go while a public address is mapped through it, so gateways and addresses depend
 * on the way out.
 */
export function createNatGateways(scope: VpcScope, count: NatGateways, places: RoutedSubnet[]): aws.ec2.NatGateway[] {
  const { name, parent } = scope;
  return places.slice(0, count === NatGateways.one ? 1 : places.length).map(({ availabilityZone, subnet, ways }) => {
    const natName = `${name}-nat-${availabilityZone.at(-1)}`;
    const address = new aws.ec2.Eip(
      `${natName}-address`,
      { domain: "vpc", tags: tagsOf(scope, `${natName}-address`) },
      { parent, dependsOn: ways },
    );
    return new aws.ec2.NatGateway(
      natName,
      { subnetId: subnet.id, allocationId: address.id, tags: tagsOf(scope, natName) },
      { parent, dependsOn: ways },
    );
  });
}

/** Creates the private subnets, one per zone, with their way through the NAT gateway of the zone, or the only one. */
export function createPrivateSubnets(scope: VpcScope, zones: string[], nats: aws.ec2.NatGateway[]): RoutedSubnet[] {
  const { clusterName } = scope;
  const discovery = clusterName === undefined ? {} : { "karpenter.sh/discovery": clusterName };
  const tags = { "kubernetes.io/role/internal-elb": "1", ...discovery, ...clusterTag(scope) };
  return zones.map((zone, index) => {
    const { privateBlock } = zoneBlocks(parseIpv4Block(scope.cidr)!, zone);
    const subnet = createSubnet(scope, "private", zone, privateBlock, tags);
    const nat = nats[index] ?? nats[0];
    return nat === undefined ? subnet : withDefaultRoute(scope, subnet, { natGatewayId: nat.id });
  });
}

/** The id of a subnet, known once it is connected, so that what uses the id comes later and goes earlier. */
export function connectedSubnetId(
  { subnet, ways }: RoutedSubnet,
  others: pulumi.CustomResource[],
): pulumi.Output<string> {
  const connections = pulumi.all([...ways, ...others].map(({ id }) => id));
  return pulumi.all([subnet.id, connections]).apply(([subnetId]) => subnetId);
}

/**
 * The tag by which load balancer controllers find the subnets of a cluster.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html "Subnet requirements and considerations"
 */
function clusterTag({ clusterName }: VpcScope): Record<string, string> {
  return clusterName === undefined ? {} : { [`kubernetes.io/cluster/${clusterName}`]: "shared" };
}

function createSubnet(
  scope: VpcScope,
  kind: string,
  availabilityZone: string,
  cidrBlock: string,
  tags: Record<string, string>,
): RoutedSubnet {
  const { parent, vpcId } = scope;
  const name = `${scope.name}-${kind}-${availabilityZone.at(-1)}`;
  const subnet = new aws.ec2.Subnet(
    name,
    { vpcId, availabilityZone, cidrBlock, mapPublicIpOnLaunch: false, tags: { ...tagsOf(scope, name), ...tags } },
    { parent },
  );
  const routeTable = new aws.ec2.RouteTable(
    `${name}-routes`,
    { vpcId, tags: tagsOf(scope, `${name}-routes`) },
    { parent },
  );
  const association = new aws.ec2.RouteTableAssociation(
    `${name}-association`,
    { subnetId: subnet.id, routeTableId: routeTable.id },
    { parent },
  );
  return { name, availabilityZone, subnet, routeTable, ways: [association] };
}

function withDefaultRoute(
  { parent }: VpcScope,
  routed: RoutedSubnet,
  target: Pick<aws.ec2.RouteArgs, "gatewayId" | "natGatewayId">,
): RoutedSubnet {
  const route = new aws.ec2.Route(
    `${routed.name}-internet`,
    { routeTableId: routed.routeTable.id, destinationCidrBlock: "0.0.0.0/0", ...target },
    { parent },
  );
  return { ...routed, ways: [...routed.ways, route] };
}
