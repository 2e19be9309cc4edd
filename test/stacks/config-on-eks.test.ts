import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ConfigurationError, readEnvironment } from "../../stacks/config";
import { handedOver, planted, type Written } from "./configurations";
import { eksConfig } from "./eks-configurations";

// Which versions of Kubernetes are in support depends on the day.
beforeAll(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: new Date("2026-11-22") });
});
afterAll(() => {
  vi.useRealTimers();
});

const twoZones = ["us-east-1a", "us-east-1b"];
const drivers =
  "coredns, aws-ebs-csi-driver, aws-efs-csi-driver, aws-fsx-csi-driver, aws-mountpoint-s3-csi-driver, " +
  "snapshot-controller, eks-node-monitoring-agent, metrics-server";

/** One change to a configuration on EKS, and the sentences that it leads to. */
const mistakes: [path: (string | number)[], value: unknown, ...texts: string[]][] = [
  [
    ["cluster", "kubeconfig"],
    "~/.kube/config",
    'mlstack:cluster.kubeconfig is "~/.kube/config"; allowed: nothing where the cluster\'s kind is eks. Remove it.',
  ],
  [
    ["cluster", "eks"],
    undefined,
    "mlstack:cluster.eks is missing; allowed: the settings of the cluster. Give at least its region.",
  ],
  [["cluster", "eks", "region"], undefined, "mlstack:cluster.eks.region is missing; allowed: text. Add it."],
  [
    ["cluster", "eks", "region"],
    "us-esat-1",
    'mlstack:cluster.eks.region is "us-esat-1"; allowed: an AWS region with EKS and GPUs. Did you mean "us-east-1"?',
  ],
  [
    ["cluster", "awsAccountId"],
    "12345",
    'mlstack:cluster.awsAccountId is "12345"; allowed: the 12 digits of an AWS account. `aws sts get-caller-identity` tells that of your credentials.',
  ],
  [
    ["cluster", "awsAccountId"],
    123456789012,
    "mlstack:cluster.awsAccountId is 123456789012; allowed: text. Write it in quotes.",
  ],
  [
    ["cluster", "eks", "kubernetesVersion"],
    "1.29",
    'mlstack:cluster.eks.kubernetesVersion is "1.29"; allowed: 1.36, 1.35, 1.34, 1.33. Choose one of these; 1.35 is what everything is tested with.',
  ],
  [
    ["cluster", "eks", "kubernetesVersion"],
    1.35,
    "mlstack:cluster.eks.kubernetesVersion is 1.35; allowed: text. Write it in quotes.",
  ],
  [
    ["cluster", "eks", "publicAccessCidrs"],
    ["0.0.0.0/0"],
    'mlstack:cluster.eks.publicAccessCidrs[0] is "0.0.0.0/0"; allowed: an IPv4 block from /8 to /32, such as 203.0.113.0/24. List the networks of those who operate the cluster, each once; never everybody.',
  ],
  [
    ["cluster", "eks", "vpc", "availabilityZones"],
    ["us-east-1a"],
    'mlstack:cluster.eks.vpc.availabilityZones is ["us-east-1a"]; allowed: 2 to 6 different zones of us-east-1, from us-east-1a to us-east-1f. EKS wants its subnets in at least two zones; name each once.',
  ],
  [
    ["cluster", "eks", "vpc", "natGateways"],
    "two",
    'mlstack:cluster.eks.vpc.natGateways is "two"; allowed: one, one-per-zone, none. Set it to one of these.',
  ],
  [
    ["cluster", "eks", "adminRoleArns"],
    ["operators"],
    'mlstack:cluster.eks.adminRoleArns[0] is "operators"; allowed: the ARN of an IAM role or user, such as arn:aws:iam::123456789012:role/operators. Give the role itself, not a session of it.',
  ],
  [
    ["systemPool", "nodes"],
    5,
    "mlstack:systemPool.nodes is 5; allowed: at most maxNodes, 4. Lower nodes or raise maxNodes.",
  ],
  [
    ["systemPool", "availabilityZones"],
    ["us-east-1a"],
    'mlstack:systemPool.availabilityZones is ["us-east-1a"]; allowed: at least two zones. The controllers that start all other machines run here.',
  ],
  [
    ["gpuPools", 0, "amiType"],
    "AL2023_x86_64_STANDARD",
    'mlstack:gpuPools[0].amiType is "AL2023_x86_64_STANDARD"; allowed: AL2023_x86_64_NVIDIA for p5.48xlarge. Leave amiType out: it is derived.',
  ],
  [
    ["gpuPools", 0, "amiType"],
    "AL2023_ARM_64_NVIDIA",
    'mlstack:gpuPools[0].amiType is "AL2023_ARM_64_NVIDIA"; allowed: AL2023_x86_64_NVIDIA for p5.48xlarge. Leave amiType out: it is derived.',
  ],
  [
    ["gpuPools", 1, "efa"],
    true,
    "mlstack:gpuPools[1].efa is true; allowed: false for g5.xlarge, which has no Elastic Fabric Adapter. Choose a larger type of the family, or one made for training.",
  ],
  [
    ["gpuPools", 1, "availabilityZones"],
    ["us-east-1a"],
    'mlstack:gpuPools[1].availabilityZones is ["us-east-1a"]; allowed: at least two zones for the capacity type spot, as each may run out. Name another zone, or buy on demand.',
  ],
  [
    ["gpuPools", 0, "maxGpus"],
    4,
    "mlstack:gpuPools[0].maxGpus is 4; allowed: at least 8, the GPUs of one p5.48xlarge. Raise it, or choose a smaller instance type.",
  ],
  [
    ["gpuPools", 1, "maxUsdPerHour"],
    0.5,
    "mlstack:gpuPools[1].maxUsdPerHour is 0.5; allowed: at least 1.006, the price of one g5.xlarge in us-east-1. Raise it, or choose a cheaper instance type.",
    "mlstack:gpuPools[1].schedules[0].nodes is 2; allowed: more than minNodes, 0, and at most the ceiling of 1 nodes. Change it, or the range of the pool.",
  ],
  [
    ["gpuPools", 0, "availabilityZones"],
    twoZones,
    'mlstack:gpuPools[0].availabilityZones is ["us-east-1a","us-east-1b"]; allowed: exactly one zone for the capacity type capacity-block, as a reservation is in one zone. Name that zone.',
  ],
  [
    ["gpuPools", 0, "availabilityZones"],
    ["us-east-1d"],
    'mlstack:gpuPools[0].availabilityZones[0] is "us-east-1d"; allowed: us-east-1a, us-east-1b, us-east-1c. Choose a zone that the cluster has a subnet in.',
  ],
  [
    ["gpuPools", 2, "minNodes"],
    4,
    "mlstack:gpuPools[2].minNodes is 4; allowed: at most maxNodes, 3. Lower minNodes or raise maxNodes.",
  ],
  [
    ["gpuPools", 1, "minNodes"],
    1,
    "mlstack:gpuPools[1].minNodes is 1; allowed: 0 for the back end karpenter. Use schedules for hours in which nodes shall stand ready, or the back end managed.",
  ],
  [
    ["gpuPools", 1, "backEnd"],
    "auto",
    'mlstack:gpuPools[1].backEnd is "auto"; allowed: managed, karpenter where Auto Mode is off. Turn autoMode on for the cluster, or choose another back end.',
  ],
  [
    ["cluster", "eks", "autoMode"],
    true,
    'mlstack:addOns.install[0] is "coredns"; allowed: none that EKS Auto Mode brings. Remove it: the cluster has it already.',
    'mlstack:gpuPools[1].backEnd is "karpenter"; allowed: auto where Auto Mode is on. Remove it, or turn autoMode off for the cluster.',
    "mlstack:gpuPools[2].minNodes is 1; allowed: 0 for the back end auto. Use schedules for hours in which nodes shall stand ready, or the back end managed.",
    "mlstack:systemPool.nodes is 2; allowed: 0 in Auto Mode. Remove it: machines are started when pods need them.",
  ],
  [
    ["gpuPools", 0, "capacityReservationId"],
    undefined,
    "mlstack:gpuPools[0].capacityReservationId is missing; allowed: the id of a reservation, such as cr-0123456789abcdef0. The capacity type capacity-block takes its machines from there.",
  ],
  [
    ["gpuPools", 1, "schedules", 0, "timeZone"],
    "Europe/Berln",
    'mlstack:gpuPools[1].schedules[0].timeZone is "Europe/Berln"; allowed: a time zone of the IANA. Did you mean "Europe/Berlin"?',
  ],
  [
    ["gpuPools", 1, "schedules", 0, "days"],
    ["mon"],
    'mlstack:gpuPools[1].schedules[0].days[0] is "mon"; allowed: sunday, monday, tuesday, wednesday, thursday, friday, saturday. Set it to one of these.',
  ],
  [
    ["gpuPools", 2, "gpus"],
    { gpuMemoryGib: 20 },
    "mlstack:gpuPools[2].instanceType is given beside gpus; allowed: exactly one of instanceType, instanceTypes and gpus. Keep one of them.",
  ],
  [["addOns", "install", 0], "efs", `mlstack:addOns.install[0] is "efs"; allowed: ${drivers}. Set it to one of these.`],
  [
    ["addOns", "install"],
    ["coredns", "aws-mountpoint-s3-csi-driver"],
    'mlstack:storage.volumes[0].kind is "efs"; allowed: a kind whose driver mlstack:addOns.install lists. Add aws-efs-csi-driver there.',
  ],
  [
    ["addOns", "versions"],
    { coredns: "latest" },
    'mlstack:addOns.versions.coredns is "latest"; allowed: a version such as v1.48.0-eksbuild.1. `aws eks describe-addon-versions` lists those that there are.',
  ],
  [
    ["storage", "volumes", 0, "kind"],
    "nfs",
    'mlstack:storage.volumes[0].kind is "nfs"; allowed: efs, fsx-lustre. Did you mean "efs"?',
  ],
  [
    ["storage", "volumes", 0, "lustre"],
    {},
    "mlstack:storage.volumes[0].lustre is given for the kind efs; allowed: the settings of that kind alone. Remove lustre.",
  ],
  [
    ["storage", "datasets", 0, "name"],
    "checkpoints",
    'mlstack:storage.datasets[0].name is "checkpoints"; allowed: a name that nothing else of the storage has, and mlstack:storage.volumes[0].name has this one. Rename it.',
  ],
  [
    ["storage", "datasets", 0, "claimName"],
    "checkpoints",
    'mlstack:storage.datasets[0].claimName is "checkpoints"; allowed: each claim of a namespace once. Rename the claim.',
  ],
  [
    ["storage", "datasets", 0, "bucket", "serviceAccounts"],
    [],
    "mlstack:storage.datasets[0].bucket.serviceAccounts is []; allowed: at least one service account. Name those whose pods read the data; nobody else can.",
  ],
  [
    ["storage", "artifacts", "grants", 0, "access"],
    "all",
    'mlstack:storage.artifacts.grants[0].access is "all"; allowed: read, write, read-write. Set it to one of these.',
  ],
  [
    ["storage", "artifacts", "transition"],
    { afterDays: 5, storageClass: "STANDARD_IA" },
    "mlstack:storage.artifacts.transition.afterDays is 5; allowed: a whole number from 30 to 3650. Set transition.afterDays within that range.",
  ],
  [
    ["tags", "aws:owner"],
    "me",
    'mlstack:tags["aws:owner"] is "me"; allowed: keys of 1 to 128 and values of up to 256 letters, digits, spaces and +-=._:/@. Respell it; keys that begin with aws:, and the key Name, are not yours to set.',
  ],
  [
    ["tags", "mlstack:environment"],
    "test",
    'mlstack:tags["mlstack:environment"] is "test"; allowed: only what the stack itself sets there. Remove the tag.',
  ],
  [["protect"], "yes", 'mlstack:protect is "yes"; allowed: true or false. Write it as true or false.'],
  [
    ["gpuPools"],
    [eksConfig.gpuPools[1]],
    'mlstack:scenarios[1] is "two-gpu-pod"; allowed: a scenario that a pool of mlstack:gpuPools can run. Add a pool of amd64 nodes with 2 GPUs each.',
  ],
];

describe("a configuration on EKS", () => {
  test.each(mistakes)("is refused for %j: %j", (path, value, ...texts) => {
    expect(textsOf(planted({ config: eksConfig, path, value }))).toEqual(texts);
  });

  test("is refused for a spot pool with one type, also by another name", () => {
    const spot = { name: "batch", capacityType: "spot", maxNodes: 2 };
    const remedy = "Name further types in instanceTypes, or buy on demand.";
    const allowed = "at least two instance types for the capacity type spot, as each may run out";
    expect(textsOf({ ...eksConfig, gpuPools: [{ ...spot, instanceType: "g6.12xlarge" }] })).toEqual([
      `mlstack:gpuPools[0].instanceType is "g6.12xlarge"; allowed: ${allowed}. ${remedy}`,
    ]);
  });

  test("is refused for too many tags, as components add their own", () => {
    const tags = Object.fromEntries(Array.from({ length: 31 }, (_, index) => [`tag-${index}`, "x"]));
    expect(textsOf({ ...eksConfig, tags })).toEqual([
      "mlstack:tags is a mapping; allowed: at most 30 tags. Remove some.",
    ]);
  });

  test("tells every mistake at once, and nothing that only follows from one", () => {
    const texts = textsOf({
      cluster: { kind: "eks", eks: { region: "us-east-1", kubernetesVersion: "1.20", autoMode: "yes" } },
      gpuPools: [
        { name: "training", instanceType: 5, efa: true, maxGpus: 1, capacityType: "capacity block" },
        { name: "batch", instanceType: "g5.xlarge", backEnd: "karpenter", minNodes: 2, maxNodes: "4" },
      ],
      storage: { volumes: [{ name: "Checkpoints", kind: "nfs", lustre: {} }] },
      tags: { Name: "x" },
    });
    expect(texts.map((text) => text.slice(0, text.indexOf(" is ")))).toEqual([
      "mlstack:cluster.eks.autoMode",
      "mlstack:cluster.eks.kubernetesVersion",
      "mlstack:gpuPools[0].capacityType",
      "mlstack:gpuPools[0].instanceType",
      "mlstack:gpuPools[1].maxNodes",
      "mlstack:gpuPools[1].minNodes",
      "mlstack:storage.volumes[0].kind",
      "mlstack:storage.volumes[0].namespace",
      "mlstack:tags.Name",
    ]);
  });

  test("is read with the name, the tags and the protection that follow", () => {
    const environment = readEnvironment(handedOver(eksConfig), { stack: "prod" });
    expect(environment.cluster.eks).toEqual({
      ...eksConfig.cluster.eks,
      clusterName: "mlstack-prod",
      tags: { "cost-center": "ml", "mlstack:environment": "prod", "mlstack:cluster": "mlstack-prod" },
    });
    expect(environment.systemPool).toEqual({ instanceType: "m7i.xlarge", minNodes: 2, maxNodes: 4 });
    expect(environment.gpuPools.map(({ name }) => name)).toEqual(["training", "batch", "serving"]);
    expect(environment.addOns).toEqual({ addOns: eksConfig.addOns.install });
    expect(environment.storage.volumes).toEqual([
      { name: "checkpoints", args: { namespace: "training", kind: "efs", protect: true } },
    ]);
  });

  test("needs no more than a region", () => {
    const { cluster, protect } = readEnvironment(
      handedOver({ cluster: { kind: "eks", eks: { region: "eu-west-1" } } }),
      { stack: "lab" },
    );
    expect(protect).toBe(true);
    expect(cluster.eks).toEqual({
      region: "eu-west-1",
      clusterName: "mlstack-lab",
      tags: { "mlstack:environment": "lab", "mlstack:cluster": "mlstack-lab" },
    });
  });
});

function textsOf(config: Written): string[] {
  try {
    readEnvironment(handedOver(config), { stack: "prod" });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems.map(({ text }) => text);
    throw error;
  }
  throw new Error("The configuration was accepted.");
}
