import { describe, expect, it } from "vitest";
import {
  AmiFamily,
  Architecture,
  CapacityType,
  type GpuNodePoolArgs,
  gpuPoolShape,
  PoolBackEnd,
  PoolPurpose,
  TaintEffect,
  validateGpuNodePool,
} from "../../../components";
import { autoFacts, eksFacts } from "../../support/eks-facts";

const typeless: GpuNodePoolArgs = { maxNodes: 3, eks: eksFacts, backEnd: PoolBackEnd.karpenter };
const onEks: GpuNodePoolArgs = { ...typeless, instanceType: "g5.12xlarge" };
const unbounded: GpuNodePoolArgs = { instanceType: "g5.12xlarge", eks: eksFacts, backEnd: PoolBackEnd.karpenter };
/** Without a back end of its own. */
const bare: GpuNodePoolArgs = { maxNodes: 3, instanceType: "g5.12xlarge" };
const zone = ["us-east-1a"];
const managed: GpuNodePoolArgs = { ...onEks, backEnd: PoolBackEnd.managed, availabilityZones: zone };
const reservation = "cr-0123456789abcdef0";

function reasonsOf(args: GpuNodePoolArgs): string[] {
  return validateGpuNodePool("train", args).map(({ reason }) => reason);
}

describe("GpuNodePool on EKS: checks", () => {
  it.each<[string, GpuNodePoolArgs]>([
    ["the arguments that the other tests use", onEks],
    ["a managed group for training in one zone", { ...onEks, backEnd: PoolBackEnd.managed, availabilityZones: zone }],
    [
      "a managed group for serving in all zones",
      { ...onEks, backEnd: PoolBackEnd.managed, purpose: PoolPurpose.serving },
    ],
    ["the default back end of a cluster in Auto Mode", { ...bare, eks: autoFacts }],
    ["Auto Mode where it is on", { ...onEks, eks: autoFacts, backEnd: PoolBackEnd.auto }],
    ["the image class that follows anyway", { ...onEks, amiType: "AL2023_x86_64_NVIDIA" }],
    ["an image class of another family", { ...onEks, amiType: "BOTTLEROCKET_x86_64_NVIDIA" }],
    ["arm64 with its own image", { ...onEks, instanceType: "g5g.xlarge", amiType: "AL2023_ARM_64_NVIDIA" }],
    [
      "spot with two types and three zones",
      { ...typeless, instanceTypes: ["g5.xlarge", "g6.xlarge"], capacityType: "spot" },
    ],
    ["spot by what the GPUs must be like", { ...typeless, gpus: { gpuMemoryGib: 20 }, capacityType: "spot" }],
    [
      "a reservation in its zone",
      { ...onEks, capacityType: CapacityType.reserved, capacityReservationId: reservation, availabilityZones: zone },
    ],
    ["a domain that AWS leaves to others", { ...onEks, labels: { "k8s.amazonaws.com/team": "a" } }],
    ["EFA and a placement group in one zone", { ...onEks, efa: true, placementGroup: true, availabilityZones: zone }],
    [
      "EFA and a placement group in Auto Mode",
      {
        ...onEks,
        eks: autoFacts,
        backEnd: PoolBackEnd.auto,
        efa: true,
        placementGroup: true,
        availabilityZones: zone,
      },
    ],
    ["a ceiling in GPUs alone", { ...unbounded, maxGpus: 8 }],
    ["a ceiling in money alone", { ...unbounded, maxUsdPerHour: 20 }],
  ])("accepts %s", (_given, args) => {
    expect(reasonsOf(args)).toEqual([]);
  });

  it.each<[string, GpuNodePoolArgs, string[]]>([
    [
      "a CPU image for a GPU type",
      { ...onEks, amiType: "AL2023_x86_64_STANDARD" },
      [
        'amiType is "AL2023_x86_64_STANDARD"; allowed: AL2023_x86_64_NVIDIA for g5.12xlarge. ' +
          "Leave amiType out: it is derived.",
      ],
    ],
    [
      "an arm64 image class on x86",
      { ...onEks, amiType: "AL2023_ARM_64_NVIDIA" },
      [
        'amiType is "AL2023_ARM_64_NVIDIA"; allowed: AL2023_x86_64_NVIDIA for g5.12xlarge. ' +
          "Leave amiType out: it is derived.",
      ],
    ],
    [
      "an image of its own in Auto Mode",
      { ...onEks, eks: autoFacts, backEnd: PoolBackEnd.auto, amiFamily: AmiFamily.al2023 },
      [
        'amiFamily is "al2023"; allowed: nothing, as EKS Auto Mode brings its own image. ' +
          "Remove it, or choose another back end.",
      ],
    ],
    [
      "local disks left alone in Auto Mode",
      { ...onEks, eks: autoFacts, backEnd: PoolBackEnd.auto, localStorage: false },
      ["localStorage is false; allowed: true for the back end auto, which always uses local disks. Remove it."],
    ],
    [
      "EFA on a type without it",
      { ...onEks, instanceType: "g5.xlarge", efa: true, availabilityZones: zone },
      [
        "efa is true; allowed: false for g5.xlarge, which has no Elastic Fabric Adapter. " +
          "Choose a larger type of the family, or one made for training.",
      ],
    ],
    [
      "spot with one type",
      { ...onEks, capacityType: CapacityType.spot },
      [
        'instanceType is "g5.12xlarge"; allowed: at least two instance types for the capacity type spot, as each may run ' +
          "out. Name further types in instanceTypes, or buy on demand.",
      ],
    ],
    [
      "spot in one zone",
      {
        ...typeless,
        instanceTypes: ["g5.xlarge", "g6.xlarge"],
        capacityType: CapacityType.spot,
        availabilityZones: zone,
      },
      [
        'availabilityZones is ["us-east-1a"]; allowed: at least two zones for the capacity type spot, as each may run ' +
          "out. Name another zone, or buy on demand.",
      ],
    ],
    [
      "a ceiling in GPUs below one node",
      { ...unbounded, maxGpus: 3 },
      ["maxGpus is 3; allowed: at least 4, the GPUs of one g5.12xlarge. Raise it, or choose a smaller instance type."],
    ],
    [
      "a ceiling in money below one node",
      { ...unbounded, maxUsdPerHour: 5 },
      [
        "maxUsdPerHour is 5; allowed: at least 5.672, the price of one g5.12xlarge in us-east-1. " +
          "Raise it, or choose a cheaper instance type.",
      ],
    ],
    [
      "a ceiling in money where no price is known",
      { ...unbounded, maxUsdPerHour: 5, eks: { ...eksFacts, region: "eu-west-1" } },
      [
        "maxUsdPerHour is 5, but no price is known for each instance type in eu-west-1; allowed: nothing, or a price " +
          "beside it. Give usdPerNodeHour, or use maxNodes.",
      ],
    ],
    [
      "no ceiling",
      unbounded,
      [
        "maxNodes is missing; allowed: at least one of maxNodes, maxGpus and maxUsdPerHour. " +
          "Say how far the pool may grow, as that is the ceiling of its cost.",
      ],
    ],
    [
      "a capacity block in two zones",
      {
        ...onEks,
        capacityType: CapacityType.capacityBlock,
        capacityReservationId: reservation,
        availabilityZones: ["us-east-1a", "us-east-1b"],
      },
      [
        'availabilityZones is ["us-east-1a","us-east-1b"]; allowed: exactly one zone for the capacity type ' +
          "capacity-block, as a reservation is in one zone. Name that zone.",
      ],
    ],
    [
      "a reservation without its id",
      { ...onEks, capacityType: CapacityType.reserved, availabilityZones: zone },
      [
        "capacityReservationId is missing; allowed: the id of a reservation, such as cr-0123456789abcdef0. " +
          "The capacity type reserved takes its machines from there.",
      ],
    ],
    [
      "a reservation that would not be used",
      { ...onEks, capacityReservationId: reservation },
      [
        'capacityReservationId is "cr-0123456789abcdef0"; allowed: nothing for the capacity type on-demand. ' +
          "Remove it, or set capacityType to reserved or capacity-block.",
      ],
    ],
    [
      "a placement group over several zones",
      { ...onEks, placementGroup: true },
      [
        'availabilityZones is ["us-east-1a","us-east-1b","us-east-1c"]; allowed: exactly one zone for placementGroup, ' +
          "which does not reach beyond it. Name that zone.",
      ],
    ],
    [
      "EFA over several zones",
      { ...onEks, efa: true },
      [
        'availabilityZones is ["us-east-1a","us-east-1b","us-east-1c"]; allowed: exactly one zone for efa, ' +
          "which does not reach beyond it. Name that zone.",
      ],
    ],
    [
      "EFA on spot capacity",
      { ...typeless, instanceTypes: ["g5.8xlarge", "g6.8xlarge"], capacityType: CapacityType.spot, efa: true },
      [
        'capacityType is "spot"; allowed: a capacity type other than spot beside efa, as that is in one zone and spot ' +
          "needs two. Buy on demand, or train on one node at a time.",
      ],
    ],
    [
      "a placement group of its own for machines that are reserved elsewhere",
      {
        ...onEks,
        capacityType: CapacityType.reserved,
        capacityReservationId: reservation,
        availabilityZones: zone,
        placementGroup: true,
      },
      [
        "placementGroup is true; allowed: false for the capacity type reserved, whose reservation decides where machines " +
          "stand. Remove it.",
      ],
    ],
    [
      "training on a managed group over several zones",
      { ...onEks, backEnd: PoolBackEnd.managed },
      [
        'availabilityZones is ["us-east-1a","us-east-1b","us-east-1c"]; allowed: one zone for the back end managed and ' +
          "the purpose training, as Auto Scaling moves machines between zones. Name one zone, set purpose to serving, or " +
          "choose the back end karpenter.",
      ],
    ],
    [
      "a managed group in Auto Mode, where its nodes would have no network",
      { ...bare, eks: autoFacts, backEnd: PoolBackEnd.managed, purpose: PoolPurpose.serving },
      ['backEnd is "managed"; allowed: auto where Auto Mode is on. Remove it, or turn autoMode off for the cluster.'],
    ],
    [
      "a release spelt as for another back end",
      { ...onEks, amiVersion: "1.35.3-20260714" },
      [
        'amiVersion is "1.35.3-20260714"; allowed: a release of al2023 such as v20260714 for the back end karpenter. ' +
          "Spell it that way, or leave it out for the newest.",
      ],
    ],
    [
      "a label of Kubernetes' own",
      { ...onEks, labels: { "node-role.kubernetes.io/gpu": "true" } },
      [
        'labels["node-role.kubernetes.io/gpu"] is "node-role.kubernetes.io/gpu"; allowed: a key outside kubernetes.io, ' +
          "k8s.io, eks.amazonaws.com, karpenter.sh, karpenter.k8s.aws. Nodes may not be given labels of kubernetes.io; " +
          "use a domain of your own.",
      ],
    ],
    [
      "a taint that EKS is too small for",
      {
        ...managed,
        taints: [
          {
            key: "platform.machine-learning.example.com/the-team-that-pays-for-the-pool",
            effect: TaintEffect.noSchedule,
          },
        ],
      },
      [
        'taints[0].key is "platform.machine-learning.example.com/the-team-that-pays-for-the-pool"; allowed: at most 63 ' +
          "characters with the prefix, as EKS demands of managed groups. Shorten the key.",
      ],
    ],
    [
      "nodes that always stand with Karpenter",
      { ...onEks, minNodes: 1 },
      [
        "minNodes is 1; allowed: 0 for the back end karpenter. " +
          "Use schedules for hours in which nodes shall stand ready, or the back end managed.",
      ],
    ],
    [
      "Auto Mode where it is off",
      { ...onEks, backEnd: PoolBackEnd.auto },
      [
        'backEnd is "auto"; allowed: managed, karpenter where Auto Mode is off. ' +
          "Turn autoMode on for the cluster, or choose another back end.",
      ],
    ],
    [
      "simulated nodes on EKS",
      { ...onEks, backEnd: PoolBackEnd.simulated },
      [
        'backEnd is "simulated"; allowed: managed, karpenter, auto for a cluster on EKS. ' +
          "Remove backEnd, or eks where the cluster is the embedded one.",
      ],
    ],
    [
      "a back end without a cluster",
      { instanceType: "g5.12xlarge", maxNodes: 1, backEnd: PoolBackEnd.managed },
      ["eks is missing; allowed: the facts of a cluster on EKS. The back end managed needs one: pass cluster.eks."],
    ],
    [
      "a zone that the cluster has no subnet in",
      { ...onEks, availabilityZones: ["us-east-1f"] },
      [
        'availabilityZones[0] is "us-east-1f"; allowed: us-east-1a, us-east-1b, us-east-1c. ' +
          "Choose a zone that the cluster has a subnet in.",
      ],
    ],
    [
      "types with different numbers of GPUs",
      { ...typeless, instanceTypes: ["g5.xlarge", "g5.12xlarge"] },
      [
        "instanceTypes is g5.xlarge with 1 and g5.12xlarge with 4; allowed: types of the same number of GPUs. " +
          "Give each kind of machine a pool of its own.",
      ],
    ],
    [
      "fabric adapters on different network cards",
      { ...typeless, instanceTypes: ["p5en.48xlarge", "p6-b300.48xlarge"], efa: true, availabilityZones: zone },
      [
        "instanceTypes is p5en.48xlarge with 16 (cards 0-15) and p6-b300.48xlarge with 16 (cards 1-16); allowed: types " +
          "of the same EFA interfaces. Give each kind of machine a pool of its own.",
      ],
    ],
    [
      "a label that EKS is too small for",
      { ...managed, labels: { "platform.machine-learning.example.com/the-team-that-pays-for-the-pool": "" } },
      [
        'labels["platform.machine-learning.example.com/the-team-that-pays-for-the-pool"] is ""; allowed: a key of at most ' +
          "63 characters with its prefix and a value that is not empty, as EKS demands of managed groups. " +
          "Shorten the key, or write a value.",
      ],
    ],
    [
      "types named in two ways",
      { ...onEks, gpus: { gpuMemoryGib: 20 } },
      [
        "instanceType is given beside gpus; allowed: exactly one of instanceType, instanceTypes and gpus. " +
          "Keep one of them.",
      ],
    ],
    [
      "no type at all",
      typeless,
      [
        "instanceType is missing; allowed: exactly one of instanceType, instanceTypes and gpus. " +
          "Name the instance type, or say what its GPUs must be like.",
      ],
    ],
    [
      "a schedule beyond the ceiling",
      { ...onEks, schedules: [{ name: "nightly", from: "02:00", to: "06:00", nodes: 4 }] },
      [
        "schedules[0].nodes is 4; allowed: more than minNodes, 0, and at most the ceiling of 3 nodes. " +
          "Change it, or the range of the pool.",
      ],
    ],
    [
      "a root volume too small for an image with CUDA",
      { ...onEks, rootVolumeGib: 20 },
      ["rootVolumeGib is 20; allowed: a whole number from 50 to 16384. Set rootVolumeGib within that range."],
    ],
  ])("refuses %s", (_given, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });
});

describe("the tags of a GpuNodePool on EKS", () => {
  const tagged = (count: number) => {
    const tags = Object.fromEntries(Array.from({ length: count }, (_, index) => [`team-${index}`, "a"]));
    return validateGpuNodePool("train", { ...managed, eks: { ...eksFacts, tags } }).map(({ reason }) => reason);
  };

  it("fit on the group of a managed pool, or are refused before anything is made", () => {
    expect(tagged(30)).toEqual([]);
    expect(tagged(45)).toEqual([
      expect.stringMatching(/^eks\.tags is 4\d tags .*; allowed: at most \d+, beside \d+ for /),
    ]);
  });
});

describe("the name of a GpuNodePool on EKS", () => {
  it.each([
    ["managed", managed, 49],
    ["auto", { ...bare, eks: autoFacts }, 46],
  ])("leaves room for what AWS's resources are named with the back end %s", (backEnd, args, longest) => {
    expect(validateGpuNodePool("p".repeat(longest), args)).toEqual([]);
    expect(validateGpuNodePool("p".repeat(longest + 1), args).map(({ reason }) => reason)).toEqual([
      `name is "${"p".repeat(longest + 1)}"; allowed: at most ${longest} characters for the back end ${backEnd}, as AWS's ` +
        "resources are named after it. Shorten the component's name, and give the pool its own as poolName.",
    ]);
  });
});

describe("gpuPoolShape on EKS", () => {
  it("is as large as the lowest of the ceilings allows", () => {
    const ceilings = { maxNodes: 9, maxGpus: 30, maxUsdPerHour: 40 };
    expect(gpuPoolShape("train", { ...onEks, ...ceilings }).maxNodes).toBe(7);
    expect(gpuPoolShape("train", { ...onEks, ...ceilings, maxGpus: 24 }).maxNodes).toBe(6);
    expect(gpuPoolShape("train", { ...onEks, ...ceilings, maxNodes: 2 }).maxNodes).toBe(2);
  });

  it("counts a ceiling of exactly three nodes as three nodes", () => {
    const { maxNodes } = gpuPoolShape("a", { instanceType: "g5.xlarge", maxUsdPerHour: 3 * 1.006, eks: eksFacts });
    expect(maxNodes).toBe(3);
  });

  it("promises of several types what the smallest has, and the price of the dearest", () => {
    const shape = gpuPoolShape("mixed", { ...typeless, instanceTypes: ["g5.2xlarge", "g6.xlarge"] });
    expect(shape).toMatchObject({
      instanceType: "g5.2xlarge",
      instanceTypes: ["g5.2xlarge", "g6.xlarge"],
      vcpus: 4,
      memoryGib: 16,
      usdPerNodeHour: 1.212,
    });
    expect(shape.gpuModel).toBeUndefined();
    expect(shape.labels).not.toHaveProperty(["mlstack.dev/gpu-model"]);
    expect(shape.labels).not.toHaveProperty(["node.kubernetes.io/instance-type"]);
  });

  it("takes the cheapest type that fulfils what the GPUs must be like, and for spot several alike", () => {
    const gpus = { gpuMemoryGib: 20 };
    expect(gpuPoolShape("any", { ...typeless, gpus }).instanceTypes).toEqual(["g6.xlarge"]);
    const spot = gpuPoolShape("any", { ...typeless, gpus, capacityType: CapacityType.spot });
    expect(spot.instanceTypes).toHaveLength(4);
    expect(spot.gpusPerNode).toBe(1);
    const arm = gpuPoolShape("any", { ...typeless, gpus: { gpuMemoryGib: 15, architecture: Architecture.arm64 } });
    expect(arm.instanceType).toBe("g5g.xlarge");
  });

  it("offers fabric adapters only where they are asked for", () => {
    expect(gpuPoolShape("train", { ...onEks, efa: true })).toMatchObject({
      efaInterfaces: 1,
      labels: { "mlstack.dev/efa": "true" },
    });
    expect(gpuPoolShape("train", onEks).efaInterfaces).toBe(0);
  });
});
