import {
  addQuantities,
  awsRegion,
  CapacityType,
  compareQuantities,
  GIB_PER_GB,
  type GpuInstanceType,
  gpuInstanceType,
  type NodeResources,
  nodeResources,
  PRICES,
} from "../../model";
import { UNKNOWN_USD_PER_HOUR } from "../../model/local-autoscaling";
import type { PoolPlan } from "../node-back-ends/pool-plan";

/** What of a pool decides which machines Karpenter is offered for it. */
export type OfferedPool = Pick<PoolPlan, "shape" | "nodes">;

/** An instance type, in the format that Karpenter's KWOK provider reads. */
export interface KwokInstanceType {
  name: string;
  architecture: string;
  operatingSystems: string[];
  /** What a machine has; the provider takes {@link PROVIDER_OVERHEAD} off it for what pods can have. */
  resources: Record<string, string>;
  offerings: KwokOffering[];
}

/** One way of having a machine of a type. */
export interface KwokOffering {
  /** USD per hour. */
  Price: number;
  Available: boolean;
  Requirements: { key: string; operator: "In"; values: string[] }[];
}

/** Region whose prices and zones are taken where pools name no zones: the one of which most prices are known. */
const DEFAULT_REGION = "us-east-1";

/**
 * What the provider takes off each machine for kubelet and system, whatever its size.
 *
 * @see https://github.com/kubernetes-sigs/karpenter/blob/v1.14.1/kwok/cloudprovider/helpers.go "newInstanceType"
 */
const PROVIDER_OVERHEAD = { cpu: "100m", memory: "10Mi" };

/** Resources of a node of a pool if its machine is of a certain type, of which a pool's shape knows the smallest only. */
export function typeResources({ shape, nodes }: OfferedPool, type: GpuInstanceType): NodeResources {
  const { vcpus, memoryGib, gpuCount, efaInterfaces, localNvmeGb } = type;
  return nodeResources({
    ...shape,
    vcpus,
    memoryGib,
    gpusPerNode: gpuCount,
    efaInterfaces: shape.efaInterfaces === 0 ? 0 : efaInterfaces,
    ephemeralStorageGib: nodes.localStorage ? Math.floor(localNvmeGb * GIB_PER_GB) : nodes.rootVolumeGib,
  });
}

/** The types that a pool allows. @throws RangeError when the catalogue does not list one. */
export function typesOf({ shape }: Pick<OfferedPool, "shape">): GpuInstanceType[] {
  return shape.instanceTypes.map((name) => {
    const type = gpuInstanceType(name);
    if (type === undefined) throw new RangeError(`The catalogue does not list ${name}.`);
    return type;
  });
}

/**
 * Every instance type that some pool allows, with its price in each zone: bought on demand, and as spot capacity.
 *
 * Where pools with the same type give it different disks or network adapters, the larger ones are told.
 */
export function kwokInstanceTypes(pools: readonly OfferedPool[]): KwokInstanceType[] {
  const named = new Set(pools.flatMap(({ shape }) => shape.availabilityZones));
  const zones = named.size > 0 ? [...named] : awsRegion(DEFAULT_REGION)!.zones;
  const types = new Map(pools.flatMap(typesOf).map((type) => [type.instanceType, type]));
  return [...types.values()].map((type) => {
    const { instanceType, architecture } = type;
    const users = pools.filter(({ shape }) => shape.instanceTypes.includes(instanceType));
    return {
      name: instanceType,
      architecture,
      operatingSystems: ["linux"],
      resources: largest(users.map((pool) => offered(typeResources(pool, type)))),
      offerings: zones.flatMap((zone) => offeringsIn(instanceType, zone)),
    };
  });
}

/** What the provider must be told for pods to have what a machine on EKS leaves them. */
function offered({ allocatable }: NodeResources): Record<string, string> {
  const cpu = addQuantities(allocatable.cpu, PROVIDER_OVERHEAD.cpu);
  return { ...allocatable, cpu, memory: addQuantities(allocatable.memory, PROVIDER_OVERHEAD.memory) };
}

function largest(all: Record<string, string>[]): Record<string, string> {
  const most: Record<string, string> = {};
  for (const [resource, quantity] of all.flatMap((each) => Object.entries(each))) {
    if (compareQuantities(quantity, most[resource] ?? "0") >= 0) most[resource] = quantity;
  }
  return most;
}

function offeringsIn(instanceType: string, zone: string): KwokOffering[] {
  const region = awsRegion(zone.slice(0, -1))?.name ?? DEFAULT_REGION;
  const priceOf = (bought: CapacityType) =>
    (PRICES.find(instanceType, region, bought) ?? PRICES.find(instanceType, DEFAULT_REGION, bought))?.usdPerHour;
  const onDemand = priceOf(CapacityType.onDemand) ?? UNKNOWN_USD_PER_HOUR;
  // Spot capacity costs no more than that on demand.
  const prices = { "on-demand": onDemand, spot: Math.min(priceOf(CapacityType.spot) ?? onDemand, onDemand) };
  return Object.entries(prices).map(([capacityType, price]) => ({
    Price: price,
    Available: true,
    Requirements: [
      { key: "karpenter.sh/capacity-type", operator: "In", values: [capacityType] },
      { key: "topology.kubernetes.io/zone", operator: "In", values: [zone] },
    ],
  }));
}
