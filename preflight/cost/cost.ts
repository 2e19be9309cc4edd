/** How sure a price is. */
export interface Price {
  usdPerHour: number;
  /** Where it is from, for example `AWS price list by way of Karpenter v1.14.1`. */
  source: string;
  /** Day (ISO 8601) of the price; empty where the pool itself says it. */
  asOf: string;
}

/** USD per hour of a pool, tenant or environment; undefined where a price that it takes is not known. */
export interface HourlyCost {
  /** While nothing runs. */
  idle: number | undefined;
  /** On average over a week, with schedules, services and repeated runs. */
  typical: number | undefined;
  /** When everything is as large as it may be; `Infinity` where nothing bounds it. */
  ceiling: number | undefined;
}

/** Nodes of a pool that are paid for; undefined where it is not known. */
export interface PaidNodes {
  /** While nothing runs. */
  idle: number | undefined;
  /** On average over a week, so mostly no whole number. */
  typical: number | undefined;
  /** At most; `Infinity` where nothing bounds them. */
  ceiling: number | undefined;
}

/** What nodes of one of a pool's instance types cost. */
export interface MachineCost {
  instanceType: string;
  price: Price | undefined;
  ceilingPrice: Price | undefined;
  /** Nodes of this type when nodes of no other type are there; `Infinity` where nothing bounds them. */
  mostNodes: number;
  /** Nodes of this type when the pool costs the most; undefined where that is not known. */
  ceilingNodes: number | undefined;
}

/** What a pool costs. */
export interface PoolCost extends HourlyCost {
  pool: string;
  instanceType: string | undefined;
  capacityType: string | undefined;
  nodes: PaidNodes;
  /** Price of a node, of several types that of the dearest; undefined where none is known. */
  price: Price | undefined;
  /** The most that a node costs: of spot machines the on-demand price; undefined where it is not known. */
  ceilingPrice: Price | undefined;
  /** Each instance type by itself, where the type of a node is chosen by the pods; absent for other pools. */
  machines?: readonly MachineCost[];
  /** Where there is no price: why, as a sentence without a period. */
  missing?: string;
}

/** What a workload costs. */
export interface WorkloadCost {
  urn: string;
  title: string;
  tenant: string | undefined;
  /** While as many of its pods run as can at once; undefined where a price or a count is not known. */
  usdPerHour: number | undefined;
  /** For one run, of a sweep for one trial; undefined where it is not known how long one takes. */
  usdPerRun: number | undefined;
  /** How the duration is known. */
  hours: number | undefined;
  hoursFrom: "annotation" | "deadline" | undefined;
  /** For one trial and for the sweep as a whole, where it is one. */
  usdPerTrial: number | undefined;
  usdPerSweep: number | undefined;
}

/** What a tenant can cost. */
export interface TenantCost extends HourlyCost {
  tenant: string;
  /** What its ceiling is taken from. */
  ceilingFrom: "queues" | "quota" | "workloads";
}

/** What a stack costs. */
export interface StackCost {
  region: string | undefined;
  environment: HourlyCost;
  pools: readonly PoolCost[];
  workloads: readonly WorkloadCost[];
  tenants: readonly TenantCost[];
  /** Sums leave out what has no price; each such gap is named here. */
  gaps: readonly string[];
  /** What the figures mean and rest on, as sentences. */
  assumptions: readonly string[];
}
