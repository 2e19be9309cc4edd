import { describe, expect, it, test } from "vitest";
import { parse } from "yaml";
import { costTable } from "../cli/cost-table";
import { offlineLabel } from "../cli/offline";
import { gpuPoolShape, systemPoolShape } from "../components/cluster";
import { ADD_ONS } from "../components/cluster/eks/eks-add-on-table";
import { kubernetesVersion, type PoolShape, SUPPORTED_KUBERNETES, type TreeObject } from "../components/model";
import { PRICES_AS_OF } from "../components/model/prices";
import type { PlannedResource } from "../preflight/planned-resource";
import { readEnvironment } from "../stacks/config";
import { eksFacts } from "./support/eks-facts";
import { allMatches, codeIn, files, prose, read, rows, section } from "./support/pages";

const aws = read("docs/aws.md");

describe("the guide to AWS", () => {
  const tables = section(aws, "The three environments");
  const heading = tables.split("\n").find((line) => line.startsWith("|")) ?? "";
  const environments = codeIn(heading).map(environmentOf);

  it("has the environments as they are configured", () => {
    const listed = rows(tables).filter((cells) => cells.length === environments.length + 1);
    const facts = environments.map((environment) => factsOf(environment).map(String));
    expect(environments.map(({ stack }) => stack)).toEqual(["dev", "staging", "prod"]);
    expect(listed.map(([, ...cells]) => cells)).toEqual(facts[0]?.map((_, row) => facts.map((column) => column[row])));
  });

  it("has every GPU pool, with what it offers and costs", () => {
    const listed = rows(tables).filter((cells) => cells.length > environments.length + 1);
    expect(listed).toEqual(
      environments.flatMap(({ stack, gpuPools }) =>
        gpuPools.map(({ backEnd = "managed", purpose = "training", shape }) => [
          `\`${stack}\``,
          shape.name,
          backEnd,
          shape.instanceTypes.join(", "),
          shape.capacityType + (shape.efaInterfaces > 0 ? ", EFA" : ""),
          purpose,
          `${shape.minNodes}-${shape.maxNodes}`,
          `${shape.minNodes * shape.gpusPerNode}-${shape.maxNodes * shape.gpusPerNode}`,
          usd(shape, shape.maxNodes).toFixed(2),
        ]),
      ),
    );
  });

  it("says how old the prices are", () => {
    for (const [region, day] of Object.entries(PRICES_AS_OF)) {
      expect(aws.replaceAll(/\s+/g, " ")).toContain(`${region} as of ${day}`);
    }
  });

  it("shows what a preview without an account prints", () => {
    const { systemPool, gpuPools, settings } = environmentOf("prod");
    const pool = (name: string, type: string, properties: object): PlannedResource => {
      const urn = `urn:pulumi:prod::mlstack::mlstack:index:${type}::${name}`;
      return { type: `mlstack:index:${type}`, name, urn, properties: properties as TreeObject };
    };
    const stack = {
      type: "pulumi:pulumi:Stack",
      name: "prod",
      urn: "urn:prod",
      properties: { region: settings.region },
    };
    const gpu = gpuPools.map((args) => pool(args.shape.name, "GpuNodePool", args));
    const resources = [...gpu.toSorted((one, other) => one.urn.localeCompare(other.urn)), stack];

    expect(aws).toContain(offlineLabel("prod"));
    const shown = costTable([...resources, pool("system", "SystemNodePool", { shape: systemPool })]);
    expect(aws).toContain(shown);
  });

  it("has every policy of AWS that anybody is granted, and no other", () => {
    const sources = files.filter((path) => /^components\/cluster\/.*\.ts$/.test(path)).map(read);
    const granted = allMatches(/["/](Amazon\w+)["`]/g, sources.join("\n"));
    const named = codeIn(prose("docs/aws.md")).filter((code) => /^Amazon\w+$/.test(code));
    expect([...new Set(named)].sort()).toEqual([...new Set(granted)].sort());
  });

  it("has the versions of Kubernetes with the ends of their support", () => {
    const versions = SUPPORTED_KUBERNETES.map((minor) => kubernetesVersion(minor)!);
    expect(rows(section(aws, "Upgrading Kubernetes"))).toEqual(
      versions.map(({ minor, standardSupportUntil, extendedSupportUntil }) => [
        minor,
        standardSupportUntil,
        extendedSupportUntil,
      ]),
    );
  });
});

test("the guide to components lists every add-on of EKS", () => {
  expect(rows(section(read("docs/components.md"), "EksAddOns"))).toEqual(
    Object.entries(ADD_ONS).map(([name, { byDefault, inAutoMode }]) => [
      `\`${name}\``,
      yesOrNo(byDefault),
      yesOrNo(inAutoMode),
    ]),
  );
});

/** An environment on EKS with the shapes of its pools. */
function environmentOf(stack: string) {
  const { config } = parse(read(`stacks/Pulumi.${stack}.yaml`)) as { config: Record<string, unknown> };
  const values = Object.entries(config).map(([key, value]) => [key, JSON.stringify(value)] as const);
  const { cluster, systemPool, gpuPools, protect } = readEnvironment(Object.fromEntries(values), { stack });
  const { region, vpc = {} } = cluster.eks!;
  const zones = vpc.availabilityZones!;
  const subnets = zones.map((availabilityZone) => ({ availabilityZone, subnetId: availabilityZone }));
  const eks = { ...eksFacts, region, subnets };
  return {
    stack,
    settings: cluster.eks!,
    vpc,
    zones,
    protect,
    systemPool: systemPoolShape("system", { ...systemPool, eks }),
    gpuPools: gpuPools.map(({ name, args }) => ({ ...args, shape: gpuPoolShape(name, { ...args, eks }) })),
  };
}

/** What the table says of an environment, in the order of its rows. */
function factsOf({ settings, vpc, zones, systemPool, gpuPools, protect }: ReturnType<typeof environmentOf>) {
  const { publicAccessCidrs = [], logRetentionDays, deletionProtection = false, region } = settings;
  const total = (figure: (shape: PoolShape) => number) => gpuPools.reduce((sum, { shape }) => sum + figure(shape), 0);
  return [
    region,
    zones.length,
    vpc.natGateways,
    publicAccessCidrs.length > 0 ? "yes, to listed networks" : "no",
    logRetentionDays,
    yesOrNo(vpc.flowLogs !== undefined),
    yesOrNo(deletionProtection),
    yesOrNo(protect),
    `${systemPool.minNodes}-${systemPool.maxNodes} ${systemPool.instanceType}`,
    total(({ maxNodes, gpusPerNode }) => maxNodes * gpusPerNode),
    total((shape) => usd(shape, shape.minNodes)).toFixed(2),
    total((shape) => usd(shape, shape.maxNodes)).toFixed(2),
  ];
}

/** Price of nodes in whole cents, as the stack's outputs have it, so that a sum is that of what is shown. */
function usd({ usdPerNodeHour }: PoolShape, nodes: number): number {
  return Math.round(nodes * usdPerNodeHour! * 100) / 100;
}

function yesOrNo(answer: boolean): string {
  return answer ? "yes" : "no";
}
