import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import {
  CapacityType,
  PoolBackEnd,
  SystemNodePool,
  type SystemNodePoolArgs,
  systemPoolShape,
  validateSystemNodePool,
} from "../../../components";
import { eksFacts } from "../../support/eks-facts";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../support/mocks";

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("SystemNodePool", () => {
  it("creates two nodes by default and nothing else", async () => {
    new SystemNodePool("system", {});
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:SystemNodePool system",
      "kubernetes:core/v1:Node system-0 < system",
      "kubernetes:core/v1:Node system-1 < system",
    ]);
  });

  it("uses the provider that it is given for every child", async () => {
    const provider = new k8s.Provider("lab", {});
    new SystemNodePool("system", {}, { providers: [provider] });
    const children = (await program.resources()).filter(({ parent }) => parent === "system");
    expect(children.map((child) => child.provider)).toEqual(["lab", "lab"]);
  });

  it("lets two pools stand side by side", async () => {
    const pools = ["system", "extra"].map((name) => new SystemNodePool(name, {}));
    const names = await Promise.all(pools.map((pool) => valueOf(pool.nodeNames)));
    expect(names).toEqual([
      ["system-0", "system-1"],
      ["extra-0", "extra-1"],
    ]);
  });

  it("plans the same nodes in a preview", async () => {
    program = await startMocks({ preview: true });
    new SystemNodePool("system", { minNodes: 1 });
    expect(childList(await program.resources())).toContain("kubernetes:core/v1:Node system-0 < system");
  });
});

describe("systemPoolShape", () => {
  it("has two to two m7i.xlarge without taint or accelerator by default", () => {
    expect(systemPoolShape("system", {})).toEqual({
      name: "system",
      instanceType: "m7i.xlarge",
      instanceTypes: ["m7i.xlarge"],
      architecture: "amd64",
      capacityType: "on-demand",
      gpusPerNode: 0,
      vcpus: 4,
      memoryGib: 16,
      ephemeralStorageGib: 100,
      efaInterfaces: 0,
      availabilityZones: [],
      usdPerNodeHour: 0.2016,
      labels: {
        "mlstack.dev/pool": "system",
        "mlstack.dev/capacity-type": "on-demand",
        "node.kubernetes.io/instance-type": "m7i.xlarge",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
      },
      taints: [],
      minNodes: 2,
      maxNodes: 2,
    });
  });

  it("may grow to the desired nodes where maxNodes is not given", () => {
    expect(systemPoolShape("system", { desiredNodes: 5 })).toMatchObject({ minNodes: 2, maxNodes: 5 });
  });

  it("is empty to begin with in Auto Mode, which starts machines for pods", () => {
    const eks = { ...eksFacts, autoMode: true };
    expect(systemPoolShape("system", { eks, maxNodes: 5 })).toMatchObject({ minNodes: 0, maxNodes: 5 });
  });

  it("refuses an instance type that the catalogue does not list", () => {
    expect(() => systemPoolShape("system", { instanceType: "t2.nano" })).toThrow(
      new RangeError("The catalogue does not list t2.nano."),
    );
  });
});

describe("SystemNodePool: checks", () => {
  it("registers nothing when there is a problem", async () => {
    const { message } = problemsOf(() => new SystemNodePool("system", { minNodes: 0 }));
    expect(message).toBe('SystemNodePool "system": 1 invalid input');
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, SystemNodePoolArgs]>([
    ["nothing at all", {}],
    ["a cluster on EKS", { eks: eksFacts }],
    ["a cluster in Auto Mode", { eks: { ...eksFacts, autoMode: true } }],
    ["two of its zones", { eks: eksFacts, availabilityZones: ["us-east-1a", "us-east-1b"] }],
    ["one node", { minNodes: 1 }],
    ["a range", { minNodes: 1, maxNodes: 8, desiredNodes: 2, instanceType: "m6i.large" }],
  ])("accepts %s", (_given, args) => {
    expect(validateSystemNodePool("system", args)).toEqual([]);
  });

  it.each<[string, SystemNodePoolArgs, string]>([
    [
      "a misspelt instance type",
      { instanceType: "m7i.xlage" },
      'instanceType is "m7i.xlage"; allowed: a general instance type of the catalogue. Did you mean "m7i.xlarge"?',
    ],
    [
      "a pool that may be empty",
      { minNodes: 0 },
      "minNodes is 0; allowed: a whole number from 1 to 5000. Set minNodes within that range.",
    ],
    [
      "half a node more, and says so once",
      { minNodes: 2.5 },
      "minNodes is 2.5; allowed: a whole number from 1 to 5000. Set minNodes within that range.",
    ],
    [
      "more nodes than Kubernetes supports, and says so once",
      { minNodes: 5001 },
      "minNodes is 5001; allowed: a whole number from 1 to 5000. Set minNodes within that range.",
    ],
    [
      "more desired nodes than Kubernetes supports",
      { desiredNodes: 5001 },
      "desiredNodes is 5001; allowed: a whole number from 2 to 5000. Set desiredNodes within that range.",
    ],
    [
      "desiredNodes above maxNodes",
      { maxNodes: 3, desiredNodes: 4 },
      "desiredNodes is 4; allowed: a whole number from 2 to 3. Set desiredNodes within that range.",
    ],
    [
      "a single zone on EKS",
      { eks: eksFacts, availabilityZones: ["us-east-1a"] },
      'availabilityZones is ["us-east-1a"]; allowed: at least two zones. ' +
        "The controllers that start all other machines run here.",
    ],
    [
      "spot capacity on EKS",
      { eks: eksFacts, capacityType: CapacityType.spot },
      'capacityType is "spot"; allowed: on-demand. The controllers that start all other machines run here.',
    ],
    [
      "nodes that Karpenter would start, which itself runs here",
      { eks: eksFacts, backEnd: PoolBackEnd.karpenter },
      'backEnd is "karpenter"; allowed: managed. The controllers that start all other machines run here.',
    ],
    [
      "nodes that always stand in Auto Mode",
      { eks: { ...eksFacts, autoMode: true }, minNodes: 1 },
      "minNodes is 1; allowed: 0 in Auto Mode. Remove it: machines are started when pods need them.",
    ],
    [
      "an image with GPU drivers",
      { eks: eksFacts, amiType: "AL2023_x86_64_NVIDIA" },
      'amiType is "AL2023_x86_64_NVIDIA"; allowed: AL2023_x86_64_STANDARD for m7i.xlarge. ' +
        "Leave amiType out: it is derived.",
    ],
  ])("refuses %s", (_given, args, reason) => {
    expect(validateSystemNodePool("system", args).map((problem) => problem.reason)).toEqual([reason]);
  });
});
