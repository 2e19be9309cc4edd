import type { Finding } from "../../components/model";
import type { HourlyCost, MachineCost, PoolCost, StackCost, TenantCost, WorkloadCost } from "../../preflight/cost/cost";
import type { Timing } from "../../preflight/demand/workload";
import type { PoolPacking, WaitingPods } from "../../preflight/packing/packing";
import type { PlacementProof, PoolVerdict } from "../../preflight/placement/proof";
import type { StackGraph } from "./graph";

/**
 * All that `mlstack plan` found out about a stack, as the data that its JSON output is.
 *
 * A stable format, told apart by its `version`. Two absences differ in it: what is not known has no property, and what
 * nothing bounds is null, as JSON has no infinity ({@link bounded}).
 */
export interface PlanReport {
  version: 1;
  stack: string;
  /** What the pools run on, as the stack file calls it: `eks`, `existing` or `embedded`. */
  kind: string;
  /** Region whose prices were taken where pools do not say theirs; absent where the stack is in none. */
  region?: string | undefined;
  /** When it was judged (ISO 8601, UTC). */
  judgedAt: string;
  /** Whether it was judged from the stack's program alone, without asking the cluster or the cloud. */
  offline: boolean;
  summary: ReportSummary;
  /** In the order in which the stack declares them. */
  pools: ReportedPool[];
  workloads: ReportedWorkload[];
  /** Pods that must wait while everything else runs. */
  waiting: WaitingPods[];
  /** What the stack costs as a whole; that of a pool or workload is beside it. */
  cost: ReportedStackCost;
  /** Against what is deployed; absent where nothing is, or it is not known. */
  difference?: CostDifference | undefined;
  findings: ReportedFinding[];
  graph: StackGraph;
  /** What was said while the stack was read, and what is not known of its pools; each a sentence. */
  remarks: string[];
  /** What was taken for granted of machines, pods and prices; each a sentence. */
  assumptions: string[];
}

/** The numbers by which a plan is judged at a glance. */
export interface ReportSummary {
  /** Sets of pods, and how many of them have each verdict. */
  podSets: number;
  runs: number;
  queues: number;
  never: number;
  undecided: number;
  /** Findings by level. */
  mandatory: number;
  advisory: number;
  usdPerHour: ReportedHourlyCost;
  /** GPUs and nodes in use when everything runs that can at once. */
  peakGpus: number;
  peakNodes: number;
}

/** A pool, what runs on it at its fullest, and what it costs. */
export interface ReportedPool {
  name: string;
  /** Every instance type that a node may have, the first choice first; empty where that is not known. */
  instanceTypes: string[];
  capacityType?: string | undefined;
  architecture?: string | undefined;
  /** In catalogue spelling, for example `a10g`. */
  gpuModel?: string | undefined;
  /** 0 on pools without accelerators; absent where it is not known. */
  gpusPerNode?: number | undefined;
  minNodes: number;
  /** Null where nothing bounds it. */
  maxNodes: number | null;
  /** Region in which its machines are priced; absent where nothing tells it. */
  region?: string | undefined;
  /** Zones that new nodes may be in; empty where nothing is said of them. */
  zones: string[];
  /** What pods can have of an empty node, without what its DaemonSets take; of several types that of the smallest. */
  free: ReportedAmount[];
  /** Each instance type by itself, where the type of a node is chosen by the pods; absent for other pools. */
  machines?: ReportedMachine[] | undefined;
  /** GPUs of all nodes at most, where there are `machines`; null where nothing bounds them. */
  maxGpus?: number | null | undefined;
  packing: PoolPacking;
  cost: ReportedPoolCost;
  /** What is not known of it, each a sentence without a period. */
  unknowns: string[];
}

/** What the nodes of one instance type are in a pool that may have several. */
export interface ReportedMachine {
  instanceType: string;
  /** 0 without accelerators; absent where it is not known. */
  gpusPerNode?: number | undefined;
  /** Nodes of this type when there are none of the others; null where nothing bounds them. */
  maxNodes: number | null;
  free: ReportedAmount[];
}

/** An amount of a resource, as a number and in words. */
export interface ReportedAmount {
  /** For example `cpu` or `nvidia.com/gpu`. */
  resource: string;
  /** Millicores of `cpu`, bytes of memory, disk and huge pages, whole units of everything else. */
  amount: number;
  /** With its unit: `7.91 CPUs`, `30.1 GiB of memory`, `4 GPUs`. */
  words: string;
}

/** An object that brings pods: whether they can run, and what they cost. */
export interface ReportedWorkload {
  /** `Job ml/mnist`. */
  title: string;
  urn: string;
  tenant?: string | undefined;
  clusterQueue?: string | undefined;
  /** One for each of its sets of pods. */
  proofs: ReportedProof[];
  cost: WorkloadCost;
  timing: Timing;
}

/** A proof in which null stands for an unbounded number of pods. */
export interface ReportedProof extends Omit<PlacementProof, "atOnce" | "pools"> {
  atOnce: number | null;
  pools: ReportedPoolVerdict[];
  /** What one pod of the set asks for. */
  requests: ReportedAmount[];
}

/** What one pool is to one set of pods; null stands for an unbounded number of them. */
export interface ReportedPoolVerdict extends Omit<PoolVerdict, "atOnce"> {
  atOnce: number | null;
}

/** USD per hour; the ceiling is null where nothing bounds it, and an amount absent where a price is missing. */
export type ReportedHourlyCost = BoundedCeiling<HourlyCost>;

/** What a pool costs; the ceiling is null where nothing bounds it. */
export type ReportedPoolCost = BoundedCeiling<Omit<PoolCost, "machines">> & { machines?: ReportedMachineCost[] };

/** What nodes of one of a pool's instance types cost; null where nothing bounds their number. */
export type ReportedMachineCost = Omit<MachineCost, "mostNodes" | "ceilingNodes"> & {
  mostNodes: number | null;
  ceilingNodes?: number | null | undefined;
};

/** What a tenant can cost; the ceiling is null where nothing bounds it. */
export type ReportedTenantCost = BoundedCeiling<TenantCost>;

/** A cost whose ceiling may be null, for unbounded. */
type BoundedCeiling<Cost extends HourlyCost> = Omit<Cost, "ceiling"> & { ceiling: number | null | undefined };

/** What the stack costs as a whole. */
export interface ReportedStackCost extends Pick<StackCost, "region" | "gaps"> {
  environment: ReportedHourlyCost;
  tenants: ReportedTenantCost[];
}

/** What a change does to the cost. */
export interface CostDifference {
  /** `this change adds up to USD 214.00/h`, without a period. */
  sentence: string;
  /** When what it is compared with was deployed (ISO 8601); absent where that is not known. */
  since?: string | undefined;
  before: ReportedHourlyCost;
  after: ReportedHourlyCost;
  /** Pools and tenants whose cost changes. */
  changes: PartCostChange[];
}

/** What a change does to the cost of a pool or tenant; one side is absent where it is new or goes. */
export interface PartCostChange {
  /** `pool training` or `tenant research`. */
  name: string;
  before?: ReportedHourlyCost | undefined;
  after?: ReportedHourlyCost | undefined;
}

/** What a finding is about: whether pods can run, whether the layers agree, money, or what would be better. */
export const FINDING_SECTIONS = ["placement", "agreement", "cost", "advice", "other"] as const;
/** What a finding is about: whether pods can run, whether the layers agree, money, or what would be better. */
export type FindingSection = (typeof FINDING_SECTIONS)[number];

/** A finding of any rule that judges the stack. */
export interface ReportedFinding extends Finding {
  section: FindingSection;
  /** Whether it keeps the stack from being deployed. */
  level: "mandatory" | "advisory";
  /** The finding in one sentence. */
  message: string;
}

/** A number as the report tells it: null where nothing bounds it. */
export function bounded(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
