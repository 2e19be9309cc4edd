import { describe, expect, test } from "vitest";
import { IDENTITIES } from "../../../rehearsal/stand-ins/aws/identities";
import { REPLACEMENTS } from "../../../rehearsal/stand-ins/aws/replacements";
import { AwsStandIn } from "../../../rehearsal/stand-ins/aws/stand-in";
import { differences } from "../../../rehearsal/stand-ins/differences";
import type { Fields, ResourceShape } from "../../../rehearsal/stand-ins/resource-shape";
import { sdkPackage } from "../../../rehearsal/stand-ins/sdk-package";
import { ShapeStore } from "../../../rehearsal/stand-ins/shape-store";
import type { Plan } from "../../../rehearsal/stand-ins/stand-in";
import { type Properties, UNKNOWN } from "../../../rehearsal/stand-ins/values";

function standIn(configuration: Properties = { region: "us-east-1" }): AwsStandIn {
  const aws = new AwsStandIn();
  aws.configure(configuration);
  return aws;
}

function planOf(token: string, inputs: Properties, preview = false): Plan {
  const name = "it";
  const resource = { urn: `urn:pulumi:dev::mlstack::${token}::${name}`, token, name };
  return { ...resource, inputs: standIn().check(resource, undefined, inputs).inputs, preview };
}

function made(token: string, inputs: Properties): Properties {
  const { id, outputs } = standIn().create(planOf(token, inputs));
  return { ...outputs, id };
}

const hex = "[0-9a-f]{17}";

describe("ids, ARNs and telling outputs have the form that AWS gives them", () => {
  test.each<[string, Properties, Record<string, string>]>([
    [
      "aws:ec2/vpc:Vpc",
      { cidrBlock: "10.0.0.0/16" },
      { id: `vpc-${hex}`, arn: `arn:aws:ec2:us-east-1:123456789012:vpc/vpc-${hex}`, ownerId: "123456789012" },
    ],
    [
      "aws:ec2/subnet:Subnet",
      { availabilityZone: "us-east-1b" },
      { id: `subnet-${hex}`, availabilityZoneId: "use1-az2" },
    ],
    [
      "aws:iam/role:Role",
      { name: "nodes", assumeRolePolicy: "{}" },
      { id: "nodes", arn: "arn:aws:iam::123456789012:role/nodes" },
    ],
    [
      "aws:iam/role:Role",
      { name: "nodes", path: "/ml/", assumeRolePolicy: "{}" },
      { arn: "arn:aws:iam::123456789012:role/ml/nodes" },
    ],
    ["aws:iam/policy:Policy", { name: "read", policy: "{}" }, { id: "arn:aws:iam::123456789012:policy/read" }],
    [
      "aws:s3/bucket:Bucket",
      { bucket: "artifacts" },
      {
        id: "artifacts",
        arn: "arn:aws:s3:::artifacts",
        bucketRegionalDomainName: "artifacts\\.s3\\.us-east-1\\.amazonaws\\.com",
      },
    ],
    [
      "aws:cloudwatch/eventTarget:EventTarget",
      { rule: "spot", arn: "arn:aws:sqs:us-east-1:123456789012:queue" },
      { id: "spot-targetId-[0-9a-f]{8}", arn: "arn:aws:sqs:us-east-1:123456789012:queue" },
    ],
    ["aws:s3/bucketVersioning:BucketVersioning", { bucket: "artifacts" }, { id: "artifacts" }],
    [
      "aws:sqs/queue:Queue",
      { name: "interruptions" },
      {
        id: "https://sqs\\.us-east-1\\.amazonaws\\.com/123456789012/interruptions",
        url: "https://sqs\\..*/interruptions",
        arn: "arn:aws:sqs:us-east-1:123456789012:interruptions",
      },
    ],
    ["aws:kms/key:Key", {}, { id: "[0-9a-f-]{36}", arn: "arn:aws:kms:us-east-1:123456789012:key/[0-9a-f-]{36}" }],
    [
      "aws:efs/fileSystem:FileSystem",
      {},
      { id: `fs-${hex}`, dnsName: `fs-${hex}\\.efs\\.us-east-1\\.amazonaws\\.com` },
    ],
    [
      "aws:eks/cluster:Cluster",
      { name: "ml", roleArn: "arn", vpcConfig: { subnetIds: [] } },
      {
        id: "ml",
        arn: "arn:aws:eks:us-east-1:123456789012:cluster/ml",
        endpoint: "https://[0-9A-F]{32}\\.gr7\\.us-east-1\\.eks\\.amazonaws\\.com",
      },
    ],
    [
      "aws:cloudwatch/logGroup:LogGroup",
      { name: "/ml" },
      { id: "/ml", arn: "arn:aws:logs:us-east-1:123456789012:log-group:/ml" },
    ],
    ["aws:dynamodb/table:Table", { name: "locks" }, { arn: "arn:aws:dynamodb:us-east-1:123456789012:table/.+" }],
  ])("%s %o", (token, inputs, expected) => {
    const outputs = made(token, inputs);

    for (const [name, form] of Object.entries(expected)) expect(outputs[name]).toMatch(new RegExp(`^${form}$`));
  });

  test("inside objects, where other resources look for them", () => {
    const cluster = made("aws:eks/cluster:Cluster", {
      name: "ml",
      roleArn: "arn",
      vpcConfig: { subnetIds: ["subnet-1"] },
    });
    const group = made("aws:eks/nodeGroup:NodeGroup", {
      clusterName: "ml",
      nodeGroupName: "gpu",
      nodeRoleArn: "arn",
      subnetIds: [],
    });

    expect(cluster).toMatchObject({
      certificateAuthority: { data: expect.any(String) as string },
      identities: [{ oidcs: [{ issuer: expect.stringMatching(/^https:\/\/oidc\.eks\.us-east-1/) as string }] }],
      vpcConfig: { subnetIds: ["subnet-1"], clusterSecurityGroupId: expect.stringMatching(/^sg-/) as string },
    });
    expect(group).toMatchObject({
      resources: [{ autoscalingGroups: [{ name: expect.stringMatching(/^eks-gpu-/) as string }] }],
    });
  });

  test.each([
    ["cn-north-1", "arn:aws-cn:iam::123456789012:role/nodes"],
    ["us-gov-west-1", "arn:aws-us-gov:iam::123456789012:role/nodes"],
  ])("in the partition of %s", (region, arn) => {
    const { outputs } = standIn({ region }).create(
      planOf("aws:iam/role:Role", { name: "nodes", assumeRolePolicy: "{}" }),
    );

    expect(outputs["arn"]).toBe(arn);
  });
});

describe("what is made up", () => {
  const vpc = "aws:ec2/vpc:Vpc";

  test("is the same in every run", () => {
    expect(made(vpc, { cidrBlock: "10.0.0.0/16" })).toEqual(made(vpc, { cidrBlock: "10.0.0.0/16" }));
  });

  test("is another for a resource that replaces the first", () => {
    expect(made(vpc, { cidrBlock: "10.1.0.0/16" })["id"]).not.toBe(made(vpc, { cidrBlock: "10.0.0.0/16" })["id"]);
  });

  test("stays through an update, but for versions, which go up", () => {
    const token = "aws:ec2/launchTemplate:LaunchTemplate";
    const { id, outputs } = standIn().create(planOf(token, { imageId: "ami-1" }));

    const updated = standIn().update(planOf(token, { imageId: "ami-2" }), id, outputs);

    expect(updated).toEqual({ ...outputs, imageId: "ami-2", latestVersion: 2, defaultVersion: 2 });
  });

  test("is unknown in a preview; names, region and tags are not", () => {
    const plan = planOf("aws:iam/role:Role", { assumeRolePolicy: "{}", tags: { team: "ml" } }, true);
    const { outputs } = standIn({ region: "us-east-1", defaultTags: '{"tags":{"stack":"dev"}}' }).create(plan);

    expect(outputs).toMatchObject({
      name: expect.stringMatching(/^it-[0-9a-f]{7}$/) as string,
      tagsAll: { stack: "dev", team: "ml" },
      arn: UNKNOWN,
    });
  });

  test("is a name where none was given, and keeps the one that there is", () => {
    const resource = planOf("aws:s3/bucket:Bucket", {});

    expect(resource.inputs["bucket"]).toMatch(/^it-[0-9a-f]{7}$/);
    expect(standIn().check(resource, { bucket: "before" }, {}).inputs).toEqual({ bucket: "before" });
  });
});

describe("a change", () => {
  function effectOf(token: string, olds: Properties, news: Properties) {
    const { replaces, deletesFirst } = standIn().effect(planOf(token, {}), olds, news);
    return { replaces: differences(olds, news).some(replaces), deletesFirst };
  }

  test.each<[string, string, Properties, Properties, boolean]>([
    ["of a subnet's range replaces it", "aws:ec2/subnet:Subnet", { cidrBlock: "a" }, { cidrBlock: "b" }, true],
    ["of tags replaces nothing", "aws:ec2/subnet:Subnet", { tags: { a: "1" } }, { tags: { a: "2" } }, false],
    [
      "of tags replaces nothing where all else does",
      "aws:ec2/flowLog:FlowLog",
      { tags: { a: "1" } },
      { tags: {} },
      false,
    ],
    [
      "of a template's id replaces a node group",
      "aws:eks/nodeGroup:NodeGroup",
      { launchTemplate: { id: "a", version: "1" } },
      { launchTemplate: { id: "b", version: "1" } },
      true,
    ],
    [
      "of a template's version updates a node group",
      "aws:eks/nodeGroup:NodeGroup",
      { launchTemplate: { id: "a", version: "1" } },
      { launchTemplate: { id: "a", version: "2" } },
      false,
    ],
    [
      "that the documentation calls a replacement is one",
      "aws:s3/filesFileSystem:FilesFileSystem",
      { bucket: "a" },
      { bucket: "b" },
      true,
    ],
    [
      "that the documentation calls a replacement in some cases is none",
      "aws:ec2/vpcEndpoint:VpcEndpoint",
      { privateDnsEnabled: true },
      { privateDnsEnabled: false },
      false,
    ],
    ["of the region replaces anything", "aws:sqs/queue:Queue", { region: "us-east-1" }, { region: "us-east-2" }, true],
  ])("%s", (_, token, olds, news, replaces) => {
    expect(effectOf(token, olds, news).replaces).toBe(replaces);
  });

  test("deletes first what has a fixed name, as two of that name can not be", () => {
    const [olds, news] = [
      { name: "gpu", vpcId: "vpc-1" },
      { name: "gpu", vpcId: "vpc-2" },
    ];

    expect(effectOf("aws:ec2/securityGroup:SecurityGroup", olds, news)).toEqual({ replaces: true, deletesFirst: true });
  });

  test("creates first what has a name that was made up", () => {
    const { name } = planOf("aws:ec2/securityGroup:SecurityGroup", {}).inputs;

    expect(effectOf("aws:ec2/securityGroup:SecurityGroup", { name, vpcId: "vpc-1" }, { name, vpcId: "vpc-2" })).toEqual(
      { replaces: true, deletesFirst: false },
    );
  });
});

describe("the configuration of the provider", () => {
  test("must have a region", () => {
    expect(
      standIn()
        .checkConfig({ version: "7.48.0" })
        .faults.map(({ reason }) => reason),
    ).toEqual([
      "region is missing; allowed: a region such as us-east-1. Set aws:region, or the region of the provider.",
    ]);
  });

  test("is checked against the SDK, structured values inside their text", () => {
    const { faults } = standIn().checkConfig({ region: "us-east-1", defaultTags: '{"tagz":{}}', profil: "me" });

    expect(faults.map(({ property }) => property)).toEqual(["defaultTags.tagz", "profil"]);
  });
});

describe("functions", () => {
  test("that are known are answered for the region", () => {
    expect(standIn().invoke("aws:index/getAvailabilityZones:getAvailabilityZones", {})).toMatchObject({
      names: ["us-east-1a", "us-east-1b", "us-east-1c"],
    });
  });

  test("that are not known fail, with those that are", () => {
    expect(() => standIn().invoke("aws:ec2/getAmi:getAmi", {})).toThrow(
      "aws:ec2/getAmi:getAmi asks a real provider, and its stand-in has no answer; answered: aws:index/getAvailabilityZones:getAvailabilityZones, aws:index/getCallerIdentity:getCallerIdentity, aws:index/getPartition:getPartition, aws:index/getRegion:getRegion, aws:eks/getAddonVersion:getAddonVersion. Take the value from a resource or from the configuration instead.",
    );
  });
});

test("an unknown type fails, with the version of the SDK", () => {
  const { version } = sdkPackage("aws");

  expect(() => planOf("aws:eks/nodeGroup:NodeGrop", {})).toThrow(
    `aws:eks/nodeGroup:NodeGrop is no resource of @pulumi/aws ${version}. Mend the type, or use a version of the SDK that has it.`,
  );
});

describe("the tables name what the SDK has", () => {
  const store = new ShapeStore(sdkPackage("aws"));

  function shapeOf(token: string): ResourceShape {
    const shape = store.shapeOf(token);
    if (typeof shape !== "object") throw new Error(`${token} is no resource`);
    return shape;
  }

  /** Whether a dotted path leads to a field; `*` stands for the items of a list. */
  function leads(fields: Fields, objects: Record<string, Fields>, path: string): boolean {
    const [name = "", ...rest] = path.split(".").filter((segment) => segment !== "*");
    const type = fields[name]?.type;
    if (type === undefined || rest.length === 0) return type !== undefined;
    const inner = type.kind === "list" ? type.items : type;
    return inner.kind === "object" && leads(objects[inner.object] ?? {}, objects, rest.join("."));
  }

  test.each(Object.entries(REPLACEMENTS))("replacements of %s", (token, paths) => {
    const { inputs, objects } = shapeOf(token);

    expect(paths.filter((path) => path !== "*" && !leads(inputs, objects, path))).toEqual([]);
  });

  test.each(Object.entries(IDENTITIES))("outputs of %s", (token, { values = {}, versions = [] }) => {
    const { outputs, objects } = shapeOf(token);

    expect([...Object.keys(values), ...versions].filter((path) => !leads(outputs, objects, path))).toEqual([]);
  });
});
