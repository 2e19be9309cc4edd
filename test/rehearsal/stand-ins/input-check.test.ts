import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inputFaults } from "../../../rehearsal/stand-ins/input-check";
import { type StandInPackage, sdkPackage } from "../../../rehearsal/stand-ins/sdk-package";
import { ShapeStore } from "../../../rehearsal/stand-ins/shape-store";
import { type Properties, UNKNOWN } from "../../../rehearsal/stand-ins/values";

const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";

const nodeGroup: Properties = {
  clusterName: "ml",
  nodeRoleArn: "arn:aws:iam::123456789012:role/nodes",
  subnetIds: ["subnet-1"],
  scalingConfig: { minSize: 0, maxSize: 4, desiredSize: 0 },
};

function reasons(token: string, inputs: Properties): string[] {
  const store = new ShapeStore(sdkPackage(token.split(":")[0] as StandInPackage));
  const shape = store.shapeOf(token);
  if (shape === undefined || shape === "custom") throw new Error(`${token} has no shape`);
  return inputFaults(shape, inputs, "the SDK").map(({ reason }) => reason);
}

describe("inputs that the SDK's types permit are taken", () => {
  const pod = { containers: [{ name: "web", image: "nginx:1.27", ports: [{ containerPort: 80 }] }] };
  const template = { metadata: { labels: { app: "web" } }, spec: pod };

  test.each<[string, string, Properties]>([
    ["required ones alone", NODE_GROUP, nodeGroup],
    [
      "a list of mappings",
      NODE_GROUP,
      { ...nodeGroup, taints: [{ key: "gpu", value: "true", effect: "NO_SCHEDULE" }] },
    ],
    ["a mapping with keys of its own", NODE_GROUP, { ...nodeGroup, labels: { "mlstack.dev/pool": "gpu" } }],
    ["a string where an enum is declared", "aws:ec2/instance:Instance", { instanceType: "g5.xlarge" }],
    ["JSON where a policy document may stand", "aws:iam/role:Role", { assumeRolePolicy: "{}" }],
    [
      "a policy document as a mapping",
      "aws:iam/role:Role",
      { assumeRolePolicy: { Version: "2012-10-17", Statement: [] } },
    ],
    [
      "a resource, which arrives as its id",
      "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
      { role: "nodes", policyArn: "arn" },
    ],
    ["nested objects of Kubernetes", DEPLOYMENT, { spec: { selector: { matchLabels: { app: "web" } }, template } }],
    [
      "a number or a text where both are declared",
      "kubernetes:policy/v1:PodDisruptionBudget",
      { spec: { maxUnavailable: "50%" } },
    ],
    [
      "any values of a chart",
      "kubernetes:helm.sh/v3:Release",
      { chart: "karpenter", values: { deep: { er: [1, "two"] } } },
    ],
    ["types of another SDK", "eks:index:Cluster", { upgradePolicy: { supportType: "STANDARD" } }],
    ["nothing where null stands", NODE_GROUP, { ...nodeGroup, labels: null }],
  ])("%s", (_, token, inputs) => {
    expect(reasons(token, inputs)).toEqual([]);
  });
});

describe("other inputs are refused, each with what is allowed and what to do", () => {
  const notText = "a string (the SDK). Mend the value.";

  test.each<[string, string, Properties, string]>([
    [
      "an unknown property with a near one",
      "aws:ec2/vpc:Vpc",
      { cidrBlok: "10.0.0.0/16" },
      "cidrBlok is not a property of the SDK; allowed: assignGeneratedIpv6CidrBlock, cidrBlock, enableDnsHostnames, enableDnsSupport, enableNetworkAddressUsageMetrics, instanceTenancy, ipv4IpamPoolId, ipv4NetmaskLength, ipv6CidrBlock, ipv6CidrBlockNetworkBorderGroup, ipv6IpamPoolId, ipv6NetmaskLength, region, tags. Remove it, or write cidrBlock.",
    ],
    [
      "an unknown property inside a list",
      NODE_GROUP,
      { ...nodeGroup, taints: [{ key: "gpu", effect: "NO_SCHEDULE", colour: "red" }] },
      "taints[0].colour is not a property of the SDK; allowed: effect, key, value. Remove it.",
    ],
    [
      "a missing property",
      NODE_GROUP,
      { ...nodeGroup, subnetIds: undefined },
      "subnetIds is missing; allowed: a value, which the SDK requires. Add it.",
    ],
    [
      "a missing property inside a mapping",
      NODE_GROUP,
      { ...nodeGroup, scalingConfig: { minSize: 0, desiredSize: 0 } },
      "scalingConfig.maxSize is missing; allowed: a value, which the SDK requires. Add it.",
    ],
    [
      "a text in place of a number",
      NODE_GROUP,
      { ...nodeGroup, diskSize: "20" },
      "diskSize is a string; allowed: a number (the SDK). Mend the value.",
    ],
    [
      "a mapping in place of a list",
      NODE_GROUP,
      { ...nodeGroup, taints: { key: "gpu" } },
      "taints is a mapping; allowed: a list (the SDK). Mend the value.",
    ],
    [
      "a list in place of a text",
      NODE_GROUP,
      { ...nodeGroup, clusterName: ["ml"] },
      `clusterName is a list; allowed: ${notText}`,
    ],
    [
      "a number under a key of its own",
      NODE_GROUP,
      { ...nodeGroup, labels: { "mlstack.dev/gpus": 4 } },
      `labels["mlstack.dev/gpus"] is a number; allowed: ${notText}`,
    ],
    [
      "another kind",
      DEPLOYMENT,
      { kind: "Deploy" },
      'kind is a string; allowed: "Deployment" (the SDK). Mend the value.',
    ],
    [
      "none of several types",
      "kubernetes:policy/v1:PodDisruptionBudget",
      { spec: { maxUnavailable: true } },
      "spec.maxUnavailable is a boolean; allowed: a number or a string (the SDK). Mend the value.",
    ],
  ])("%s", (_, token, inputs, reason) => {
    expect(reasons(token, inputs)).toEqual([reason]);
  });

  test("all at once", () => {
    const inputs = { ...nodeGroup, clusterName: undefined, diskSize: "20", sise: 1 };

    expect(reasons(NODE_GROUP, inputs).map((reason) => reason.split(" ")[0])).toEqual([
      "diskSize",
      "sise",
      "clusterName",
    ]);
  });

  test("without their values, which may be secret", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 12 }), (secret) => {
        expect(reasons(NODE_GROUP, { ...nodeGroup, diskSize: secret })).toEqual([
          "diskSize is a string; allowed: a number (the SDK). Mend the value.",
        ]);
      }),
      { numRuns: 20 },
    );
  });
});

test("what is not known yet passes in every place", () => {
  expect(reasons(NODE_GROUP, { ...nodeGroup, scalingConfig: UNKNOWN })).toEqual([]);
  expect(
    reasons(NODE_GROUP, { ...nodeGroup, scalingConfig: { minSize: UNKNOWN, maxSize: 1, desiredSize: 0 } }),
  ).toEqual([]);
  expect(reasons(NODE_GROUP, { ...nodeGroup, subnetIds: [UNKNOWN], labels: { pool: UNKNOWN } })).toEqual([]);
});

describe("a token stands for", () => {
  test.each<[string, string, string | undefined]>([
    ["a resource of AWS", NODE_GROUP, "shape"],
    [
      "a group of Kubernetes with a longer name than its folder",
      "kubernetes:rbac.authorization.k8s.io/v1:Role",
      "shape",
    ],
    ["a kind whose file is spelled otherwise", "kubernetes:storage.k8s.io/v1:CSIDriver", "shape"],
    ["a custom resource", "kubernetes:karpenter.sh/v1:NodePool", "custom"],
    ["a custom resource in a group named like one of Kubernetes", "kubernetes:batch.volcano.sh/v1alpha1:Job", "custom"],
    [
      "a custom resource below a group of Kubernetes",
      "kubernetes:snapshot.storage.k8s.io/v1:VolumeSnapshotClass",
      "custom",
    ],
    ["nothing, where the kind is misspelt", "kubernetes:apps/v1:Deploymant", undefined],
    ["nothing, where the group of Kubernetes has no such kind", "kubernetes:storage.k8s.io/v1:StorageKlass", undefined],
    ["nothing, where AWS has no such resource", "aws:eks/nodeGroup:NodeGrop", undefined],
    ["nothing, where AWS has no such module", "aws:eks/cluster2:Cluster", undefined],
  ])("%s", (_, token, expected) => {
    const looked = new ShapeStore(sdkPackage(token.split(":")[0] as StandInPackage)).shapeOf(token);

    expect(typeof looked === "object" ? "shape" : looked).toBe(expected);
  });
});
