import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { StandInStack, type StateResource } from "../../support/stand-ins";

/** A small platform of every kind of resource that the stand-ins tell apart. */
const platform = ({
  cidrBlock = "10.0.0.0/16",
  team = "ml",
  imageId = "ami-1",
  nodeGroup = "",
  further = "",
}: Partial<Record<"cidrBlock" | "team" | "imageId" | "nodeGroup" | "further", string>> = {}) => `
const tags = { team: ${JSON.stringify(team)} };
const vpc = new aws.ec2.Vpc("net", { cidrBlock: ${JSON.stringify(cidrBlock)}, tags });
const subnetIds = ["a", "b"].map((zone, index) => new aws.ec2.Subnet("net-" + zone, {
  vpcId: vpc.id, cidrBlock: "10.0." + index + ".0/24", availabilityZone: "us-east-1" + zone }).id);
const role = new aws.iam.Role("nodes", { assumeRolePolicy: "{}" });
const bucket = new aws.s3.Bucket("artifacts", { tags });
const cluster = new eks.Cluster("ml", {
  name: "ml", version: "1.35", vpcId: vpc.id, subnetIds, authenticationMode: "API",
  skipDefaultNodeGroup: true, skipDefaultSecurityGroups: true, useDefaultVpcCni: true,
  kubeProxyAddonOptions: { enabled: false }, corednsAddonOptions: { enabled: false },
  accessEntries: { admin: { principalArn: role.arn } } });
const template = new aws.ec2.LaunchTemplate("gpu", { imageId: ${JSON.stringify(imageId)} });
const nodeGroup = new aws.eks.NodeGroup("gpu", {
  clusterName: cluster.eksCluster.name, nodeRoleArn: role.arn, subnetIds,
  scalingConfig: { minSize: 0, maxSize: 4, desiredSize: 0 }, instanceTypes: ["g5.xlarge"],
  launchTemplate: { id: template.id, version: template.latestVersion.apply(String) }, ${nodeGroup} });
const provider = new k8s.Provider("k8s", { kubeconfig: pulumi.secret(cluster.kubeconfigJson) });
const release = new k8s.helm.v3.Release("karpenter", {
  chart: "karpenter", version: "1.14.1", namespace: "kube-system", values: { replicas: 2 } }, { provider, dependsOn: nodeGroup });
const web = new k8s.apps.v1.Deployment("web", { spec: {
  selector: { matchLabels: { app: "web" } },
  template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "web", image: "nginx:1.27" }] } } } },
  { provider, dependsOn: nodeGroup });
const pool = new k8s.apiextensions.CustomResource("pool", {
  apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "gpu" }, spec: { limits: { cpu: 8 } } },
  { provider, dependsOn: release });
${further}
exports.group = nodeGroup.resources[0].autoscalingGroups[0].name;
exports.kubeconfig = cluster.kubeconfig;
exports.securityGroup = cluster.clusterSecurityGroupId;
exports.webName = web.metadata.name;
`;

const everything = [
  "aws:ec2/launchTemplate:LaunchTemplate gpu",
  "aws:ec2/subnet:Subnet net-a",
  "aws:ec2/subnet:Subnet net-b",
  "aws:ec2/vpc:Vpc net",
  "aws:eks/accessEntry:AccessEntry ml-admin",
  "aws:eks/cluster:Cluster ml-eksCluster",
  "aws:eks/nodeGroup:NodeGroup gpu",
  "aws:iam/role:Role ml-eksRole-role",
  "aws:iam/role:Role nodes",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment ml-eksRole-4b490823",
  "aws:s3/bucket:Bucket artifacts",
  "eks:index:Cluster ml",
  "eks:index:ServiceRole ml-eksRole",
  "kubernetes:apps/v1:Deployment web",
  "kubernetes:helm.sh/v3:Release karpenter",
  "kubernetes:karpenter.sh/v1:NodePool pool",
];

let stack: StandInStack;

/** Resources as `type name`, without the stack and the providers. */
function graphOf(resources: StateResource[]): string[] {
  return resources
    .filter(({ type }) => !type.startsWith("pulumi:"))
    .map(({ type, urn }) => `${type} ${urn.split("::").at(-1)!}`)
    .sort();
}

async function operations(): Promise<string[]> {
  return (await stack.journal()).map(({ operation, name }) => `${operation} ${name}`);
}

beforeAll(async () => {
  stack = await StandInStack.ofProgram(platform());
});

afterAll(() => stack.remove());

describe("an AWS environment lives through the real engine", { timeout: 240_000 }, () => {
  test("a preview shows all of it and does nothing", async () => {
    const { code, output } = await stack.preview();

    expect(output).toContain("+ 19 to create");
    expect(code).toBe(0);
    expect(await stack.resources()).toEqual([]);
    expect(await operations()).toEqual([]);
  });

  test("an update brings it up", async () => {
    const { code, output } = await stack.up();

    expect(output).toContain("+ 19 created");
    expect(code).toBe(0);
    expect(graphOf(await stack.resources())).toEqual(everything);
  });

  test("its outputs are what the parts yield", async () => {
    expect(await stack.outputs()).toEqual({
      group: expect.stringMatching(/^eks-gpu-[0-9a-f]{7}-[0-9a-f-]{36}$/) as string,
      kubeconfig: expect.objectContaining({ "current-context": "aws" }) as object,
      securityGroup: expect.stringMatching(/^sg-[0-9a-f]{17}$/) as string,
      webName: expect.stringMatching(/^web-[0-9a-f]{8}$/) as string,
    });
  });

  test("what comes from a secret stays secret in the state", async () => {
    const provider = (await stack.resources()).find(({ urn }) => urn.endsWith("pulumi:providers:kubernetes::k8s"));

    expect(provider?.inputs?.["kubeconfig"]).toMatchObject({ ciphertext: expect.any(String) as string });
  });

  test("a second update changes nothing, and so does a look at what is there", async () => {
    const again = await stack.up("--expect-no-changes");
    const refresh = await stack.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");

    expect([again.code, refresh.code], again.output + refresh.output).toEqual([0, 0]);
  });

  test("a changed property updates what has it, and what follows from it", async () => {
    await operations();
    await stack.write(platform({ team: "vision", imageId: "ami-2" }));

    const { code, output } = await stack.up();

    expect(code, output).toBe(0);
    // The group follows, as the template has a new version.
    expect((await operations()).sort()).toEqual(["update artifacts", "update gpu", "update gpu", "update net"]);
  });

  test("a property that can not be changed replaces what has it, and what is in it", async () => {
    await stack.write(platform({ team: "vision", imageId: "ami-2", nodeGroup: 'amiType: "AL2023_x86_64_NVIDIA"' }));

    const { code, output } = await stack.up();

    expect(code, output).toBe(0);
    expect(await operations()).toEqual(["create gpu", "delete gpu"]);
  });

  test("a destroy takes it down from the top: workloads, nodes, cluster, network", async () => {
    const { code, output } = await stack.destroy();
    const order = await operations();
    const place = (name: string) => order.indexOf(`delete ${name}`);

    expect(code, output).toBe(0);
    expect(order).toHaveLength(14);
    expect(place("pool")).toBeLessThan(place("karpenter"));
    for (const workload of ["karpenter", "web"]) expect(place(workload)).toBeLessThan(place("gpu"));
    expect(place("gpu")).toBeLessThan(place("ml-eksCluster"));
    expect(place("ml-eksCluster")).toBeLessThan(place("ml-eksRole-4b490823"));
    expect(place("ml-eksCluster")).toBeLessThan(place("net-a"));
    expect(place("net-a")).toBeLessThan(place("net"));
    expect(await stack.resources()).toEqual([]);
  });
});

describe("whatever fails, a retry goes on from there", { timeout: 240_000 }, () => {
  test("where every tenth operation fails, updates end with the same resources", async () => {
    await stack.write(platform());
    stack.failEvery(10);
    const codes: (number | null)[] = [];
    let output = "";

    while (codes.at(-1) !== 0 && codes.length < everything.length) {
      const run = await stack.up();
      codes.push(run.code);
      output += run.output;
    }

    expect(codes.length).toBeGreaterThan(1);
    expect(codes.at(-1)).toBe(0);
    expect(output).toMatch(/error: .*stand-in fault: create of aws:\S+ \S+ was told to fail/);
    expect(graphOf(await stack.resources())).toEqual(everything);
  });

  test("where one resource can not be deleted, what it stands on stays until it can", async () => {
    stack.setFaults({ name: "net-a", operation: "delete", action: "fail" });
    const failed = await stack.destroy();
    const left = graphOf(await stack.resources());
    stack.setFaults();

    expect(failed.code).not.toBe(0);
    expect(left).toEqual(expect.arrayContaining(["aws:ec2/subnet:Subnet net-a", "aws:ec2/vpc:Vpc net"]));
    expect(left).not.toContain("aws:eks/cluster:Cluster ml-eksCluster");
    expect((await stack.destroy()).code).toBe(0);
    expect(await stack.resources()).toEqual([]);
  });

  test("where a creation never ends, an interrupted update can be taken up again", async () => {
    await stack.write(`
      const vpc = new aws.ec2.Vpc("net", {});
      new aws.ec2.Subnet("net-a", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });`);
    stack.setFaults({ name: "net-a", action: "hang" });
    await stack.journal();
    const interrupted = await stack.upInterruptedAfter("net");
    stack.setFaults();

    const again = await stack.up();

    expect(interrupted.code).not.toBe(0);
    expect(again.code, again.output).toBe(0);
    expect(await operations()).toEqual(["create net", "create net-a"]);
    expect((await stack.destroy()).code).toBe(0);
  });
});

test(
  "a provider's own settings reach every resource, the parts of the cluster as well",
  { timeout: 60_000 },
  async () => {
    await stack.write(`
    const provider = new aws.Provider("west", { region: "us-west-2", defaultTags: { tags: { stack: "test" } } });
    const vpc = new aws.ec2.Vpc("net", {}, { provider });
    new eks.Cluster("ml", { vpcId: vpc.id, subnetIds: [], authenticationMode: "API", skipDefaultNodeGroup: true }, {
      providers: { aws: provider } });`);

    const { code, output } = await stack.up();
    const made = (await stack.resources()).filter(({ outputs }) => outputs?.["tagsAll"] !== undefined);

    expect(code, output).toBe(0);
    expect(graphOf(made)).toEqual([
      "aws:ec2/securityGroup:SecurityGroup ml-eksClusterSecurityGroup",
      "aws:ec2/securityGroup:SecurityGroup ml-nodeSecurityGroup",
      "aws:ec2/vpc:Vpc net",
      "aws:eks/addon:Addon ml-kube-proxy",
      "aws:eks/addon:Addon ml-vpc-cni",
      "aws:eks/cluster:Cluster ml-eksCluster",
      "aws:iam/role:Role ml-eksRole-role",
    ]);
    for (const { outputs } of made) expect(outputs?.["tagsAll"]).toMatchObject({ stack: "test" });
    const cluster = made.find(({ type }) => type === "aws:eks/cluster:Cluster");
    expect(cluster?.outputs?.["arn"]).toMatch(
      /^arn:aws:eks:us-west-2:123456789012:cluster\/ml-eksCluster-[0-9a-f]{7}$/,
    );
    expect((await stack.destroy()).code).toBe(0);
  },
);

describe("mistakes are found in the preview", { timeout: 60_000 }, () => {
  test.each<[string, string, string[]]>([
    [
      "a property that AWS does not have, and a value that it does not take",
      `new aws.ec2.SecurityGroup("gpu", { tags: { size: 3 }, ingress: [
         { protocol: "tcp", fromPort: 80, toPort: 80, cidrBlock: "10.0.0.0/16" }] });`,
      [
        'tags["size"] is a number; allowed: a string (@pulumi/aws 7.48.0). Mend the value.',
        "ingress[0].cidrBlock is not a property of @pulumi/aws 7.48.0; allowed: cidrBlocks, description,",
        "Remove it, or write cidrBlocks.",
      ],
    ],
    [
      "a type that AWS does not have",
      'new pulumi.CustomResource("aws:eks/nodeGroup:NodeGrop", "gpu", {}, { version: "7.48.0" });',
      [
        "aws:eks/nodeGroup:NodeGrop is no resource of @pulumi/aws 7.48.0. Mend the type, or use a version of the SDK that has it.",
      ],
    ],
    [
      "a field that Kubernetes does not have, though the kubeconfig is not known yet",
      `const role = new aws.iam.Role("nodes", { assumeRolePolicy: "{}" });
       const provider = new k8s.Provider("k8s", { kubeconfig: role.arn });
       new k8s.core.v1.Pod("web", { spec: { container: [] } }, { provider });`,
      [
        "spec.container is not a property of @pulumi/kubernetes 4.25.0; allowed: ",
        "Remove it, or write containers.",
        "spec.containers is missing; allowed: a value, which @pulumi/kubernetes 4.25.0 requires. Add it.",
      ],
    ],
    [
      "what eks.Cluster does not take, and what its stand-in does not build",
      'new eks.Cluster("ml", { vpcId: "vpc-1", subnetIds: "subnet-1", authenticationMode: "API" });',
      [
        "subnetIds is a string; allowed: a list (@pulumi/eks 4.3.0). Mend the value.",
        "skipDefaultNodeGroup is not true; allowed: true, as the stand-in makes no node groups. Set it, and make node groups.",
      ],
    ],
  ])("%s", async (_, program, messages) => {
    await stack.write(program);

    const { code, output } = await stack.preview();

    expect(code).not.toBe(0);
    for (const message of messages) expect(output).toContain(message);
  });
});
