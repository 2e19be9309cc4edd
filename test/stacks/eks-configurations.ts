import * as fc from "fast-check";
import { gpuInstanceTypes, nodeImageProblem } from "../../components/model";
import type { Mistake, Written } from "./configurations";
import { validPlatform } from "./platform-configurations";

/** The configuration of a stack on EKS in which most keys are written. */
export const eksConfig = {
  cluster: {
    kind: "eks",
    eks: {
      region: "us-east-1",
      kubernetesVersion: "1.35",
      vpc: { cidr: "10.0.0.0/16", availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"] },
      adminRoleArns: ["arn:aws:iam::123456789012:role/operators"],
    },
  },
  systemPool: { instanceType: "m7i.xlarge", nodes: 2, maxNodes: 4 },
  gpuPools: [
    {
      name: "training",
      instanceType: "p5.48xlarge",
      capacityType: "capacity-block",
      capacityReservationId: "cr-0123456789abcdef0",
      availabilityZones: ["us-east-1b"],
      efa: true,
      maxGpus: 32,
    },
    {
      name: "batch",
      backEnd: "karpenter",
      instanceTypes: ["g5.xlarge", "g6.xlarge"],
      capacityType: "spot",
      maxUsdPerHour: 20,
      schedules: [{ name: "nightly", from: "01:00", to: "05:00", nodes: 2 }],
    },
    { name: "serving", instanceType: "g6.12xlarge", purpose: "serving", minNodes: 1, maxNodes: 3 },
  ],
  addOns: {
    install: ["coredns", "aws-efs-csi-driver", "aws-fsx-csi-driver", "aws-mountpoint-s3-csi-driver"],
  },
  storage: {
    artifacts: { grants: [{ namespace: "training", serviceAccount: "trainer", access: "read-write" }] },
    volumes: [{ name: "checkpoints", namespace: "training", kind: "efs" }],
    datasets: [
      {
        name: "corpus",
        namespace: "training",
        kind: "s3-mount",
        bucket: { bucketName: "example-corpus", serviceAccounts: ["trainer"] },
      },
    ],
  },
  scenarios: ["mnist", "two-gpu-pod"],
  tags: { "cost-center": "ml" },
  protect: true,
} satisfies Written;

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const gpuTypes = gpuInstanceTypes().filter(({ gpuCount, instanceType }) => {
  return gpuCount > 0 && nodeImageProblem(instanceType, "al2023") === undefined;
});
const zones = (region: string) => ["a", "b", "c"].map((letter) => `${region}${letter}`);
const region = fc.constantFrom("us-east-1", "us-west-2", "eu-central-1", "ap-southeast-2");

const eks = region.chain((name) =>
  fc.record(
    {
      region: fc.constant(name),
      clusterName: word,
      kubernetesVersion: fc.constantFrom("1.35", "1.36"),
      // No day ends it.
      supportType: fc.constant("EXTENDED"),
      vpc: fc.record(
        {
          cidr: fc.constantFrom("10.0.0.0/16", "10.64.0.0/18"),
          availabilityZones: fc.subarray(zones(name), { minLength: 2 }),
          natGateways: fc.constantFrom("one", "one-per-zone"),
        },
        { requiredKeys: [] },
      ),
      publicAccessCidrs: fc.constant(["203.0.113.0/24"]),
      logRetentionDays: fc.constantFrom(7, 30, 365),
      deletionProtection: fc.boolean(),
    },
    { requiredKeys: ["region", "supportType"] },
  ),
);

/** Pools that any region with two zones can have. */
const gpuPool = fc
  .tuple(
    fc.constantFrom(...gpuTypes),
    fc.constantFrom(
      { backEnd: "managed", purpose: "serving" },
      { backEnd: "karpenter", purpose: "serving" },
      { backEnd: "karpenter", purpose: "training" },
    ),
    fc.integer({ min: 1, max: 20 }),
    fc.boolean(),
  )
  .map(([{ instanceType, gpuCount }, pool, nodes, inGpus]) => ({
    ...pool,
    instanceType,
    ...(inGpus ? { maxGpus: nodes * gpuCount } : { maxNodes: nodes }),
  }));

const gpuPools = fc.array(gpuPool, { minLength: 2, maxLength: 4 }).map((pools) => {
  return pools.map((pool, index) => ({ ...pool, name: `pool-${index}` }));
});

const storage = fc.record(
  {
    artifacts: fc.record({ noncurrentDays: fc.integer({ min: 1, max: 365 }) }, { requiredKeys: [] }),
    volumes: fc.constant(eksConfig.storage.volumes),
    datasets: fc.constant(eksConfig.storage.datasets),
  },
  { requiredKeys: [] },
);

/** Configurations on EKS that are accepted, whatever the day. */
export const validEksConfig: fc.Arbitrary<Written> = fc.record(
  {
    cluster: fc.record({ kind: fc.constant("eks"), eks }),
    systemPool: fc.constant({ instanceType: "m7i.large", nodes: 3, maxNodes: 5 }),
    gpuPools,
    storage,
    platform: validPlatform,
    tags: fc.dictionary(word, word, { maxKeys: 3 }),
    protect: fc.boolean(),
  },
  { requiredKeys: ["cluster", "gpuPools"] },
);

const notText = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.array(word), fc.dictionary(word, word));
const notFlag = fc.oneof(fc.integer(), word, fc.constant(null), fc.array(word));
const notList = fc.oneof(fc.integer(), fc.boolean(), word, fc.dictionary(word, word));
const notMapping = fc.oneof(fc.integer(), fc.boolean(), word, fc.array(word));
const notAmount = fc.oneof(fc.constantFrom(0, -5), word, fc.boolean());
const unknownWord = word.map((name) => `${name}X`);

/** Places of mistakes on EKS, and the values that are mistakes there. */
const mistakes: [path: (string | number)[], value: fc.Arbitrary<unknown>][] = [
  [["cluster", "eks"], fc.oneof(notMapping, fc.constant(undefined))],
  [["cluster", "eks", "region"], fc.oneof(notText, unknownWord, fc.constant(undefined))],
  [["cluster", "eks", "kubernetesVersion"], fc.oneof(notText, fc.constantFrom("1.20", "2.0", "latest"))],
  [["cluster", "eks", "supportType"], fc.oneof(notText, unknownWord)],
  [["cluster", "eks", "vpc"], notMapping],
  [["cluster", "eks", "vpc", "cidr"], fc.oneof(notText, word, fc.constantFrom("10.0.0.1/16", "10.0.0.0/8"))],
  [["cluster", "eks", "vpc", "availabilityZones"], fc.oneof(notList, fc.constant([]), fc.constant(["moon-1a"]))],
  [["cluster", "eks", "autoMode"], notFlag],
  [["cluster", "eks", "deletionProtection"], notFlag],
  [["cluster", "eks", "logRetentionDays"], fc.constantFrom(0, 2, "30")],
  [["cluster", "kubeconfig"], word],
  [["cluster", "context"], word],
  [["gpuPools", 1, "backEnd"], fc.oneof(notText, unknownWord)],
  [["gpuPools", 1, "purpose"], fc.oneof(notText, unknownWord)],
  [["gpuPools", 1, "efa"], notFlag],
  [["gpuPools", 1, "maxUsdPerHour"], fc.oneof(word, fc.boolean())],
  [["gpuPools", 1, "usdPerNodeHour"], notAmount],
  [["gpuPools", 1, "amiType"], fc.oneof(notText, unknownWord)],
  [["gpuPools", 1, "availabilityZones"], notList],
  [["gpuPools", 1, "schedules"], notList],
  [["gpuPools", 1, "rootVolumeGib"], fc.oneof(notAmount, fc.constant(49))],
  [["addOns"], notMapping],
  [["addOns", "install"], notList],
  [["addOns", "install", 0], fc.oneof(notText, unknownWord)],
  [["storage"], notMapping],
  [["storage", "artifacts"], notMapping],
  [["storage", "artifacts", "noncurrentDays"], fc.constantFrom(0, -1, 0.5, "7")],
  [["storage", "volumes"], notList],
  [["storage", "volumes", 0], notMapping],
  [["storage", "volumes", 0, "kind"], fc.oneof(notText, unknownWord)],
  [["storage", "volumes", 0, "namespace"], fc.oneof(notText, unknownWord, fc.constant(undefined))],
  [["storage", "datasets", 0], notMapping],
  [["storage", "datasets", 0, "kind"], fc.oneof(notText, unknownWord, fc.constant(undefined))],
  [["platform"], notMapping],
  [["platform", "parts", "kueue", "replicas"], fc.oneof(word, fc.constantFrom(0, 0.5))],
  [["platform", "parts", "monitoring"], notMapping],
  [["tags"], notMapping],
  [["tags", "Name"], word],
  [["tags", "aws:owner"], word],
  [["protect"], notFlag],
];

/** Configurations on EKS with one mistake, each row of the table as often as the others. */
export const mistakenOnEks: fc.Arbitrary<Mistake> = fc.oneof(
  ...mistakes.map(([path, value]) => fc.record({ config: validEksConfig, path: fc.constant(path), value })),
);
