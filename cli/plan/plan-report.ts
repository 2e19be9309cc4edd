import { isUnknown, stringAt, type Prices, type Tree, type Unknown } from "../../components/model";
import { dayOf } from "../../policies/engine/days";
import {
  type ComparedCost,
  type CostChange,
  costDifference,
  type HourlyCost,
  type PoolCost,
  poolRegion,
} from "../../preflight/cost";
import type { DemandedPodSet } from "../../preflight/demand";
import type { WaitingPods } from "../../preflight/packing";
import { type PlacementProof, Verdict } from "../../preflight/placement";
import { amountText } from "../../preflight/placement/amount-text";
import { nodeAmountText } from "../../preflight/placement/node-amount";
import { planOf, type Plan } from "../../preflight/plan";
import type { PlannedResource } from "../../preflight/planned-resource";
import type { PlannedPool } from "../../preflight/pools";
import { bestMix } from "../../preflight/pools/machine-mix";
import type { Amounts } from "../../preflight/scheduling/amounts";
import { planAssumptions } from "./assumptions";
import { planFindings } from "./findings";
import { stackGraph } from "./graph";
import {
  bounded,
  type CostDifference,
  type PartCostChange,
  type PlanReport,
  type ReportedAmount,
  type ReportedFinding,
  type ReportedHourlyCost,
  type ReportedPool,
  type ReportedPoolCost,
  type ReportedProof,
  type ReportedWorkload,
  type ReportSummary,
} from "./report";

/** What a report is made from. */
export interface PlanInput {
  /** Name of the stack, or of what was read in its place. */
  stack: string;
  offline: boolean;
  resources: PlannedResource[];
  /** What was said while they were read; each becomes an assumption. */
  remarks: string[];
  /** What is deployed, or what an earlier plan says of its cost; undefined where nothing is, or it was not asked. */
  before: PlannedResource[] | ComparedCost | undefined;
  /** Content of the policy file. */
  configuration: Tree;
  judgedAt: Date;
  /** Region whose prices count; that of the stack by default. */
  region?: string;
  prices: Prices;
}

/** Plans a stack, has the policy packs judge the plan, and tells all that came out. */
export function plannedReport(input: PlanInput): PlanReport {
  const { stack, offline, resources, before, judgedAt, prices, region } = input;
  const market = { prices, region };
  const plan = planOf(resources, market);
  const findings = planFindings({ resources, plan, market }, input.configuration, dayOf(judgedAt));
  const kind = clusterKind(resources) ?? "files";
  const { ofThis, ofEvery } = planAssumptions(plan, input.remarks, kind);
  const reported = {
    pools: plan.pools.map((pool, index) => reportedPool(pool, plan, index)),
    workloads: reportedWorkloads(plan),
  };
  return {
    version: 1,
    stack,
    kind,
    region: plan.cost.region,
    judgedAt: judgedAt.toISOString(),
    offline,
    summary: summaryOf(plan, findings),
    ...reported,
    waiting: waitingOf(plan),
    cost: {
      region: plan.cost.region,
      gaps: plan.cost.gaps,
      environment: reportedCost(plan.cost.environment),
      tenants: plan.cost.tenants.map((tenant) => ({ ...tenant, ...reportedCost(tenant) })),
    },
    ...(before === undefined
      ? {}
      : { difference: differenceOf(Array.isArray(before) ? planOf(before, market).cost : before, plan.cost) }),
    findings,
    graph: stackGraph(resources),
    remarks: ofThis,
    assumptions: ofEvery,
  };
}

/** Where the cluster comes from, as the stack's program says it; undefined for other resources. */
function clusterKind(resources: readonly PlannedResource[]): string | undefined {
  return stringAt(resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.properties, "clusterKind");
}

function differenceOf(before: ComparedCost, after: ComparedCost): CostDifference {
  const { sentence, pools, tenants } = costDifference(before, after);
  const poolIn = ({ pools: costs }: ComparedCost, name: string) => costs.find(({ pool }) => pool === name);
  const tenantIn = ({ tenants: costs }: ComparedCost, name: string) => costs.find(({ tenant }) => tenant === name);
  return {
    sentence,
    before: reportedCost(before.environment),
    after: reportedCost(after.environment),
    changes: [
      ...changesOf("pool", pools, (name) => [poolIn(before, name), poolIn(after, name)]),
      ...changesOf("tenant", tenants, (name) => [tenantIn(before, name), tenantIn(after, name)]),
    ],
  };
}

function changesOf(
  kind: string,
  changes: readonly CostChange[],
  sidesOf: (name: string) => [old: HourlyCost | undefined, now: HourlyCost | undefined],
): PartCostChange[] {
  return changes.flatMap(({ name, change }) => {
    if (change === "unchanged") return [];
    const [old, now] = sidesOf(name);
    return {
      name: `${kind} ${name}`,
      ...(old === undefined ? {} : { before: reportedCost(old) }),
      ...(now === undefined ? {} : { after: reportedCost(now) }),
    };
  });
}

function reportedPool(pool: PlannedPool, { packing, cost }: Plan, index: number): ReportedPool {
  const { name, shape, minNodes, maxNodes, zones, free, unknowns } = pool;
  const price = cost.pools[index]!;
  const known = <T>(value: T | Unknown | undefined): T | undefined => (isUnknown(value) ? undefined : value);
  return {
    name,
    instanceTypes: (known(shape.instanceTypes) ?? []).filter((type) => !isUnknown(type)).map(String),
    capacityType: known(shape.capacityType),
    architecture: known(shape.architecture),
    gpuModel: known(shape.gpuModel),
    gpusPerNode: known(shape.gpusPerNode),
    minNodes,
    maxNodes: maxNodes ?? null,
    zones: zones.filter((zone) => zone !== ""),
    region: poolRegion(pool, cost.region),
    free: reportedAmounts(free, (resource, amount) => nodeAmountText(resource, amount, pool)),
    ...reportedMachines(pool),
    packing: packing.pools[index]!,
    cost: reportedPoolCost(price),
    unknowns: unknowns.map(({ reason }) => reason),
  };
}

function reportedMachines({ machines, limits = [] }: PlannedPool): Pick<ReportedPool, "machines" | "maxGpus"> {
  if (machines === undefined) return {};
  const gpus = machines.map(({ shape: { gpusPerNode } }) => (isUnknown(gpusPerNode) ? undefined : gpusPerNode));
  const uses = machines.map((machine) => machine.uses);
  return {
    machines: machines.map(({ instanceType, shape, maxNodes, free }, at) => ({
      instanceType,
      gpusPerNode: gpus[at],
      maxNodes: maxNodes ?? null,
      free: reportedAmounts(free, (resource, amount) => nodeAmountText(resource, amount, { shape })),
    })),
    maxGpus: bounded(
      bestMix(
        gpus.map((count) => count ?? 0),
        uses,
        limits,
      ).bound,
    ),
  };
}

function reportedPoolCost({ machines, ...cost }: PoolCost): ReportedPoolCost {
  return {
    ...cost,
    ...reportedCost(cost),
    ...(machines === undefined
      ? {}
      : {
          machines: machines.map((machine) => ({
            ...machine,
            mostNodes: bounded(machine.mostNodes),
            ceilingNodes: machine.ceilingNodes === undefined ? undefined : bounded(machine.ceilingNodes),
          })),
        }),
  };
}

function reportedWorkloads({ workloads, proofs, cost }: Plan): ReportedWorkload[] {
  let next = 0;
  return workloads.map((workload, index) => ({
    title: workload.title,
    urn: workload.resource.urn,
    tenant: workload.tenant,
    clusterQueue: workload.clusterQueue,
    proofs: workload.podSets.map((set) => reportedProof(proofs[next++]!, set)),
    cost: cost.workloads[index]!,
    timing: workload.timing,
  }));
}

/** What can never run waits for nothing; what is undecided is told by its proof. */
function waitingOf({ packing, proofs }: Plan): WaitingPods[] {
  const never = new Set(proofs.filter(({ verdict }) => verdict === Verdict.never).map(({ title }) => title));
  const reasons = new Map(proofs.map(({ title, reason, verdict }) => [title, verdict === Verdict.undecided && reason]));
  return packing.waiting.filter(({ podSet, reason }) => !never.has(podSet) && reasons.get(podSet) !== reason);
}

function reportedProof(proof: PlacementProof, { pod }: DemandedPodSet): ReportedProof {
  return {
    ...proof,
    atOnce: bounded(proof.atOnce),
    pools: proof.pools.map((verdict) => ({ ...verdict, atOnce: bounded(verdict.atOnce) })),
    requests: reportedAmounts(pod.requests, (resource, amount) => amountText(resource, amount, "up")),
  };
}

/** How many pods a node runs is no amount that people ask for. */
function reportedAmounts(amounts: Amounts, wordsOf: (resource: string, amount: number) => string): ReportedAmount[] {
  return [...amounts].flatMap(([resource, amount]) =>
    resource === "pods" ? [] : [{ resource, amount, words: wordsOf(resource, amount) }],
  );
}

function reportedCost({ idle, typical, ceiling }: HourlyCost): ReportedHourlyCost {
  return { idle, typical, ceiling: ceiling === undefined ? undefined : bounded(ceiling) };
}

function summaryOf({ proofs, packing, cost }: Plan, findings: readonly ReportedFinding[]): ReportSummary {
  const verdicts = (wanted: PlacementProof["verdict"]) => proofs.filter(({ verdict }) => verdict === wanted).length;
  const mandatory = findings.filter(({ level }) => level === "mandatory").length;
  return {
    podSets: proofs.length,
    runs: verdicts("runs"),
    queues: verdicts("queues"),
    never: verdicts("never"),
    undecided: verdicts("undecided"),
    mandatory,
    advisory: findings.length - mandatory,
    usdPerHour: reportedCost(cost.environment),
    peakGpus: packing.pools.reduce((sum, { gpusInUse }) => sum + gpusInUse, 0),
    peakNodes: packing.pools.reduce((sum, { nodes }) => sum + nodes, 0),
  };
}
