import type { PlanReport, ReportedFinding, ReportedPool, ReportedWorkload } from "../../../../cli/plan/report";
import { typicalReport } from "./fixture";

/** Text that would end a script or an attribute, run, load something, or turn what is read. */
export const HOSTILE = `</script></style></title>"'><img src=x onerror="alert(1)"><a href="javascript:alert(2)">&amp;\u202e${"long".repeat(60)}`;

/** A report whose every text is hostile. */
export const hostileReport: PlanReport = everyText(typicalReport, (text, key) =>
  ["verdict", "section", "level", "severity", "kind", "group", "judgedAt"].includes(key) ? text : `${HOSTILE}${text}`,
);

function everyText<T>(value: T, change: (text: string, key: string) => string, key = ""): T {
  if (typeof value === "string") return change(value, key) as T;
  if (Array.isArray(value)) return value.map((each) => everyText<unknown>(each, change, key)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, everyText<unknown>(each, change, name)]),
  ) as T;
}

/** A report of 500 workloads on 40 pools, with 300 findings and 2,000 nodes in its graph. */
export const hugeReport: PlanReport = {
  ...typicalReport,
  stack: "huge",
  pools: times(40, (at) => renamedPool(typicalReport.pools[at % 5]!, `pool-${at}`)),
  workloads: times(500, (at) => renamedWorkload(typicalReport.workloads[at % 14]!, at)),
  findings: times(300, (at): ReportedFinding => ({
    ...typicalReport.findings[at % 6]!,
    object: `Job team-${at % 9}/job-${at}`,
  })),
  graph: {
    nodes: times(2000, (at) => ({ ...typicalReport.graph.nodes[at % 43]!, id: `node-${at}`, title: `node-${at}` })),
    edges: times(1999, (at) => ({ from: `node-${at + 1}`, to: `node-${at % 43}`, kind: "waits" })),
  },
};

function times<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

function renamedPool(pool: ReportedPool, name: string): ReportedPool {
  const layouts = times(30, (at) => pool.packing.layouts[at % pool.packing.layouts.length]!);
  return { ...pool, name, packing: { ...pool.packing, layouts }, cost: { ...pool.cost, pool: name } };
}

/** Each meets all of the pools, as it would in a plan. */
function renamedWorkload(workload: ReportedWorkload, at: number): ReportedWorkload {
  const title = `Job team-${at % 9}/job-${at}`;
  const proofs = workload.proofs.map((proof) => ({
    ...proof,
    title,
    pools: times(40, (pool) => ({ ...proof.pools[pool % Math.max(1, proof.pools.length)]!, pool: `pool-${pool}` })),
  }));
  return {
    ...workload,
    title,
    proofs: workload.proofs.some(({ pools }) => pools.length === 0) ? workload.proofs : proofs,
  };
}
