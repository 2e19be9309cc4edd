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
import { policyDocument } from "../../../../components/cluster/identity/iam-policy";
import { policyOf, rightsOf } from "../../../support/aws-rights";
import { autoFacts, eksFacts, keyless } from "../../../support/eks-facts";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { karpenterRights, QUEUE } from "../expected-rights";
import { chartCalls, type ChartCalls, deployment, resourceType } from "./chart-calls";

/** The resource types are in both charts, as in the real ones. */
function karpenterCalls(): ChartCalls {
  const types = () => [resourceType("nodepools.karpenter.sh")];
  return chartCalls({
    "karpenter-crd": types,
    karpenter: ({ release_name, namespace, values }) => {
      const { interruptionQueue } = values["settings"] as { interruptionQueue: unknown };
      return [...types(), deployment(release_name, namespace, interruptionQueue)];
    },
  });
}

const CONTROLLER = "karpenter-controller-deployment-karpenter";
const TYPE = "karpenter-crds-custom-resource-definition-nodepools.karpenter.sh";

let calls: ChartCalls;
let program: MockedProgram;
beforeEach(async () => {
  calls = karpenterCalls();
  program = await startMocks({ render: calls.render });
});

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
      "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition karpenter-crds-custom-resource-definition-nodepools.karpenter.sh < karpenter-crds",
      "kubernetes:apps/v1:Deployment karpenter-controller-deployment-karpenter < karpenter-controller",
      "mlstack:index:Karpenter karpenter",
      "mlstack:index:PodIdentityRole karpenter-role < karpenter",
      "mlstack:internal:RenderedObjects karpenter-controller < karpenter",
      "mlstack:internal:RenderedObjects karpenter-crds < karpenter",
    ]);
  });

  it("takes the pinned charts under fixed names, for the version of the cluster", async () => {
    new Karpenter("autoscaler", { eks: eksFacts });
    await program.resources();
    const common = { version: "1.14.1", namespace: "kube-system", kube_version: "v1.35.0" };
    expect(calls.asked["karpenter-crd"]).toMatchObject({
      ...common,
      chart: "oci://public.ecr.aws/karpenter/karpenter-crd",
      release_name: "karpenter-crd",
      values: {},
    });
    expect(calls.asked["karpenter"]).toMatchObject({
      ...common,
      chart: "oci://public.ecr.aws/karpenter/karpenter",
      release_name: "karpenter",
      values: { replicas: 2, serviceAccount: { name: "karpenter" } },
    });
  });

  it("takes other versions of the two charts, which go together unless told apart", async () => {
    new Karpenter("karpenter", { eks: eksFacts, chartVersion: "1.14.2" });
    await program.resources();
    expect(calls.asked["karpenter-crd"]).toMatchObject({ version: "1.14.2" });
    program = await startMocks({ render: calls.render });
    new Karpenter("karpenter", { eks: eksFacts, chartVersion: "1.14.2", crdChartVersion: "1.14.1" });
    await program.resources();
    expect(calls.asked["karpenter-crd"]).toMatchObject({ version: "1.14.1" });
    expect(calls.asked["karpenter"]).toMatchObject({ version: "1.14.2" });
  });

  it("takes both charts from a mirror where there is one", async () => {
    new Karpenter("karpenter", { eks: eksFacts, chartMirror: "/no-such-mirror" });
    await program.resources();
    expect(calls.asked["karpenter"]?.path).toBe("/no-such-mirror/karpenter-1.14.1");
    expect(calls.asked["karpenter-crd"]?.path).toBe("/no-such-mirror/karpenter-crd-1.14.1");
  });

  it("tells Karpenter its queue, whose name is known once the queue is there", async () => {
    new Karpenter("karpenter", { eks: eksFacts });
    expect(await program.inputsOf(CONTROLLER)).toEqual(
      deployment("karpenter", "kube-system", "karpenter-interruptions-auto"),
    );
  });

  it("starts Karpenter once its resource types, its namespace and its role are there", async () => {
    new Karpenter("karpenter", { eks: eksFacts, namespace: "autoscaling" });
    const { dependsOn } = await program.resource("karpenter-controller");
    expect(dependsOn).toEqual(
      expect.arrayContaining([TYPE, "karpenter-namespace", "karpenter-role-association", "karpenter-role-role-rights"]),
    );
  });

  it("hands the role to the service account that the chart creates", async () => {
    new Karpenter("karpenter", { eks: eksFacts, namespace: "autoscaling" });
    expect(await program.inputsOf("karpenter-role-association")).toMatchObject({
      clusterName: "lab",
      namespace: "autoscaling",
      serviceAccount: "karpenter",
    });
    expect(calls.asked["karpenter"]).toMatchObject({
      namespace: "autoscaling",
      values: { serviceAccount: { name: "karpenter" } },
    });
  });

  it("creates a namespace of its own where asked to, for pods without privileges", async () => {
    const karpenter = new Karpenter("karpenter", { eks: eksFacts, namespace: "autoscaling" });
    expect(await valueOf(karpenter.namespace)).toBe("autoscaling");
    expect((await program.inputsOf("karpenter-namespace"))["metadata"]).toEqual({
      name: "autoscaling",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      },
    });
  });

  it("encrypts the queue, and keeps messages for five minutes", async () => {
    new Karpenter("karpenter", { eks: eksFacts });
    expect(await program.inputsOf("karpenter-interruptions")).toEqual({
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
    const { eventPattern } = await program.inputsOf(`karpenter-${event}`);
    expect(JSON.parse(eventPattern as string)).toEqual({ source: [source], "detail-type": [detailType] });
  });

  it("is ready and tells its queue once it runs, and neither in a preview", async () => {
    const karpenter = new Karpenter("karpenter", { eks: eksFacts });
    expect(await valueOf(karpenter.ready)).toBe(true);
    program = await startMocks({ preview: true, render: calls.render });
    const planned = new Karpenter("karpenter", { eks: eksFacts });
    expect(await isKnown(planned.ready)).toBe(false);
    expect(await isKnown(planned.interruptionQueue)).toBe(false);
    expect(await valueOf(planned.namespace)).toBe("kube-system");
  });

  it("uses the provider that it is given for the objects of both charts", async () => {
    const provider = new k8s.Provider("lab", {});
    new Karpenter("karpenter", { eks: eksFacts }, { providers: [provider] });
    expect((await program.resource(TYPE)).provider).toBe("lab");
    expect((await program.resource(CONTROLLER)).provider).toBe("lab");
  });
});

describe("karpenterValues", () => {
  it("sets what the cluster decides, and leaves the rest to the chart", () => {
    expect(karpenterValues({ eks: eksFacts, systemPool: "system" }, "lab-queue")).toEqual({
      replicas: 2,
      serviceAccount: { name: "karpenter" },
      nodeSelector: { "kubernetes.io/os": "linux", "mlstack.dev/pool": "system" },
      controller: { resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } } },
      settings: { clusterName: "lab", interruptionQueue: "lab-queue", featureGates: { nodeOverlay: true } },
    });
  });

  it("runs on any node that no autoscaler has started where no pool is named", () => {
    expect(karpenterValues({ eks: eksFacts }, "lab-queue")["nodeSelector"]).toEqual({ "kubernetes.io/os": "linux" });
  });

  it("keeps Karpenter from what it cannot reach where the network has no way to the internet", () => {
    const values = karpenterValues({ eks: { ...eksFacts, isolated: true } }, "lab-queue");
    expect(values["settings"]).toMatchObject({ isolatedVPC: true });
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
    expect(await rightsOf(karpenterStatements(eksFacts, QUEUE))).toEqual(karpenterRights);
  });

  it("use no key where the cluster names none", async () => {
    const actions = (await rightsOf(karpenterStatements(keyless, QUEUE))).map(([action]) => action);
    expect(actions.filter((action) => action.startsWith("kms:"))).toEqual([]);
  });

  it("are none on instance profiles and prices where neither can be reached", async () => {
    const isolated = await rightsOf(karpenterStatements({ ...eksFacts, isolated: true }, QUEUE));
    const gone = karpenterRights.filter((right) => !isolated.some(([action]) => action === right[0]));
    expect(gone.map(([action]) => action)).toEqual([
      "iam:CreateInstanceProfile",
      "iam:TagInstanceProfile",
      "iam:AddRoleToInstanceProfile",
      "iam:RemoveRoleFromInstanceProfile",
      "iam:DeleteInstanceProfile",
      "iam:ListInstanceProfiles",
      "iam:GetInstanceProfile",
      "pricing:GetProducts",
    ]);
    expect(isolated).toEqual(karpenterRights.filter((right) => !gone.includes(right)));
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
    const { Statement } = await policyOf(program, "karpenter-interruptions-policy");
    const inPlainText = { Bool: { "aws:SecureTransport": ["false"] } };
    expect(Statement).toMatchObject([
      { Effect: "Allow", Principal: { Service: ["events.amazonaws.com"] }, Action: ["sqs:SendMessage"] },
      { Effect: "Deny", Principal: { AWS: ["*"] }, Action: ["sqs:*"], Condition: inPlainText },
    ]);
  });
});

describe("Karpenter: checks", () => {
  it("collects every problem, throws once and registers nothing", async () => {
    const args = { eks: autoFacts, namespace: "Karpenter", replicas: 0 };
    const { message, reasons } = problemsOf(() => new Karpenter("karpenter", args));
    expect(message).toBe('Karpenter "karpenter": 3 invalid inputs');
    expect(reasons).toHaveLength(3);
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, Partial<KarpenterArgs>, string]>([
    [
      "a cluster in Auto Mode",
      { eks: autoFacts },
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
      "a version as its publisher does not write it",
      { chartVersion: "v1.14.1" },
      'chartVersion is "v1.14.1"; allowed: an exact version such as 1.14.1. Name one release.',
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
