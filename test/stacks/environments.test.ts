import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { parse } from "yaml";
import type program from "../../stacks/index";
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

test("the environments have what they need of the platform, and development one pod of each controller", () => {
  const partsOf = (name: string) => environments[name]!.platform!.parts;
  const listed = names.map((name) => Object.keys(partsOf(name)).filter((part) => part !== "tenants"));
  const [dev, staging, prod] = listed as [string[], string[], string[]];
  expect(dev).toEqual(
    expect.arrayContaining(["certManager", "metricsServer", "jobSet", "trainer", "kueue", "queues", "kserve"]),
  );
  // What production has is upgraded in staging first.
  expect(prod.filter((part) => !staging.includes(part))).toEqual(["verticalPodAutoscaling", "modelRegistry"]);
  expect(prod).toEqual(expect.arrayContaining(dev));
  expect(Object.keys(partsOf("prod").tenants ?? {})).toEqual(["language", "vision", "models"]);
  const replicas = Object.values(partsOf("dev")).map((part) => (part as { replicas?: number }).replicas);
  expect(replicas.filter((count) => count !== undefined && count !== 1)).toEqual([]);
});

test.each(names)(
  "the tenants of %s have roles of their own for the bucket, and reach the agent that hands them out",
  async (name) => {
    const { platform, storage } = environments[name]!;
    for (const [tenant, { network, serviceAccounts = [] }] of Object.entries(platform!.parts.tenants ?? {})) {
      const granted = (storage.artifacts?.args.grants ?? []).filter(({ namespace }) => namespace === tenant);
      const accounts = serviceAccounts.map((account) => account.name);
      expect(granted.length, tenant).toBeGreaterThan(0);
      expect(accounts).toEqual(expect.arrayContaining(granted.map(({ serviceAccount }) => serviceAccount)));
      expect(network?.podIdentity).toBe(true);
    }
    const { resources } = await run(name);
    const namespaces = resources.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
    const made = namespaces.map(({ inputs }) => (inputs["metadata"] as { name: string }).name);
    expect(made).toEqual([...new Set(made)]);
  },
);

test("workflows and models of an environment use its bucket", async () => {
  const { resources } = await run("prod");
  const configuration = resources.find(({ name }) => name === "platform-argo-workflows-configuration");
  const text = JSON.stringify(configuration?.inputs["data"]);
  expect(text).toContain("artifacts-bucket-auto");
  expect(text).toContain("us-east-1");
});

test("every chart comes from the mirror of the platform, those of autoscalers too", async () => {
  const values = valuesOf("staging");
  const platform = JSON.parse(values["mlstack:platform"]!) as object;
  const chartMirror = "oci://registry.example.com/charts";
  const { resources } = await runWith({ ...values, "mlstack:platform": JSON.stringify({ ...platform, chartMirror }) });
  for (const type of ["Karpenter", "ClusterAutoscaler"]) {
    const controllers = resources.filter((each) => each.type === `mlstack:index:${type}`);
    expect(controllers.map(({ inputs }) => inputs["chartMirror"])).toEqual([chartMirror]);
  }
  const kueue = resources.find(({ type }) => type === "mlstack:index:Kueue");
  expect(kueue?.inputs["platform"]).toMatchObject({ chartMirror, certManager: true, systemPool: "system" });
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

const runs = new Map<string, Promise<{ resources: Registered[] }>>();

/** What an environment registers, which is always the same. */
function run(name: string): Promise<{ resources: Registered[] }> {
  const known = runs.get(name) ?? runWith(valuesOf(name));
  runs.set(name, known);
  return known;
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
