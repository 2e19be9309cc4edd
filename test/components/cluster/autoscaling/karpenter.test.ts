import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  Karpenter,
  type KarpenterArgs,
  karpenterValues,
  validateKarpenter,
} from "../../../../components/cluster/autoscaling";
import { karpenterStatements } from "../../../../components/cluster/autoscaling/karpenter-rights";
import { compact } from "../../../../components/internal";
import { checkStatements, policyDocument } from "../../../../components/cluster/identity/iam-policy";
import { eksFacts } from "../../../support/eks-facts";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { rightsOf, unreasonedWildcards } from "./rights";

const QUEUE = "arn:aws:sqs:us-east-1:123456789012:lab";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

async function inputsOf(name: string): Promise<Record<string, unknown>> {
  return (await program.resources()).find((resource) => resource.name === name)!.inputs;
}

describe("Karpenter", () => {
  it("creates a queue with what fills it, a role, Karpenter's resource types, and Karpenter", async () => {
    new Karpenter("karpenter", { eks: eksFacts });
    expect(childList(await program.resources()).sort()).toEqual([
      "aws:cloudwatch/eventRule:EventRule karpenter-rebalance < karpenter",
      "aws:cloudwatch/eventRule:EventRule karpenter-reservation-interruption < karpenter",
      "aws:cloudwatch/eventRule:EventRule karpenter-scheduled-change < karpenter",
      "aws:cloudwatch/eventRule:EventRule karpenter-spot-interruption < karpenter",
      "aws:cloudwatch/eventRule:EventRule karpenter-state-change < karpenter",
      "aws:cloudwatch/eventTarget:EventTarget karpenter-rebalance-target < karpenter",
      "aws:cloudwatch/eventTarget:EventTarget karpenter-reservation-interruption-target < karpenter",
      "aws:cloudwatch/eventTarget:EventTarget karpenter-scheduled-change-target < karpenter",
      "aws:cloudwatch/eventTarget:EventTarget karpenter-spot-interruption-target < karpenter",
      "aws:cloudwatch/eventTarget:EventTarget karpenter-state-change-target < karpenter",
      "aws:eks/podIdentityAssociation:PodIdentityAssociation karpenter-role-association < karpenter-role",
      "aws:iam/role:Role karpenter-role-role < karpenter-role",
      "aws:iam/rolePolicy:RolePolicy karpenter-role-role-rights < karpenter-role",
      "aws:sqs/queue:Queue karpenter-interruptions < karpenter",
      "aws:sqs/queuePolicy:QueuePolicy karpenter-interruptions-policy < karpenter",
      "kubernetes:helm.sh/v3:Release karpenter-controller < karpenter",
      "kubernetes:helm.sh/v3:Release karpenter-crds < karpenter",
      "mlstack:index:Karpenter karpenter",
      "mlstack:index:PodIdentityRole karpenter-role < karpenter",
    ]);
  });

  it("installs the pinned charts under fixed names, resource types apart from the controller", async () => {
    new Karpenter("autoscaler", { eks: eksFacts });
    expect(await inputsOf("autoscaler-crds")).toMatchObject({
      chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
      version: "1.14.1",
      name: "karpenter-crd",
      namespace: "kube-system",
    });
    expect(await inputsOf("autoscaler-controller")).toMatchObject({
      chart: "oci://public.ecr.aws/karpenter/karpenter",
      version: "1.14.1",
      name: "karpenter",
      namespace: "kube-system",
      skipCrds: true,
      atomic: true,
    });
  });

  it("takes other versions of the two charts, which go together unless told apart", async () => {
    new Karpenter("karpenter", { eks: eksFacts, chartVersion: "1.14.2" });
    expect(await inputsOf("karpenter-crds")).toMatchObject({ version: "1.14.2" });
    program = await startMocks();
    new Karpenter("karpenter", { eks: eksFacts, chartVersion: "1.14.2", crdChartVersion: "1.14.1" });
    expect(await inputsOf("karpenter-crds")).toMatchObject({ version: "1.14.1" });
  });

  it("hands the role to the service account that the chart creates", async () => {
    new Karpenter("karpenter", { eks: eksFacts, namespace: "autoscaling" });
    expect(await inputsOf("karpenter-role-association")).toMatchObject({
      clusterName: "lab",
      namespace: "autoscaling",
      serviceAccount: "karpenter",
    });
    const { values } = (await inputsOf("karpenter-controller")) as { values: object };
    expect(values).toMatchObject({ serviceAccount: { name: "karpenter" } });
  });

  it("creates a namespace of its own where asked to, for pods without privileges", async () => {
    const karpenter = new Karpenter("karpenter", { eks: eksFacts, namespace: "autoscaling" });
    expect(await valueOf(karpenter.namespace)).toBe("autoscaling");
    expect((await inputsOf("karpenter-namespace"))["metadata"]).toEqual({
      name: "autoscaling",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      },
    });
  });

  it("encrypts the queue, and keeps messages for five minutes", async () => {
    new Karpenter("karpenter", { eks: eksFacts });
    expect(await inputsOf("karpenter-interruptions")).toEqual({
      messageRetentionSeconds: 300,
      sqsManagedSseEnabled: true,
      tags: { "mlstack:cluster": "lab", Name: "karpenter-interruptions" },
    });
  });

  it.each([
    ["spot-interruption", "aws.ec2", "EC2 Spot Instance Interruption Warning"],
    ["rebalance", "aws.ec2", "EC2 Instance Rebalance Recommendation"],
    ["state-change", "aws.ec2", "EC2 Instance State-change Notification"],
    ["scheduled-change", "aws.health", "AWS Health Event"],
    ["reservation-interruption", "aws.ec2", "EC2 Capacity Reservation Instance Interruption Warning"],
  ])("lets the rule for %s write to the queue", async (event, source, detailType) => {
    new Karpenter("karpenter", { eks: eksFacts });
    const { eventPattern } = await inputsOf(`karpenter-${event}`);
    expect(JSON.parse(eventPattern as string)).toEqual({ source: [source], "detail-type": [detailType] });
  });

  it("is ready and tells its queue once it runs, and neither in a preview", async () => {
    const karpenter = new Karpenter("karpenter", { eks: eksFacts });
    expect(await valueOf(karpenter.ready)).toBe(true);
    program = await startMocks({ preview: true });
    const planned = new Karpenter("karpenter", { eks: eksFacts });
    expect(await isKnown(planned.ready)).toBe(false);
    expect(await isKnown(planned.interruptionQueue)).toBe(false);
    expect(await valueOf(planned.namespace)).toBe("kube-system");
  });

  it("uses the provider that it is given for both charts", async () => {
    const provider = new k8s.Provider("lab", {});
    new Karpenter("karpenter", { eks: eksFacts }, { providers: [provider] });
    const releases = (await program.resources()).filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
    expect(releases.map((release) => release.provider)).toEqual(["lab", "lab"]);
  });
});

describe("karpenterValues", () => {
  it("sets what the cluster decides, and leaves the rest to the chart", () => {
    expect(karpenterValues({ eks: eksFacts, systemPool: "system" }, "lab-queue")).toEqual({
      replicas: 2,
      serviceAccount: { name: "karpenter" },
      nodeSelector: { "kubernetes.io/os": "linux", "mlstack.dev/pool": "system" },
      controller: { resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } } },
      settings: { clusterName: "lab", interruptionQueue: "lab-queue" },
    });
  });

  it("runs on any node that no autoscaler has started where no pool is named", () => {
    expect(karpenterValues({ eks: eksFacts }, "lab-queue")["nodeSelector"]).toEqual({ "kubernetes.io/os": "linux" });
  });

  it("lays further values over its own, deep into them", () => {
    const queue = pulumi.output("lab-queue");
    const values = { logLevel: "debug", settings: { isolatedVPC: true, clusterName: "other" }, tolerations: [] };
    expect(karpenterValues({ eks: eksFacts, replicas: 1, values }, queue)).toMatchObject({
      replicas: 1,
      logLevel: "debug",
      tolerations: [],
      settings: { isolatedVPC: true, clusterName: "other", interruptionQueue: queue },
    });
  });
});

describe("Karpenter: rights", () => {
  it("are these and no others", async () => {
    const ec2 = (account: string, ...kinds: string[]) =>
      kinds.map((kind) => `arn:aws:ec2:us-east-1:${account}:${kind}/*`).join(", ");
    const chosen = [
      ec2("", "image", "snapshot"),
      ec2("*", "security-group", "subnet", "capacity-reservation", "placement-group"),
    ].join(", ");
    const own = "123456789012";
    const made = ec2(
      own,
      "fleet",
      "instance",
      "volume",
      "network-interface",
      "launch-template",
      "spot-instances-request",
    );
    const template = ec2(own, "launch-template");
    const profiles = `arn:aws:iam::${own}:instance-profile/*`;
    const key = "arn:aws:kms:us-east-1:123456789012:key/lab";
    const owned = "aws:ResourceTag/kubernetes.io/cluster/lab";
    const asked = "aws:RequestTag/kubernetes.io/cluster/lab, aws:RequestTag/eks:eks-cluster-name";
    const askedPool = "aws:RequestTag/karpenter.sh/nodepool";
    const ownedPool = `${owned}, aws:ResourceTag/karpenter.sh/nodepool`;
    const region = "aws:ResourceTag/topology.kubernetes.io/region";
    const askedRegion = "aws:RequestTag/topology.kubernetes.io/region";
    const nodeClass = "aws:ResourceTag/karpenter.k8s.aws/ec2nodeclass";
    const askedNodeClass = "aws:RequestTag/karpenter.k8s.aws/ec2nodeclass";
    const askedCluster = "aws:RequestTag/kubernetes.io/cluster/lab";
    const askedName = "aws:RequestTag/eks:eks-cluster-name";

    expect(await rightsOf(karpenterStatements(eksFacts, QUEUE))).toEqual([
      ["ec2:RunInstances", chosen, ""],
      ["ec2:CreateFleet", chosen, ""],
      ["ec2:RunInstances", template, ownedPool],
      ["ec2:CreateFleet", template, ownedPool],
      ["ec2:RunInstances", made, `${asked}, ${askedPool}`],
      ["ec2:CreateFleet", made, `${asked}, ${askedPool}`],
      ["ec2:CreateLaunchTemplate", made, `${asked}, ${askedPool}`],
      ["ec2:CreateTags", made, `${asked}, ec2:CreateAction, ${askedPool}`],
      ["ec2:CreateTags", ec2(own, "instance"), `${ownedPool}, ${askedName}, aws:TagKeys`],
      ["ec2:TerminateInstances", ec2(own, "instance", "launch-template"), ownedPool],
      ["ec2:DeleteLaunchTemplate", ec2(own, "instance", "launch-template"), ownedPool],
      ["iam:PassRole", "arn:aws:iam::123456789012:role/lab-node", "iam:PassedToService"],
      ["iam:CreateInstanceProfile", profiles, `${askedCluster}, ${askedRegion}, ${askedName}, ${askedNodeClass}`],
      [
        "iam:TagInstanceProfile",
        profiles,
        `${owned}, ${region}, ${askedCluster}, ${askedRegion}, ${askedName}, ${nodeClass}, ${askedNodeClass}`,
      ],
      ["iam:AddRoleToInstanceProfile", profiles, `${owned}, ${region}, ${nodeClass}`],
      ["iam:RemoveRoleFromInstanceProfile", profiles, `${owned}, ${region}, ${nodeClass}`],
      ["iam:DeleteInstanceProfile", profiles, `${owned}, ${region}, ${nodeClass}`],
      ["eks:DescribeCluster", "arn:aws:eks:us-east-1:123456789012:cluster/lab", ""],
      ["ec2:DescribeCapacityReservations", "*", "aws:RequestedRegion"],
      ["ec2:DescribeImages", "*", "aws:RequestedRegion"],
      ["ec2:DescribeInstances", "*", "aws:RequestedRegion"],
      ["ec2:DescribeInstanceStatus", "*", "aws:RequestedRegion"],
      ["ec2:DescribeInstanceTypeOfferings", "*", "aws:RequestedRegion"],
      ["ec2:DescribeInstanceTypes", "*", "aws:RequestedRegion"],
      ["ec2:DescribeLaunchTemplates", "*", "aws:RequestedRegion"],
      ["ec2:DescribePlacementGroups", "*", "aws:RequestedRegion"],
      ["ec2:DescribeSecurityGroups", "*", "aws:RequestedRegion"],
      ["ec2:DescribeSpotPriceHistory", "*", "aws:RequestedRegion"],
      ["ec2:DescribeSubnets", "*", "aws:RequestedRegion"],
      ["ssm:GetParameter", "arn:aws:ssm:us-east-1::parameter/aws/service/*", ""],
      ["pricing:GetProducts", "*", ""],
      ["iam:ListInstanceProfiles", "*", ""],
      ["iam:GetInstanceProfile", profiles, ""],
      ["sqs:DeleteMessage", QUEUE, ""],
      ["sqs:GetQueueUrl", QUEUE, ""],
      ["sqs:ReceiveMessage", QUEUE, ""],
      ["kms:Decrypt", key, "kms:ViaService"],
      ["kms:DescribeKey", key, "kms:ViaService"],
      ["kms:GenerateDataKeyWithoutPlaintext", key, "kms:ViaService"],
      ["kms:ReEncryptFrom", key, "kms:ViaService"],
      ["kms:ReEncryptTo", key, "kms:ViaService"],
      ["kms:CreateGrant", key, "kms:ViaService, kms:GrantIsForAWSResource"],
    ]);
  });

  it("give a reason for every wildcard, also where ARNs are known only later", async () => {
    const statements = karpenterStatements(eksFacts, QUEUE);
    expect(checkStatements("statements", statements)).toEqual([]);
    expect(await unreasonedWildcards(statements)).toEqual([]);
  });

  it("use no key where the cluster names none", async () => {
    const eks = compact({ ...eksFacts, kmsKeyArn: undefined });
    const actions = (await rightsOf(karpenterStatements(eks, QUEUE))).map(([action]) => action);
    expect(actions.filter((action) => action.startsWith("kms:"))).toEqual([]);
  });

  it("are spelt for the partition of the region", async () => {
    const eks = { ...eksFacts, region: "cn-north-1", nodeRoleArn: "arn:aws-cn:iam::123456789012:role/lab-node" };
    const statements = karpenterStatements(eks, QUEUE);
    const resources = (await rightsOf(statements)).map(([, arns]) => arns);
    expect(resources.filter((arns) => arns.includes("arn:aws:") && arns !== QUEUE)).toEqual([
      ...Array<string>(6).fill("arn:aws:kms:us-east-1:123456789012:key/lab"),
    ]);
    const passing = statements.find(({ sid }) => sid === "HandOverNodeRole");
    expect(passing?.conditions).toEqual({
      StringEquals: { "iam:PassedToService": ["ec2.amazonaws.com", "ec2.amazonaws.com.cn"] },
    });
  });

  it("fit into the 10240 characters that the policies of one role may have", async () => {
    const eks = { ...eksFacts, name: "n".repeat(100), clusterName: "n".repeat(100), region: "ap-southeast-1" };
    expect((await valueOf(policyDocument(karpenterStatements(eks, QUEUE)))).length).toBeLessThan(10_240);
  });

  it("let nobody but the rules write to the queue, and nobody in plain text", async () => {
    new Karpenter("karpenter", { eks: eksFacts });
    const { policy } = await inputsOf("karpenter-interruptions-policy");
    const { Statement } = JSON.parse(policy as string) as { Statement: object[] };
    expect(Statement).toMatchObject([
      { Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage" },
      { Effect: "Deny", Principal: "*", Action: "sqs:*", Condition: { Bool: { "aws:SecureTransport": "false" } } },
    ]);
  });
});

describe("Karpenter: checks", () => {
  it("collects every problem, throws once and registers nothing", async () => {
    const args = { eks: { ...eksFacts, autoMode: true }, namespace: "Karpenter", replicas: 0 };
    const { message, reasons } = problemsOf(() => new Karpenter("karpenter", args));
    expect(message).toBe('Karpenter "karpenter": 3 invalid inputs');
    expect(reasons).toHaveLength(3);
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, Partial<KarpenterArgs>, string]>([
    [
      "a cluster in Auto Mode",
      { eks: { ...eksFacts, autoMode: true } },
      "eks.autoMode is true; allowed: false for Karpenter, whose resource types Auto Mode owns and upgrades. " +
        "Leave Karpenter out, and give the pools the back end auto.",
    ],
    [
      "a Karpenter that is older than the cluster",
      { chartVersion: "1.8.0" },
      'chartVersion is "1.8.0"; allowed: 1.9 or newer for Kubernetes 1.35. Leave it out for the pinned version.',
    ],
    [
      "a range of versions",
      { chartVersion: "^1.14" },
      'chartVersion is "^1.14"; allowed: an exact version such as 1.14.1. Name one release.',
    ],
    [
      "a range of versions for the resource types",
      { crdChartVersion: "latest" },
      'crdChartVersion is "latest"; allowed: an exact version such as 1.14.1. Name one release.',
    ],
    [
      "a Kubernetes that no controller is made for",
      { eks: { ...eksFacts, kubernetesVersion: "1.20" } },
      'eks.kubernetesVersion is "1.20"; allowed: 1.36, 1.35, 1.34, 1.33. ' +
        "The controller must be made for the cluster's version.",
    ],
    ["no replicas", { replicas: 0 }, "replicas is 0; allowed: a whole number from 1. Set replicas within that range."],
    [
      "a misspelt system pool",
      { systemPool: "System" },
      'systemPool is "System"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
        "Set systemPool to such a name.",
    ],
    [
      "memory that is no quantity",
      { resources: { memory: "much" } },
      'resources.memory is "much"; allowed: a Kubernetes quantity above zero. Write it like "1Gi".',
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateKarpenter("karpenter", { eks: eksFacts, ...args }).map((problem) => problem.reason)).toEqual([
      reason,
    ]);
  });
});
