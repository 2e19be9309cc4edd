import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import type * as program from "../../stacks/index";
import { type Environment, readEnvironment } from "../../stacks/config";
import { type Registered, startMocks } from "../support/mocks";
import { handedOver, type Written } from "./configurations";

const names = ["dev", "staging", "prod"];

/** Name of every stack that runs on mocks. */
const STACK = "test";

interface GroupTag {
  key: string;
  value: string;
  propagateAtLaunch: boolean;
}

describe.each(names)("the program of %s", (name) => {
  test("reaches AWS by one provider and the cluster by another, and nothing by a default one", async () => {
    const { resources } = await run(name);
    const providers = (type: RegExp) => new Set(resources.filter((each) => type.test(each.type)).map(providerOf));
    expect(providers(/^aws:/)).toEqual(new Set(["aws"]));
    expect(providers(/^kubernetes:/)).toEqual(new Set(["cluster-provider"]));
    expect(resources.filter(({ type }) => type === "pulumi:providers:aws")).toHaveLength(1);
  });

  test("tags everything that it makes with environment, cluster and cost center", async () => {
    const { resources } = await run(name);
    const { tags } = environments[name]!.cluster.eks!;
    expect(tags).toMatchObject({ "mlstack:environment": STACK, "mlstack:cluster": `mlstack-${STACK}` });
    expect(tags).toHaveProperty("cost-center");
    const [provider] = resources.filter(({ type }) => type === "pulumi:providers:aws");
    expect(JSON.parse(String(provider?.inputs["defaultTags"]))).toEqual({ tags });
    expect(JSON.parse(provider?.inputs["allowedAccountIds"] as string)).toEqual([environments[name]!.awsAccountId]);
    expect(provider?.inputs["region"]).toBe(environments[name]!.cluster.eks!.region);
    const tagged = resources.filter(({ inputs, type }) => type.startsWith("aws:") && isMapping(inputs["tags"]));
    expect(tagged.length).toBeGreaterThan(40);
    for (const { inputs } of tagged) expect(inputs["tags"]).toMatchObject(tags!);
  });

  test("tags machines of node groups with all of it, and their volumes with what never changes", async () => {
    const { resources } = await run(name);
    const { tags } = environments[name]!.cluster.eks!;
    const lasting = { "mlstack:environment": STACK, "mlstack:cluster": `mlstack-${STACK}` };
    const templates = resources.filter(({ type }) => type === "aws:ec2/launchTemplate:LaunchTemplate");
    expect(templates.length).toBeGreaterThan(1);
    for (const { inputs } of templates) {
      const specifications = inputs["tagSpecifications"] as { tags: object }[];
      expect(specifications.length).toBeGreaterThan(0);
      for (const specification of specifications) {
        expect(specification.tags).toMatchObject(lasting);
        expect(specification.tags).not.toHaveProperty("cost-center");
      }
    }
    const handedOn = resources
      .filter(({ type }) => type === "aws:autoscaling/tag:Tag")
      .map(({ inputs, parent }) => ({ parent, ...(inputs["tag"] as GroupTag) }))
      .filter(({ propagateAtLaunch }) => propagateAtLaunch);
    for (const { parent } of templates) {
      const ofPool = handedOn.filter((tag) => tag.parent === parent);
      expect(Object.fromEntries(ofPool.map(({ key, value }) => [key, value]))).toMatchObject(tags!);
    }
  });

  test("installs the controllers that its pools need", async () => {
    const { resources } = await run(name);
    const usesKarpenter = environments[name]!.gpuPools.some(({ args }) => args.backEnd === "karpenter");
    const types = resources.map(({ type }) => type);
    expect(types.filter((type) => type === "mlstack:index:Karpenter")).toHaveLength(usesKarpenter ? 1 : 0);
    expect(types.filter((type) => type === "mlstack:index:ClusterAutoscaler")).toHaveLength(1);
    const withEfa = environments[name]!.gpuPools.some(({ args }) => args.efa === true);
    expect(types.filter((type) => type === "mlstack:index:EfaDevicePlugin")).toHaveLength(withEfa ? 1 : 0);
  });

  test("keeps NVIDIA's device plugin from nodes that bring their own", async () => {
    const { resources } = await run(name);
    const [plugin] = resources.filter(({ type }) => type === "mlstack:index:NvidiaDevicePlugin");
    const bottlerocket = environments[name]!.gpuPools.filter(({ args }) => args.amiFamily === "bottlerocket");
    expect(plugin?.inputs["excludedPools"] ?? []).toEqual(bottlerocket.map((pool) => pool.name));
  });
});

test("the environments differ in size, protection, capacity and ceilings", () => {
  const shown = names.map((name) => {
    const { cluster, gpuPools, protect, storage, systemPool } = environments[name]!;
    const capacity = new Set(gpuPools.map(({ args }) => args.capacityType ?? "on-demand"));
    return {
      zones: cluster.eks?.vpc?.availabilityZones?.length,
      nat: cluster.eks?.vpc?.natGateways,
      public: cluster.eks?.publicAccessCidrs?.length ?? 0,
      deletionProtection: cluster.eks?.deletionProtection ?? false,
      protect,
      nodes: systemPool?.minNodes,
      pools: gpuPools.length,
      capacity: [...capacity].sort(),
      volumes: storage.volumes.length + storage.datasets.length,
    };
  });
  expect(shown).toEqual([
    {
      zones: 2,
      nat: "one",
      public: 1,
      deletionProtection: false,
      protect: false,
      nodes: 2,
      pools: 1,
      capacity: ["spot"],
      volumes: 0,
    },
    {
      zones: 3,
      nat: "one",
      public: 0,
      deletionProtection: false,
      protect: false,
      nodes: 2,
      pools: 3,
      capacity: ["on-demand", "spot"],
      volumes: 2,
    },
    {
      zones: 3,
      nat: "one-per-zone",
      public: 0,
      deletionProtection: true,
      protect: true,
      nodes: 3,
      pools: 5,
      capacity: ["capacity-block", "on-demand", "reserved", "spot"],
      volumes: 4,
    },
  ]);
});

test("an environment in Auto Mode has neither controllers, plugins nor networking of its own, but pools without GPUs too", async () => {
  const eks = { region: "us-east-1", autoMode: true };
  const config = {
    cluster: { kind: "eks", eks },
    systemPool: { maxNodes: 4 },
    gpuPools: [
      { name: "train", instanceType: "g5.12xlarge", maxGpus: 16, efa: true, availabilityZones: ["us-east-1a"] },
    ],
    scenarios: ["mnist"],
  };
  const { resources } = await runWith(handedOver(config));
  const named = (type: string) => resources.filter((each) => each.type === type).map(({ name }) => name);

  expect(named("kubernetes:karpenter.sh/v1:NodePool").sort()).toEqual(["system-node-pool", "train-node-pool"]);
  for (const component of ["Karpenter", "ClusterAutoscaler", "EfaDevicePlugin"]) {
    expect(named(`mlstack:index:${component}`)).toEqual([]);
  }
  expect(named("aws:eks/nodeGroup:NodeGroup")).toEqual([]);
  const addOns = resources
    .filter(({ type }) => type === "aws:eks/addon:Addon")
    .map(({ inputs }) => inputs["addonName"]);
  for (const brought of ["vpc-cni", "kube-proxy", "coredns", "aws-ebs-csi-driver"])
    expect(addOns).not.toContain(brought);
});

test("no environment names an account but those of AWS's documentation", () => {
  for (const name of names) {
    const accounts = fileOf(name).match(/\b\d{12}\b/g) ?? [];
    expect(accounts.length).toBeGreaterThan(0);
    for (const account of accounts) expect(["111122223333", "123456789012"]).toContain(account);
  }
});

const fileOf = (name: string) => readFileSync(join(__dirname, `../../stacks/Pulumi.${name}.yaml`), "utf8");

const environments: Record<string, Environment> = {};

beforeAll(() => {
  for (const name of names) environments[name] = readEnvironment(valuesOf(name), { stack: STACK });
});

function valuesOf(name: string): Record<string, string> {
  const { config } = parse(fileOf(name)) as { config: Written };
  return handedOver(Object.fromEntries(Object.entries(config).map(([key, value]) => [key.slice(8), value])));
}

function run(name: string): Promise<{ resources: Registered[] }> {
  return runWith(valuesOf(name));
}

async function runWith(config: Record<string, string>): Promise<{ resources: Registered[] }> {
  const engine = await startMocks({ config });
  vi.resetModules();
  await vi.importActual<typeof program>("../../stacks/index");
  return { resources: await engine.resources() };
}

/** What is part of another resource names no provider of its own. */
function providerOf({ provider }: Registered): string | undefined {
  return provider;
}

function isMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
