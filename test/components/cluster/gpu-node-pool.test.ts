import * as k8s from "@pulumi/kubernetes";
import { beforeEach, describe, expect, it } from "vitest";
import {
  CapacityType,
  GpuNodePool,
  type GpuNodePoolArgs,
  gpuPoolShape,
  TaintEffect,
  validateGpuNodePool,
} from "../../../components";
import { usdPerHour } from "../../../components/model";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../support/mocks";

const g5 = { instanceType: "g5.12xlarge", maxNodes: 3, desiredNodes: 2 };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("GpuNodePool", () => {
  it("creates the desired nodes and nothing else", async () => {
    new GpuNodePool("train", g5);
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:GpuNodePool train",
      "kubernetes:core/v1:Node train-0 < train",
      "kubernetes:core/v1:Node train-1 < train",
    ]);
  });

  it("starts empty unless told otherwise", async () => {
    new GpuNodePool("train", { instanceType: "g5.12xlarge", maxNodes: 3 });
    expect(childList(await program.resources())).toEqual(["mlstack:index:GpuNodePool train"]);
  });

  it("starts with minNodes where only these are given", async () => {
    const pool = new GpuNodePool("train", { instanceType: "g5.12xlarge", minNodes: 1, maxNodes: 3 });
    expect(await valueOf(pool.nodeNames)).toEqual(["train-0"]);
  });

  it("names nodes after the pool, and resources after the component", async () => {
    const pool = new GpuNodePool("train", { ...g5, poolName: "a10g" });
    expect(await valueOf(pool.nodeNames)).toEqual(["a10g-0", "a10g-1"]);
    expect((await program.resources()).map(({ name }) => name)).toEqual(["train", "train-0", "train-1"]);
  });

  it("makes a node anew when its size changes, as a machine of another size is another machine", async () => {
    new GpuNodePool("train", g5);
    const [, node] = await program.resources();
    expect(node).toMatchObject({
      replaceOnChanges: ['metadata.annotations["mlstack.dev/simulated-resources"]'],
      deleteBeforeReplace: true,
    });
  });

  it("uses the provider that it is given for every child", async () => {
    const provider = new k8s.Provider("lab", {});
    new GpuNodePool("train", g5, { providers: [provider] });
    const children = (await program.resources()).filter(({ parent }) => parent === "train");
    expect(children.map((child) => child.provider)).toEqual(["lab", "lab"]);
  });

  it("lets two pools stand side by side", async () => {
    new GpuNodePool("train", g5);
    new GpuNodePool("infer", g5);
    const nodes = (await program.resources()).map(({ inputs }) => inputs["metadata"]).filter((each) => each);
    expect(new Set(nodes.map((metadata) => (metadata as { name: string }).name)).size).toBe(4);
  });

  it("knows its shape and the names of its nodes in a preview", async () => {
    program = await startMocks({ preview: true });
    const pool = new GpuNodePool("train", g5);
    expect(pool.shape.gpusPerNode).toBe(4);
    expect(childList(await program.resources())).toContain("kubernetes:core/v1:Node train-1 < train");
    expect(await valueOf(pool.nodeNames)).toEqual(["train-0", "train-1"]);
  });
});

describe("gpuPoolShape", () => {
  it("takes the accelerator from the catalogue", () => {
    expect(gpuPoolShape("train", g5)).toEqual({
      name: "train",
      instanceType: "g5.12xlarge",
      instanceTypes: ["g5.12xlarge"],
      architecture: "amd64",
      capacityType: "on-demand",
      gpuResource: "nvidia.com/gpu",
      gpusPerNode: 4,
      gpuModel: "a10g",
      gpuMemoryMib: 22_888,
      vcpus: 48,
      memoryGib: 192,
      ephemeralStorageGib: 3539,
      efaInterfaces: 0,
      availabilityZones: [],
      usdPerNodeHour: 5.672,
      labels: {
        "mlstack.dev/pool": "train",
        "mlstack.dev/capacity-type": "on-demand",
        "mlstack.dev/gpu-model": "a10g",
        "node.kubernetes.io/instance-type": "g5.12xlarge",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        "nvidia.com/gpu.present": "true",
      },
      taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }],
      minNodes: 0,
      maxNodes: 3,
    });
  });

  it("adds the labels, taints and capacity type of its arguments", () => {
    const team = { key: "example.com/team", value: "vision", effect: TaintEffect.noExecute };
    const args = { ...g5, capacityType: CapacityType.spot, labels: { "example.com/team": "vision" }, taints: [team] };
    const shape = gpuPoolShape("train", args);
    expect(shape.labels).toMatchObject({ "example.com/team": "vision", "mlstack.dev/capacity-type": "spot" });
    expect(shape.taints).toEqual([{ key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" }, team]);
  });

  it("has the prices of the region of its zones, and a ceiling in money by them", () => {
    const inZone = (...availabilityZones: string[]) =>
      gpuPoolShape("l4", { instanceType: "g6.xlarge", maxUsdPerHour: 12, availabilityZones });
    const [oregon, frankfurt] = [inZone("us-west-2a"), inZone("eu-central-1a")];
    expect(oregon.usdPerNodeHour).toBe(usdPerHour("g6.xlarge", "us-west-2"));
    expect(frankfurt.usdPerNodeHour).toBe(usdPerHour("g6.xlarge", "eu-central-1"));
    expect(frankfurt.maxNodes).toBe(Math.floor(12 / usdPerHour("g6.xlarge", "eu-central-1")!));
    expect(inZone("a-room").usdPerNodeHour).toBe(usdPerHour("g6.xlarge", "us-east-1"));
  });

  it("chooses only among types that its operating system has an image for, where it names one", () => {
    const pool = { gpus: { gpuMemoryGib: 16, gpuModels: ["rtx-pro-4500"] }, maxNodes: 1 };
    expect(gpuPoolShape("any", pool).instanceType).toMatch(/^g7\./);
    expect(
      validateGpuNodePool("any", { ...pool, amiFamily: "al2023" }).map(({ propertyPath }) => propertyPath),
    ).toEqual(["gpus"]);
  });

  it("leaves the GPU taint out where it is switched off", () => {
    expect(gpuPoolShape("train", { ...g5, gpuTaint: false }).taints).toEqual([]);
  });

  it("refuses an instance type that the catalogue does not list", () => {
    expect(() => gpuPoolShape("train", { ...g5, instanceType: "m5.large" })).toThrow(
      new RangeError("The catalogue lists no instance type for pool train."),
    );
  });
});

describe("GpuNodePool: checks", () => {
  it("collects every problem, throws once and registers nothing", async () => {
    const args = { instanceType: "g5.12xlarg", maxNodes: 0, poolName: "Train" };
    const { message, reasons } = problemsOf(() => new GpuNodePool("train", args));
    expect(message).toBe('GpuNodePool "train": 3 invalid inputs');
    expect(reasons).toHaveLength(3);
    expect(await program.resources()).toEqual([]);
  });

  it.each<[string, Partial<GpuNodePoolArgs>]>([
    ["the arguments that the other tests use", {}],
    ["as many nodes as Kubernetes supports", { maxNodes: 5000 }],
    ["a pool that never shrinks or grows", { minNodes: 3, maxNodes: 3, desiredNodes: 3 }],
    ["labels with and without prefix and value", { labels: { team: "vision", "example.com/tier": "" } }],
    [
      "taints of one key with different effects",
      {
        taints: [
          { key: "nvidia.com/gpu", effect: TaintEffect.noExecute },
          { key: "team", value: "a", effect: TaintEffect.noSchedule },
          { key: "team", effect: TaintEffect.preferNoSchedule },
        ],
      },
    ],
    [
      "the GPU taint spelled out where it is switched off",
      {
        gpuTaint: false,
        taints: [{ key: "nvidia.com/gpu", value: "true", effect: TaintEffect.noSchedule }],
      },
    ],
    ["the longest name that leaves room for the node's number", { poolName: "p".repeat(61), maxNodes: 10 }],
  ])("accepts %s", (_given, args) => {
    expect(validateGpuNodePool("train", { ...g5, ...args })).toEqual([]);
  });

  it.each<[string, Partial<GpuNodePoolArgs>, string[]]>([
    [
      "a misspelt instance type",
      { instanceType: "g5.12xlarg" },
      ['instanceType is "g5.12xlarg"; allowed: a GPU instance type of the catalogue. Did you mean "g5.12xlarge"?'],
    ],
    [
      "an instance type with a fraction of a GPU",
      { instanceType: "g6f.xlarge" },
      [
        'instanceType is "g6f.xlarge"; allowed: an instance type with at least one whole GPU. ' +
          "Pods ask for whole GPUs, so none would ever be placed there; choose a larger type.",
      ],
    ],
    [
      "negative minNodes",
      { minNodes: -1 },
      ["minNodes is -1; allowed: a whole number from 0 to 5000. Set minNodes within that range."],
    ],
    [
      "half a node",
      { maxNodes: 1.5 },
      ["maxNodes is 1.5; allowed: a whole number from 1 to 5000. Set maxNodes within that range."],
    ],
    [
      "more nodes than Kubernetes supports",
      { maxNodes: 5001 },
      ["maxNodes is 5001; allowed: a whole number from 1 to 5000. Set maxNodes within that range."],
    ],
    [
      "more minNodes than maxNodes",
      { minNodes: 4 },
      ["minNodes is 4; allowed: at most maxNodes, 3. Lower minNodes or raise maxNodes."],
    ],
    [
      "desiredNodes below minNodes",
      { minNodes: 2, desiredNodes: 1 },
      ["desiredNodes is 1; allowed: a whole number from 2 to 3. Set desiredNodes within that range."],
    ],
    [
      "desiredNodes above maxNodes",
      { desiredNodes: 4 },
      ["desiredNodes is 4; allowed: a whole number from 0 to 3. Set desiredNodes within that range."],
    ],
    [
      "a capacity type that there is not",
      { capacityType: "borrowed" as CapacityType },
      [
        'capacityType is "borrowed"; allowed: on-demand, spot, reserved, capacity-block. ' +
          "Set capacityType to one of these.",
      ],
    ],
    [
      "a pool name that is no DNS label",
      { poolName: "my_pool" },
      [
        'poolName is "my_pool"; allowed: at most 63 lower-case letters, digits and inner hyphens. ' +
          "Set poolName to such a name.",
      ],
    ],
    [
      "a pool name without room for the node's number",
      { poolName: "p".repeat(62) },
      [
        `poolName is "${"p".repeat(62)}"; allowed: at most 61 characters, as nodes are named ${"p".repeat(62)}-0. ` +
          "Shorten it.",
      ],
    ],
    [
      "a label that the pool sets itself",
      { labels: { "mlstack.dev/pool": "other" } },
      ['labels["mlstack.dev/pool"] is "other"; allowed: only what the pool itself sets there. Remove the label.'],
    ],
    [
      "a misspelt label key",
      { labels: { "a b": "c" } },
      ['labels["a b"] is "a b"; allowed: a label key such as example.com/team. Rename the key.'],
    ],
    [
      "a misspelt label value",
      { labels: { team: "a b" } },
      [
        'labels["team"] is "a b"; allowed: ' +
          "empty, or at most 63 letters, digits, and inner hyphens, dots and underscores. Shorten or respell the value.",
      ],
    ],
    [
      "a misspelt taint",
      { taints: [{ key: "/", value: "-", effect: "NO_SCHEDULE" as TaintEffect }] },
      [
        'taints[0].key is "/"; allowed: a label key such as example.com/team. Rename the key.',
        'taints[0].value is "-"; allowed: ' +
          "empty, or at most 63 letters, digits, and inner hyphens, dots and underscores. Shorten or respell the value.",
        'taints[0].effect is "NO_SCHEDULE"; allowed: NoSchedule, PreferNoSchedule, NoExecute. ' +
          "Set taints[0].effect to one of these.",
      ],
    ],
    [
      "the GPU taint a second time",
      {
        taints: [{ key: "nvidia.com/gpu", value: "true", effect: TaintEffect.noSchedule }],
      },
      [
        'taints[0] is "nvidia.com/gpu:NoSchedule"; allowed: each key and effect once. ' +
          "The pool sets this taint itself; remove it.",
      ],
    ],
    [
      "a taint twice",
      {
        taints: [
          { key: "team", value: "a", effect: TaintEffect.noSchedule },
          { key: "team", value: "b", effect: TaintEffect.noSchedule },
        ],
      },
      ['taints[1] is "team:NoSchedule"; allowed: each key and effect once. Remove one.'],
    ],
  ])("refuses %s", (_given, args, reasons) => {
    expect(validateGpuNodePool("train", { ...g5, ...args }).map(({ reason }) => reason)).toEqual(reasons);
  });
});
