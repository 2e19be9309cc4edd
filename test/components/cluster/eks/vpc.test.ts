import * as aws from "@pulumi/aws";
import * as fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { ZONE_LETTERS } from "../../../../components/cluster/eks/subnets";
import { Vpc } from "../../../../components/cluster/eks/vpc";
import {
  NatGateways,
  PRIVATE_NODE_SERVICES,
  validateVpc,
  type VpcArgs,
} from "../../../../components/cluster/eks/vpc-args";
import { policyOf } from "../../../support/aws-rights";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const twoZones: VpcArgs = { region: "us-east-1", availabilityZones: ["us-east-1a", "us-east-1b"] };
const namesOf = async (type: string) =>
  (await program.resources()).filter((each) => each.type === type).map(({ name }) => name);

describe("Vpc", () => {
  it("creates in each zone a private and a public subnet, and one NAT gateway, by default", async () => {
    new Vpc("net", twoZones);
    const children = [
      "aws:ec2/vpc:Vpc net-vpc",
      "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup net-default-security-group",
      "aws:ec2/internetGateway:InternetGateway net-internet-gateway",
      ...["public-a", "public-b", "private-a", "private-b"].flatMap((subnet) => routed(`net-${subnet}`)),
      "aws:ec2/eip:Eip net-nat-a-address",
      "aws:ec2/natGateway:NatGateway net-nat-a",
      "aws:ec2/vpcEndpoint:VpcEndpoint net-s3",
    ].map((child) => `${child} < net`);
    expect(childList(await program.resources()).sort()).toEqual([...children, "mlstack:index:Vpc net"].sort());
  });

  it("takes the first three zones of the region by default", async () => {
    const vpc = new Vpc("net", { region: "ap-northeast-1" });
    expect(vpc.subnets.map(({ availabilityZone }) => availabilityZone)).toEqual([
      "ap-northeast-1a",
      "ap-northeast-1c",
      "ap-northeast-1d",
    ]);
    expect(await program.inputsOf("net-private-c")).toMatchObject({
      availabilityZone: "ap-northeast-1c",
      cidrBlock: "10.0.64.0/19",
      mapPublicIpOnLaunch: false,
    });
  });

  it("keeps the subnets of a zone where they are when other zones come and go", async () => {
    const lists = fc.subarray(ZONE_LETTERS, { minLength: 2 });
    const subnetsIn = async (letters: string[]) => {
      const { resources } = await startMocks();
      new Vpc("net", { region: "us-east-1", availabilityZones: letters.map((letter) => `us-east-1${letter}`) });
      const subnets = (await resources()).filter(({ type }) => type === "aws:ec2/subnet:Subnet");
      return Object.fromEntries(subnets.map(({ name, inputs }) => [name, inputs["cidrBlock"]]));
    };
    const all = await subnetsIn(ZONE_LETTERS);
    await fc.assert(
      fc.asyncProperty(lists, async (letters) => {
        const subnets = await subnetsIn(letters);
        expect(Object.keys(subnets)).toHaveLength(2 * letters.length);
        expect(all).toMatchObject(subnets);
      }),
      { numRuns: 10 },
    );
  });

  it("lets nothing through its default security group", async () => {
    new Vpc("net", twoZones);
    expect(await program.inputsOf("net-default-security-group")).toMatchObject({ ingress: [], egress: [] });
  });

  it.each([
    { natGateways: NatGateways.one, gateways: ["net-nat-a"], throughInB: "net-nat-a-id" },
    { natGateways: NatGateways.onePerZone, gateways: ["net-nat-a", "net-nat-b"], throughInB: "net-nat-b-id" },
  ])("sends the second zone through $throughInB with NAT gateways: $natGateways", async (row) => {
    const vpc = new Vpc("net", { ...twoZones, natGateways: row.natGateways });
    const route = await program.resource("net-private-b-internet");
    expect(route.inputs).toMatchObject({ natGatewayId: row.throughInB, destinationCidrBlock: "0.0.0.0/0" });
    expect(await namesOf("aws:ec2/natGateway:NatGateway")).toEqual(row.gateways);
    expect(await valueOf(vpc.natAddresses)).toEqual(row.gateways.map(() => "198.51.100.7"));
  });

  it("has no public subnets and no way to the internet without NAT gateways, but endpoints for what nodes need", async () => {
    const vpc = new Vpc("net", { ...twoZones, natGateways: NatGateways.none });
    expect(await namesOf("aws:ec2/subnet:Subnet")).toEqual(["net-private-a", "net-private-b"]);
    expect(await namesOf("aws:ec2/route:Route")).toEqual([]);
    expect(await namesOf("aws:ec2/internetGateway:InternetGateway")).toEqual([]);
    expect(await namesOf("aws:ec2/vpcEndpoint:VpcEndpoint")).toEqual([
      "net-s3",
      ...PRIVATE_NODE_SERVICES.map((service) => `net-${service.replace(".", "-")}`),
    ]);
    expect(await valueOf(vpc.publicSubnetIds)).toEqual([]);
  });

  it("reaches S3 from every subnet without leaving the VPC", async () => {
    new Vpc("net", twoZones);
    expect(await program.inputsOf("net-s3")).toMatchObject({
      serviceName: "com.amazonaws.us-east-1.s3",
      vpcEndpointType: "Gateway",
      routeTableIds: ["private-a", "private-b", "public-a", "public-b"].map((each) => `net-${each}-routes-id`),
    });
  });

  it("lets the VPC alone use its interface endpoints", async () => {
    new Vpc("net", { ...twoZones, interfaceEndpoints: ["ecr.api"] });
    expect(await program.inputsOf("net-ecr-api")).toMatchObject({
      serviceName: "com.amazonaws.us-east-1.ecr.api",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      securityGroupIds: ["net-endpoints-id"],
    });
    expect((await program.inputsOf("net-endpoints"))["ingress"]).toEqual([
      { protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/16"], description: "HTTPS" },
    ]);
  });

  it("keeps flow logs where asked for, with rights for their log group alone", async () => {
    new Vpc("net", { ...twoZones, flowLogs: { retentionDays: 30 } });
    expect((await program.inputsOf("net-flow-logs-group"))["retentionInDays"]).toBe(30);
    expect(await program.inputsOf("net-flow-logs")).toMatchObject({ trafficType: "ALL", vpcId: "net-vpc-id" });
    const [statement] = (await policyOf(program, "net-flow-logs-role-rights")).Statement;
    expect(statement?.["Resource"]).toEqual(["arn:aws:test:us-east-1:123456789012:net-flow-logs-group:*"]);
  });

  it("tags subnets for load balancers and for the cluster's node autoscaler, and everything for its cost", async () => {
    new Vpc("net", { ...twoZones, clusterName: "lab", tags: { team: "vision" } });
    const ofCluster = { team: "vision", "kubernetes.io/cluster/lab": "shared" };
    expect((await program.inputsOf("net-private-a"))["tags"]).toEqual({
      ...ofCluster,
      Name: "net-private-a",
      "kubernetes.io/role/internal-elb": "1",
      "karpenter.sh/discovery": "lab",
    });
    expect((await program.inputsOf("net-public-a"))["tags"]).toEqual({
      ...ofCluster,
      Name: "net-public-a",
      "kubernetes.io/role/elb": "1",
    });
    const untaggable = [
      "mlstack:index:Vpc",
      "aws:ec2/route:Route",
      "aws:ec2/routeTableAssociation:RouteTableAssociation",
    ];
    const taggable = (await program.resources()).filter(({ type }) => !untaggable.includes(type));
    for (const { name, inputs } of taggable) expect(inputs["tags"], name).toMatchObject({ team: "vision", Name: name });
  });

  it("keeps every way to the outside as long as something uses a subnet", async () => {
    const vpc = new Vpc("net", twoZones);
    new aws.ec2.NetworkInterface("user", { subnetId: vpc.subnets[1]!.subnetId });
    expect((await program.resource("user")).dependsOn).toEqual([
      "net-private-b",
      "net-private-b-association",
      "net-private-b-internet",
      "net-s3",
    ]);
    expect((await program.resource("net-nat-a")).dependsOn).toEqual([
      "net-nat-a-address",
      "net-public-a",
      "net-public-a-association",
      "net-public-a-internet",
    ]);
    expect((await program.resource("net-nat-a-address")).dependsOn).toEqual([
      "net-public-a-association",
      "net-public-a-internet",
    ]);
  });

  it("uses the provider that it is given for every child", async () => {
    const provider = new aws.Provider("account", { region: "us-east-1" });
    new Vpc("net", twoZones, { providers: [provider] });
    const children = (await program.resources()).filter(({ parent }) => parent === "net");
    expect(new Set(children.map((child) => child.provider))).toEqual(new Set(["account"]));
  });

  it("plans the same in a preview, before any id is known", async () => {
    program = await startMocks({ preview: true });
    const vpc = new Vpc("net", { ...twoZones, flowLogs: {} });
    expect(await namesOf("aws:ec2/subnet:Subnet")).toHaveLength(4);
    expect(await isKnown(vpc.vpcId)).toBe(false);
    expect((await program.inputsOf("net-flow-logs-group"))["retentionInDays"]).toBe(90);
  });

  it("lets two stand side by side", async () => {
    new Vpc("net", twoZones);
    new Vpc("other", twoZones);
    const names = (await program.resources()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe("Vpc: checks", () => {
  it("registers nothing when there is a problem", async () => {
    const { message } = problemsOf(() => new Vpc("net", { region: "us-east-1", cidr: "10.0.0.0/8" }));
    expect(message).toBe('Vpc "net": 1 invalid input');
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, VpcArgs]>([
    ["a region alone", { region: "eu-west-1" }],
    ["a region with two zones", { region: "us-west-1" }],
    ["a region in China", { region: "cn-north-1" }],
    ["everything", { ...twoZones, cidr: "172.16.16.0/20", natGateways: NatGateways.onePerZone, flowLogs: {} }],
    ["more endpoints than nodes need", endpoints([...PRIVATE_NODE_SERVICES, "ssmmessages"])],
  ])("accepts %s", (_given, args) => {
    expect(validateVpc("net", args)).toEqual([]);
  });

  it.each<[string, VpcArgs, string]>([
    [
      "a misspelt region",
      { region: "us-east1" },
      'region is "us-east1"; allowed: an AWS region with EKS and GPUs. Did you mean "us-east-1"?',
    ],
    [
      "a block that is none",
      { region: "us-east-1", cidr: "10.0.0.1/16" },
      'cidr is "10.0.0.1/16"; allowed: an IPv4 block from /16 to /20, such as 10.0.0.0/16. ' +
        "Pods take addresses too, so less than a /20 does not last; begin at the block's first address.",
    ],
    [
      "a block that does not last",
      { region: "us-east-1", cidr: "10.0.0.0/21" },
      'cidr is "10.0.0.0/21"; allowed: an IPv4 block from /16 to /20, such as 10.0.0.0/16. ' +
        "Pods take addresses too, so less than a /20 does not last; begin at the block's first address.",
    ],
    [
      "a single zone",
      { region: "us-east-1", availabilityZones: ["us-east-1a"] },
      'availabilityZones is ["us-east-1a"]; allowed: 2 to 6 different zones of us-east-1, from us-east-1a to us-east-1f. ' +
        "EKS wants its subnets in at least two zones; name each once.",
    ],
    [
      "a zone that no region has",
      { region: "us-east-1", availabilityZones: ["us-east-1a", "us-east-1g"] },
      'availabilityZones is ["us-east-1a","us-east-1g"]; ' +
        "allowed: 2 to 6 different zones of us-east-1, from us-east-1a to us-east-1f. " +
        "EKS wants its subnets in at least two zones; name each once.",
    ],
    [
      "a zone of another region",
      { region: "us-east-1", availabilityZones: ["us-east-1a", "us-east-2b"] },
      'availabilityZones is ["us-east-1a","us-east-2b"]; ' +
        "allowed: 2 to 6 different zones of us-east-1, from us-east-1a to us-east-1f. " +
        "EKS wants its subnets in at least two zones; name each once.",
    ],
    [
      "a zone that is listed twice",
      { region: "us-east-1", availabilityZones: ["us-east-1a", "us-east-1a"] },
      'availabilityZones is ["us-east-1a","us-east-1a"]; ' +
        "allowed: 2 to 6 different zones of us-east-1, from us-east-1a to us-east-1f. " +
        "EKS wants its subnets in at least two zones; name each once.",
    ],
    [
      "another number of NAT gateways",
      { region: "us-east-1", natGateways: "two" as NatGateways },
      'natGateways is "two"; allowed: one, one-per-zone, none. Set natGateways to one of these.',
    ],
    [
      "endpoints without what nodes need, where there is no other way",
      endpoints(PRIVATE_NODE_SERVICES.filter((service) => service !== "sts" && service !== "ecr.dkr")),
      'interfaceEndpoints is ["autoscaling","ec2","ecr.api","eks","eks-auth","elasticloadbalancing","logs","sqs","ssm"]; ' +
        "allowed: at least what nodes need. Without a NAT gateway nodes reach these only so: add ecr.dkr, sts.",
    ],
    [
      "an endpoint for S3, which is always there, and one that is misspelt",
      { region: "us-east-1", interfaceEndpoints: ["s3", "ECR"] },
      'interfaceEndpoints is ["s3","ECR"]; ' +
        "allowed: names of AWS services such as ecr.api, each once and without s3. Correct or remove these.",
    ],
    [
      "interface endpoints in China",
      { region: "cn-north-1", interfaceEndpoints: ["sts"] },
      'interfaceEndpoints is ["sts"]; allowed: none in cn-north-1. ' +
        "Endpoints of this partition do not follow one scheme of names; use a NAT gateway, or bring a VPC.",
    ],
    [
      "a retention period that there is not",
      { region: "us-east-1", flowLogs: { retentionDays: 10 } },
      "flowLogs.retentionDays is 10; allowed: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, " +
        "1827, 2192, 2557, 2922, 3288, 3653. Set flowLogs.retentionDays to one of these, such as 14.",
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateVpc("net", args).map((problem) => problem.reason)).toEqual([reason]);
  });
});

function endpoints(interfaceEndpoints: string[]): VpcArgs {
  return { ...twoZones, natGateways: NatGateways.none, interfaceEndpoints };
}

function routed(name: string): string[] {
  return [
    `aws:ec2/subnet:Subnet ${name}`,
    `aws:ec2/routeTable:RouteTable ${name}-routes`,
    `aws:ec2/routeTableAssociation:RouteTableAssociation ${name}-association`,
    `aws:ec2/route:Route ${name}-internet`,
  ];
}
