import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { Cluster, ClusterKind } from "../../../../components/cluster/cluster";
import { EksAccessPolicy, type EksClusterArgs } from "../../../../components/cluster/eks/eks-cluster-args";
import { NatGateways } from "../../../../components/cluster/eks/vpc-args";
import { policyOf } from "../../../support/aws-rights";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const existingVpc = {
  vpcId: "vpc-1",
  subnets: ["a", "b"].map((zone) => ({ availabilityZone: `us-east-1${zone}`, subnetId: `subnet-${zone}` })),
};
const kmsKeyArn = "arn:aws:kms:us-east-1:123456789012:key/lab";
const operators = "arn:aws:iam::123456789012:role/operators";
const admin = "lab-admin-operators-74b2d720";

const clusterOf = (eks: Partial<EksClusterArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1", existingVpc, ...eks } }, opts);

describe("Cluster on EKS", () => {
  it("creates the control plane and what nodes need to start, but no node", async () => {
    clusterOf();
    const cluster = "mlstack:index:Cluster lab";
    const children = [
      "aws:iam/role:Role lab-node",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment lab-node-policy-0",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment lab-node-policy-1",
      "aws:kms/key:Key lab-key",
      "aws:kms/alias:Alias lab-key-alias",
      "aws:cloudwatch/logGroup:LogGroup lab-logs",
      "eks:index:Cluster lab-control-plane",
      "aws:eks/accessEntry:AccessEntry lab-nodes-access",
      "aws:eks/addon:Addon lab-eks-pod-identity-agent",
      "aws:eks/addon:Addon lab-kube-proxy",
      "aws:eks/addon:Addon lab-vpc-cni",
      "aws:iam/role:Role lab-role",
      "aws:iam/role:Role lab-vpc-cni-role",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment lab-role-policy-0",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment lab-vpc-cni-role-policy-0",
      "pulumi:providers:kubernetes lab-provider",
    ].map((child) => `${child} < lab`);
    expect(childList(await program.resources()).sort()).toEqual([cluster, ...children].sort());
  });

  it("makes a control plane that is private, encrypted and logged, with access by API alone", async () => {
    clusterOf();
    expect(await program.inputsOf("lab-control-plane")).toMatchObject({
      name: "lab",
      version: "1.35",
      vpcId: "vpc-1",
      subnetIds: ["subnet-a", "subnet-b"],
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
      authenticationMode: "API",
      encryptionConfigKeyArn: "arn:aws:test:us-east-1:123456789012:lab-key",
      enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
      upgradePolicy: { supportType: "STANDARD" },
      deletionProtection: false,
      tags: { "mlstack:cluster": "lab", Name: "lab" },
      skipDefaultNodeGroup: true,
      skipDefaultSecurityGroups: true,
      createInstanceRole: false,
      createOidcProvider: false,
      bootstrapSelfManagedAddons: false,
      useDefaultVpcCni: true,
      corednsAddonOptions: { enabled: false },
      kubeProxyAddonOptions: { enabled: false },
    });
  });

  it("takes what the user says instead", async () => {
    clusterOf({
      clusterName: "training",
      kubernetesVersion: "1.36",
      supportType: "EXTENDED",
      publicAccessCidrs: ["203.0.113.0/24"],
      logTypes: ["audit"],
      deletionProtection: true,
      kmsKeyArn,
      serviceCidr: "172.20.0.0/16",
      kubeconfigRoleArn: operators,
      tags: { team: "vision" },
    });
    expect(await program.inputsOf("lab-control-plane")).toMatchObject({
      name: "training",
      version: "1.36",
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
      encryptionConfigKeyArn: kmsKeyArn,
      enabledClusterLogTypes: ["audit"],
      upgradePolicy: { supportType: "EXTENDED" },
      deletionProtection: true,
      kubernetesServiceIpAddressRange: "172.20.0.0/16",
      providerCredentialOpts: { roleArn: operators },
      tags: { team: "vision", "mlstack:cluster": "training", Name: "training" },
    });
    expect((await program.resources()).map(({ name }) => name)).not.toContain("lab-key");
  });

  it("tells others what they must know of it", async () => {
    const { eks, kind } = clusterOf({ tags: { team: "vision" } });
    expect(kind).toBe("eks");
    expect(eks).toMatchObject({
      name: "lab",
      region: "us-east-1",
      kubernetesVersion: "1.35",
      vpcId: "vpc-1",
      subnets: existingVpc.subnets,
      autoMode: false,
      tags: { team: "vision", "mlstack:cluster": "lab" },
    });
    expect(await valueOf(pulumi.output(eks!.clusterName))).toBe("lab");
    expect(await valueOf(pulumi.output(eks!.clusterSecurityGroupId))).toBe("sg-of-eks");
    expect(await valueOf(pulumi.output(eks!.nodeRoleArn))).toBe("arn:aws:test:us-east-1:123456789012:lab-node");
    expect(await valueOf(pulumi.output(eks!.nodeRoleName))).toBe("lab-node-auto");
    expect(await valueOf(pulumi.output(eks!.kmsKeyArn))).toBe("arn:aws:test:us-east-1:123456789012:lab-key");
  });

  it.each<[boolean, string, Partial<EksClusterArgs>]>([
    [true, "its own network has none", { vpc: { natGateways: NatGateways.none } }],
    [false, "its own network has one", { vpc: {} }],
    [false, "the network is brought, of which it knows nothing", { existingVpc }],
  ])("tells others that they are isolated (%s) by the way to the internet: %s", (isolated, _way, network) => {
    const { eks } = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1", ...network } });
    expect(eks?.isolated).toBe(isolated);
  });

  it("makes a network of its own where none is brought", async () => {
    const args = { region: "us-east-1", vpc: { cidr: "10.8.0.0/16" }, tags: { team: "vision" } };
    const { eks } = new Cluster("lab", { kind: ClusterKind.eks, eks: args });
    expect(childList(await program.resources())).toContain("mlstack:index:Vpc lab-network < lab");
    expect(await program.inputsOf("lab-network-private-a")).toMatchObject({
      cidrBlock: "10.8.0.0/19",
      tags: { team: "vision", "mlstack:cluster": "lab", "karpenter.sh/discovery": "lab" },
    });
    expect(eks?.subnets.map(({ availabilityZone }) => availabilityZone)).toEqual([
      "us-east-1a",
      "us-east-1b",
      "us-east-1c",
    ]);
    expect((await program.resource("lab-control-plane")).dependsOn).toEqual(
      expect.arrayContaining(["lab-network-private-a-internet", "lab-network-s3", "lab-logs", "lab-key"]),
    );
  });

  it("is reached for as long as something is on it: what gives access goes last", async () => {
    const eks = { region: "us-east-1", adminRoleArns: [operators], privateAccessCidrs: ["10.9.0.0/16"] };
    new Cluster("lab", { kind: ClusterKind.eks, eks });
    const provider = (await program.resources()).find(({ name }) => name === "lab-provider");
    expect(provider?.dependsOn).toEqual(expect.arrayContaining([`${admin}-rights`, "lab-from-10-9-0-0-16"]));
  });

  it("takes EKS's versions of the add-ons that nodes need, unless they are pinned", async () => {
    new Cluster("lab", {
      kind: ClusterKind.eks,
      eks: { region: "us-east-1", addOnVersions: { "kube-proxy": "v1.35.2-eksbuild.4" } },
    });
    const versions = (await program.resources())
      .filter(({ type }) => type === "aws:eks/addon:Addon")
      .map(({ inputs }) => [inputs["addonName"], inputs["addonVersion"]]);
    expect(Object.fromEntries(versions)).toEqual({ "kube-proxy": "v1.35.2-eksbuild.4" });
  });

  it("connects by a kubeconfig that is secret everywhere", async () => {
    const cluster = clusterOf();
    const provider = await program.resource("lab-provider");
    expect(provider.secretInputs).toEqual(["kubeconfig"]);
    expect(provider.inputs).toEqual({ kubeconfig: '{"apiVersion":"v1","kind":"Config"}' });
    expect(await pulumi.isSecret(cluster.kubeconfig)).toBe(true);
  });

  it("lets machines with the role of nodes join", async () => {
    clusterOf();
    expect(await program.inputsOf("lab-nodes-access")).toMatchObject({ clusterName: "lab", type: "EC2_LINUX" });
  });

  it("spells ARNs for the partition of the region", async () => {
    const subnets = ["a", "b"].map((zone) => ({ availabilityZone: `cn-north-1${zone}`, subnetId: `subnet-${zone}` }));
    const china = { vpcId: "vpc-1", subnets };
    clusterOf({ region: "cn-north-1", existingVpc: china, adminRoleArns: ["arn:aws-cn:iam::123456789012:role/ops"] });
    expect(await program.inputsOf("lab-node-policy-0")).toMatchObject({
      policyArn: "arn:aws-cn:iam::aws:policy/AmazonEKSWorkerNodePolicy",
    });
    expect(await program.inputsOf("lab-admin-ops-3e218e0e-rights")).toMatchObject({
      policyArn: "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
    });
    const [account, volumes] = (await policyOf(program, "lab-key")).Statement;
    expect(account?.["Principal"]).toEqual({ AWS: ["arn:aws-cn:iam::123456789012:root"] });
    expect(volumes?.["Condition"]).toMatchObject({
      StringEquals: { "kms:ViaService": ["ec2.cn-north-1.amazonaws.com.cn"] },
    });
  });

  it("changes its key every year, and can call it back for 30 days", async () => {
    clusterOf();
    expect(await program.inputsOf("lab-key")).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
    expect(await program.inputsOf("lab-key-alias")).toMatchObject({ name: "alias/eks/lab", targetKeyId: "lab-key-id" });
  });

  it("keeps the logs where EKS writes them, for as long as asked", async () => {
    clusterOf({ logRetentionDays: 365 });
    expect(await program.inputsOf("lab-logs")).toMatchObject({ name: "/aws/eks/lab/cluster", retentionInDays: 365 });
    expect((await program.resource("lab-control-plane")).dependsOn).toContain("lab-logs");
  });

  it("lets administrators in, and others with the rights that they need", async () => {
    clusterOf({
      adminRoleArns: [operators],
      accessEntries: [
        {
          entryName: "vision",
          principalArn: "arn:aws:iam::123456789012:role/vision",
          policy: EksAccessPolicy.edit,
          namespaces: ["vision"],
        },
        { entryName: "audit", principalArn: "arn:aws:iam::123456789012:role/audit", kubernetesGroups: ["auditors"] },
      ],
    });
    expect(await program.inputsOf(`${admin}-access`)).toMatchObject({ principalArn: operators });
    expect(await program.inputsOf(`${admin}-rights`)).toEqual({
      clusterName: "lab",
      principalArn: operators,
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy",
      accessScope: { type: "cluster" },
    });
    expect(await program.inputsOf("lab-vision-rights")).toMatchObject({
      policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy",
      accessScope: { type: "namespace", namespaces: ["vision"] },
    });
    expect(await program.inputsOf("lab-audit-access")).toMatchObject({ kubernetesGroups: ["auditors"] });
    expect((await program.resources()).map(({ name }) => name)).not.toContain("lab-audit-rights");
  });

  it.each<[string, string[], string[]]>([
    ["stay the same when one before them goes", [roleOf("first"), operators], [operators]],
    ["stay the same in another order", [roleOf("first"), operators], [operators, roleOf("first")]],
  ])("knows administrators by who they are: their entries %s", async (_when, before, after) => {
    const entriesOf = async (adminRoleArns: string[]) => {
      program = await startMocks();
      clusterOf({ adminRoleArns });
      const entries = (await program.resources()).filter(({ name }) => /^lab-admin-.*-access$/.test(name));
      return new Map(entries.map(({ name, inputs }) => [name, inputs["principalArn"]]));
    };
    const earlier = await entriesOf(before);
    const later = await entriesOf(after);
    expect([...later.values()]).toEqual(after);
    for (const [name, principalArn] of later) expect(earlier.get(name)).toBe(principalArn);
  });

  it.each([
    ["a path", `arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com/Ops_Team+1@x`, "ops-team-1-x"],
    ["another account", "arn:aws:iam::999999999999:role/operators", "operators"],
  ])("names the entry of a role with %s after it, apart from that of a like name", async (_case, arn, words) => {
    clusterOf({ adminRoleArns: [operators, arn] });
    const entry = (await program.resources()).find(({ inputs }) => inputs["principalArn"] === arn);
    expect(entry?.name).toMatch(new RegExp(`^lab-admin-${words}-[0-9a-f]{8}-access$`));
    expect(entry?.name).not.toBe(`${admin}-access`);
  });

  it("names the entries of administrators who are not known yet by their places", async () => {
    clusterOf({ adminRoleArns: [operators, pulumi.output("arn:aws:iam::123456789012:role/later")] });
    expect(await program.inputsOf("lab-admin-1-access")).toMatchObject({
      principalArn: "arn:aws:iam::123456789012:role/later",
    });
  });

  it("takes a right away before it grants it anew, as EKS would take both away otherwise", async () => {
    clusterOf({ adminRoleArns: [operators] });
    expect((await program.resource(`${admin}-rights`)).deleteBeforeReplace).toBe(true);
  });

  it("opens the private endpoint to networks beyond the nodes where asked for", async () => {
    clusterOf({ privateAccessCidrs: ["192.168.0.0/24"] });
    expect(await program.inputsOf("lab-from-192-168-0-0-24")).toMatchObject({
      securityGroupId: "sg-of-eks",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
      cidrIpv4: "192.168.0.0/24",
    });
  });

  it("installs networking with rights of its own, and sets back what others change", async () => {
    clusterOf({ prefixDelegation: true });
    const { configurationValues, ...inputs } = await program.inputsOf("lab-vpc-cni");
    expect(inputs).toEqual({
      clusterName: "lab",
      addonName: "vpc-cni",
      podIdentityAssociations: [
        { serviceAccount: "aws-node", roleArn: "arn:aws:test:us-east-1:123456789012:lab-vpc-cni-role" },
      ],
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      preserve: false,
      tags: { "mlstack:cluster": "lab", Name: "lab-vpc-cni" },
    });
    expect(JSON.parse(configurationValues as string)).toEqual({
      enableNetworkPolicy: "true",
      env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
    });
  });

  it("enforces NetworkPolicies, with and without prefixes", async () => {
    clusterOf();
    const { configurationValues } = await program.inputsOf("lab-vpc-cni");
    expect(JSON.parse(configurationValues as string)).toEqual({ enableNetworkPolicy: "true" });
    expect(await program.inputsOf("lab-kube-proxy")).not.toHaveProperty("configurationValues");
  });

  it("leaves networking to EKS in Auto Mode, whose built-in pools without a ceiling stay off", async () => {
    const { eks } = clusterOf({ autoMode: true });
    expect(eks?.autoMode).toBe(true);
    expect(await program.inputsOf("lab-control-plane")).toMatchObject({
      autoMode: { enabled: true, createNodeRole: false, computeConfig: { nodePools: [] } },
    });
    expect((await program.resources()).filter(({ type }) => type === "aws:eks/addon:Addon")).toEqual([]);
  });

  it("makes whatever takes its name come after access and networking, and go before them", async () => {
    const { eks } = clusterOf();
    new aws.eks.NodeGroup("nodes", {
      clusterName: eks!.clusterName,
      nodeRoleArn: eks!.nodeRoleArn,
      subnetIds: eks!.subnets.map(({ subnetId }) => subnetId),
      scalingConfig: { minSize: 0, maxSize: 1, desiredSize: 0 },
    });
    expect((await program.resource("nodes")).dependsOn).toEqual([
      "lab-eks-pod-identity-agent",
      "lab-kube-proxy",
      "lab-node",
      "lab-node-policy-0",
      "lab-node-policy-1",
      "lab-nodes-access",
      "lab-vpc-cni",
    ]);
    expect((await program.resource("lab-kube-proxy")).dependsOn).toEqual(["lab-control-plane"]);
  });

  it("tags everything that can be tagged with the name of the cluster", async () => {
    clusterOf({ adminRoleArns: [operators], privateAccessCidrs: ["192.168.0.0/24"] });
    const untaggable = ["RolePolicyAttachment", "RolePolicy", "Alias", "AccessPolicyAssociation"];
    const created = (await program.resources()).filter(
      ({ type }) => /^(aws|eks):/.test(type) && !untaggable.includes(type.split(":").at(-1)!),
    );
    expect(created.length).toBeGreaterThan(8);
    for (const { name, inputs } of created) {
      expect(inputs["tags"], name).toMatchObject({ "mlstack:cluster": "lab", Name: expect.any(String) as string });
    }
  });

  it("uses the AWS provider that it is given for every child", async () => {
    const provider = new aws.Provider("account", { region: "us-east-1" });
    clusterOf({}, { providers: [provider] });
    const children = (await program.resources()).filter(({ type }) => type.startsWith("aws:"));
    expect(new Set(children.map((child) => child.provider))).toEqual(new Set(["account"]));
  });

  it("puts what is given its Kubernetes provider onto the cluster", async () => {
    const cluster = clusterOf();
    new k8s.core.v1.Namespace("team", {}, { provider: cluster.provider });
    expect((await program.resource("team")).provider).toBe("lab-provider");
  });

  it("plans the same in a preview, where its name is known and its ids are not", async () => {
    program = await startMocks({ preview: true });
    const { eks } = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
    expect(await valueOf(pulumi.output(eks!.clusterName))).toBe("lab");
    expect(await isKnown(pulumi.output(eks!.vpcId))).toBe(false);
    expect(await isKnown(pulumi.output(eks!.nodeRoleArn))).toBe(false);
    expect(childList(await program.resources())).toContain("eks:index:Cluster lab-control-plane < lab");
  });

  it("lets two stand side by side", async () => {
    for (const name of ["lab", "other"]) new Cluster(name, { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
    const names = (await program.resources()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("registers nothing when there is a problem", async () => {
    const { message } = problemsOf(() => clusterOf({ region: "us-east1", kubernetesVersion: "1.20" }));
    expect(message).toBe('Cluster "lab": 3 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });
});

function roleOf(name: string): string {
  return `arn:aws:iam::123456789012:role/${name}`;
}
