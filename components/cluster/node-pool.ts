import {
  AmiFamily,
  awsRegion,
  CAPACITY_TYPE_LABEL,
  type CapacityType,
  parseAmiType,
  POOL_LABEL,
  type PoolShape,
} from "../model";
import type { EksFacts } from "./eks-facts";
import { defaultBackEnd, PoolBackEnd } from "./node-back-ends";

/** The part of their arguments that all node pools share. */
export interface NodePoolArgs {
  /** Name of the pool, a DNS label; the component's name by default. Nodes are named after it. */
  poolName?: string;
  /** How the machines are bought; `on-demand` by default, as only that is never taken away. */
  capacityType?: CapacityType;
  /** Labels on every node, beside those the pool sets itself. */
  labels?: Record<string, string>;
  /** Cluster on EKS that the nodes join; none by default, for the embedded cluster. */
  eks?: EksFacts;
  /** What makes the nodes: where `eks` is given `auto` in Auto Mode, else `managed`; without it `simulated`. */
  backEnd?: PoolBackEnd;
  /** Zones that nodes may be in, out of those of the cluster's subnets; all of these by default. */
  availabilityZones?: string[];
  /** Operating system of the nodes; `al2023` by default. Not for the back end `auto`, which brings its own. */
  amiFamily?: AmiFamily;
  /**
   * EKS's own name of the image class, for example `AL2023_x86_64_NVIDIA`. Derived from family and instance type by
   * default; if given, it must be right for them.
   */
  amiType?: string;
  /**
   * Exact release of the image, for example `1.35.3-20260714` for a managed group or `v20260714` for Karpenter. By default
   * a managed group takes the newest one when it is made, and Karpenter the newest there is.
   */
  amiVersion?: string;
  /** Size of the encrypted root volume in GiB, from 50 to 16384; 100 by default, as images with CUDA are large. */
  rootVolumeGib?: number;
}

/** Size of root volumes where nothing else is asked for. */
const DEFAULT_ROOT_VOLUME_GIB = 100;

/** Region whose prices are taken where a pool is on no cluster of EKS, and in no zone of AWS: the one with the most types. */
const DEFAULT_REGION = "us-east-1";

/** Labels that every pool sets on its nodes itself. */
export function poolLabels(shape: Omit<PoolShape, "labels">): Record<string, string> {
  return {
    [POOL_LABEL]: shape.name,
    [CAPACITY_TYPE_LABEL]: shape.capacityType,
    ...(shape.instanceTypes.length === 1 ? { "node.kubernetes.io/instance-type": shape.instanceType } : {}),
    "kubernetes.io/arch": shape.architecture,
    "kubernetes.io/os": "linux",
  };
}

/** What makes the nodes of a pool with these arguments. */
export function backEndOf({ backEnd, eks }: NodePoolArgs): PoolBackEnd {
  return backEnd ?? defaultBackEnd(eks);
}

/** Zones that the nodes of a pool may be in; none where there is nothing to choose from. */
export function zonesOf({ availabilityZones, eks }: NodePoolArgs): string[] {
  return availabilityZones ?? [...new Set(eks?.subnets.map((subnet) => subnet.availabilityZone))];
}

/** Region whose prices a pool's nodes have: that of its cluster on EKS, else that of its zones, else us-east-1. */
export function regionOf({ eks, availabilityZones: [zone = ""] = [] }: NodePoolArgs): string {
  return eks?.region ?? awsRegion(zone.slice(0, -1))?.name ?? DEFAULT_REGION;
}

/** Size of a pool's root volumes in GiB. */
export function rootVolumeOf({ rootVolumeGib = DEFAULT_ROOT_VOLUME_GIB }: NodePoolArgs): number {
  return rootVolumeGib;
}

/** Operating system of a pool's nodes; the choice of EKS where that is Auto Mode's. */
export function amiFamilyOf(args: NodePoolArgs): AmiFamily {
  if (backEndOf(args) === PoolBackEnd.auto) return AmiFamily.bottlerocket;
  return args.amiFamily ?? parseAmiType(args.amiType ?? "")?.family ?? AmiFamily.al2023;
}
