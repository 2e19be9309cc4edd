import type { Contention } from "../../preflight/packing";
import type { Plan } from "../../preflight/plan";

/** What every plan takes for granted of machines and pods. */
const OF_EVERY_PLAN = [
  "A node has the memory of its instance type without the 7.5 % that its hypervisor takes, without what the kubelet of " +
    "Amazon Linux 2023 keeps back for 110 pods, and without the requests of the DaemonSets of the stack.",
  "Where several instance types are allowed, Karpenter starts for each set of pods the one that takes all of them at the " +
    "least price; a node of a node group is as small as the smallest of them.",
  "Machines are to be had: whether AWS has capacity, and the account a quota for it, nobody can tell beforehand.",
  "Pods count by what they request. Preemption is left out: what waits, waits until something ends.",
];

/** Kind of clusters whose machines are simulated. */
const SIMULATED = "local";
const NOBODY_PAYS =
  "The machines of this stack are simulated, and nobody pays for them: costs are those of the machines that they stand for.";

/** What a plan takes for granted, as sentences. */
export interface Assumptions {
  /** What is particular to this stack: what was said while it was read and planned, and what is not known of its pools. */
  ofThis: string[];
  /** What holds for its machines and prices as for those of any other. */
  ofEvery: string[];
}

/**
 * What a plan takes for granted.
 *
 * @param remarks what was said while the resources were read.
 * @param kind where the cluster comes from, as the stack says it.
 */
export function planAssumptions(
  { cost, packing, pools, remarks: own }: Plan,
  remarks: readonly string[],
  kind: string,
): Assumptions {
  const unknowns = pools.flatMap(({ name, unknowns: gaps }) => gaps.map(({ reason }) => `Pool ${name}: ${reason}.`));
  const contentions = (packing.contentions ?? []).map(contentionText);
  const simulated = kind === SIMULATED ? [NOBODY_PAYS] : [];
  return {
    ofThis: [...new Set([...remarks, ...own, ...unknowns, ...contentions, ...simulated])],
    ofEvery: [...OF_EVERY_PLAN, ...cost.assumptions],
  };
}

function contentionText({ workloads, pools }: Contention): string {
  return (
    `${listed(workloads)} have no room at once on ${pools.length === 1 ? "pool" : "pools"} ${listed(pools)}, and nothing ` +
    "starts the pods of each together: each may get some of them, and wait for ever for the others. Let them wait in a queue."
  );
}

/** `a`, `a and b`, `a, b and c`. */
function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
