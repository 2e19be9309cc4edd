import { GPU_RESOURCE } from "../../components/model";
import type { PlannedPool } from "../pools/planned-pool";
import { ObstacleKind, type Obstacle } from "../scheduling/obstacle";
import type { LabelRequirement, LabelSelector, SchedulablePod } from "../scheduling/pod";
import { amountText, resourceNoun } from "./amount-text";
import type { Ground } from "./ground";
import { GPU_MEMORY } from "./gpu-memory";
import type { Judgement } from "./judgement";
import { obstacleWords, topologyNoun } from "./obstacle-words";
import { overheadWords } from "./overhead-words";
import { nodeAmount, nodeAmountText } from "./node-amount";
import { counted, joined, poolCount, poolTitle, poolTitles } from "./pool-words";
import { Verdict, type PoolVerdict } from "./proof";
import { admittedAtOnce } from "./queue-choice";
import { goesWords, tooFewAdmitted } from "./queue-words";

/** Why no pool takes a single pod of a set. */
export function refusalReason(judgement: Judgement, grounds: readonly Ground[]): string {
  const { capacity, subject } = judgement;
  const { closest, verdicts } = capacity.listed();
  const [verdict] = verdicts;
  const short = verdict!.obstacles.filter(isShortage);
  const isOnlyShort = short.length === verdict!.obstacles.length;
  if (isOnlyShort) return shortageReason(judgement, short, closest!, grounds);
  const words = obstacleWords(verdict!.obstacles, subject, closest!.sites[0]!, closest!.pool);
  return `${joined(words)}${others(verdicts)}`;
}

function others(verdicts: readonly PoolVerdict[]): string {
  if (verdicts.length === 1) return "";
  return verdicts.length === 2
    ? "; the other pool is no closer"
    : `; the other ${verdicts.length - 1} pools are no closer`;
}

function isShortage({ kind, subject }: Obstacle): boolean {
  return (kind === ObstacleKind.resource || kind === ObstacleKind.tooManyPods) && subject !== GPU_MEMORY;
}

/** Where pools let the pods in, and have too little of something. */
function shortageReason(
  { subject: { pod, kind } }: Judgement,
  short: readonly Obstacle[],
  closest: Ground,
  grounds: readonly Ground[],
): string {
  const [first, ...more] = [...short].sort((a, b) => rank(a.subject) - rank(b.subject));
  const candidates = grounds.filter(({ number }) => kind.where.admissions[number]!.zones.length > 0);
  const isNowhere = largest(candidates, first!.subject ?? "").amount < (first!.asked ?? 0);
  if (more.length === 0 && isNowhere) return tooLarge(first!, candidates);
  const obstacles = [first!, ...more];
  const asked = joined(obstacles.map(({ subject = "", asked = 0 }) => amountText(subject, asked, "up")));
  const left = joined(obstacles.map(({ subject = "", left = 0 }) => leftText(subject, left, closest.pool)));
  // Where each amount is somewhere, what is asked for beside it is what keeps the pod from there.
  const rest = isNowhere ? "" : restOf(pod, short);
  return `asks for ${asked}${rest}; a node of ${poolTitle(closest.pool)}, the closest, has ${left}`;
}

/** Resources in the order in which messages name them: GPUs, other devices, then what every node has. */
function rank(resource = ""): number {
  if (resource.startsWith(GPU_DOMAIN)) return 0;
  return resource.includes("/") ? 1 : 2;
}

const GPU_DOMAIN = GPU_RESOURCE.slice(0, GPU_RESOURCE.indexOf("/") + 1);

function leftText(resource: string, left: number, pool: PlannedPool): string {
  return left > 0 ? nodeAmountText(resource, left, pool) : `no ${resourceNoun(resource)}`;
}

/** What a pod asks for beside what a pool is short of. */
function restOf({ requests }: SchedulablePod, short: readonly Obstacle[]): string {
  const isRest = (name: string) => name !== "pods" && !short.some(({ subject }) => subject === name);
  const rest = [...requests].filter(([name, amount]) => amount > 0 && isRest(name));
  if (rest.length === 0) return "";
  rest.sort(([a], [b]) => rank(a) - rank(b));
  return ` beside ${joined(rest.map(([name, amount]) => amountText(name, amount, "up")))}`;
}

function largest(candidates: readonly Ground[], resource: string): { amount: number; pool: PlannedPool } {
  let best: { amount: number; pool: PlannedPool } | undefined;
  for (const { pool } of candidates) {
    const amount = pool.free.get(resource) ?? 0;
    if (best === undefined || amount > best.amount) best = { amount, pool };
  }
  return best!;
}

function tooLarge({ subject = "", asked = 0 }: Obstacle, candidates: readonly Ground[]): string {
  const { amount, pool } = largest(candidates, subject);
  if (subject === "pods")
    return `finds no room beside the DaemonSets of ${poolTitle(pool)}, which take all pods of a node`;
  const wanted = `asks for ${amountText(subject, asked, "up")}`;
  if (amount <= 0) return `${wanted}; ${nothingOf(subject, candidates)}`;
  const where =
    candidates.length === 1 ? `a node of ${poolTitle(pool)} has` : `the largest node, of ${poolTitle(pool)}, has`;
  return `${wanted}; ${where} ${nodeAmount(subject, amount, pool)}${overheadWords(subject, asked, pool)}`;
}

function nothingOf(resource: string, candidates: readonly Ground[]): string {
  const pools = candidates.map(({ pool }) => pool);
  const offered = candidates.find(({ gpuWorth }) => gpuWorth.size > 0);
  const none = `${poolTitles(pools)} ${poolCount(pools) === 1 ? "offers" : "offer"} none`;
  if (!resource.startsWith(GPU_DOMAIN) || offered === undefined) return none;
  const instead = [...offered.gpuWorth.keys()].map((name) =>
    nodeAmountText(name, offered.pool.free.get(name) ?? 0, offered.pool),
  );
  return `${none}, and a node of ${poolTitle(offered.pool)} has ${joined(instead)}`;
}

/** Why fewer pods run at once than must, or than there are, where pools take some. */
export function shortfallReason(judgement: Judgement, needed: number, grounds: readonly Ground[]): string {
  const { capacity, allowance, possible, subject, entry, goes } = judgement;
  const { tightest } = allowance;
  const ofQueue = judgement.verdict === Verdict.never ? queueShortage(judgement) : undefined;
  if (ofQueue !== undefined) return ofQueue;
  const start =
    possible < judgement.entry.set.minCount
      ? tooFew(needed, possible)
      : `${possible} of ${pods(needed)} can run at once`;
  if (goes !== undefined) return `${start}: ${goesWords(goes, entry)}`;
  if (tightest !== undefined && allowance.possible <= capacity.possible) {
    const { limit, resource, ceiling } = tightest;
    return `${start}, as ${limit.title} has ${amountText(resource, ceiling, "down")} at most`;
  }
  if (capacity.possible === 0 && capacity.rule !== undefined) {
    const why = capacity.hasCompany ? "no node has room for it beside them" : "no workload of the stack has such pods";
    const rest = capacity.rule.kind === ObstacleKind.podAffinity ? `, and ${why}` : "";
    return `${start}: ${ruleWords(capacity.rule, subject.pod)}${rest}`;
  }
  const takers = capacity.listed().verdicts.filter(({ perNode }) => perNode > 0);
  if (takers.length === 0 && capacity.rule === undefined) {
    const pools = grounds.filter(({ number }) => subject.kind.perNode[number]! > 0).map(({ pool }) => pool);
    return `${start}: the limits of ${poolTitles(pools)} allow no node`;
  }
  const parts = takers.slice(0, 3).map((verdict) => {
    const ground = grounds.find(({ pool }) => pool.name === verdict.pool)!;
    if (ground.mix !== undefined && Number.isFinite(verdict.atOnce)) {
      return `pool ${verdict.pool} has room for ${verdict.atOnce} within its limits`;
    }
    const { nodes } = subject.kind.where.admissions[ground.number]!;
    if (nodes === Infinity) return `${poolTitle(ground.pool)} has room for ${verdict.perNode} on each node`;
    const most = `${poolTitle(ground.pool)} has ${counted(nodes, "node")} at most${zoneWords(judgement, ground)}`;
    if (nodes !== 1) return `${most} with room for ${verdict.perNode} each`;
    return `${most}${most.endsWith(",") ? "" : ","} with room for ${verdict.perNode}`;
  });
  const more = takers.length > 3 ? [`${takers.length - 3} more pools have room for ${sumOf(takers.slice(3))}`] : [];
  const rule = capacity.rule === undefined ? "" : `${ruleWords(capacity.rule, subject.pod)}, and `;
  return `${start}: ${rule}${joined([...parts, ...more])}`;
}

/** Why a queue never admits pods that it admits together; undefined where it may. */
function queueShortage({
  entry: { set, queue, variants },
  quota: { possible, tightest },
}: Judgement): string | undefined {
  const { least } = admittedAtOnce(set);
  if (queue === undefined || tightest === undefined || possible >= least) return undefined;
  const { limit, resource, ceiling } = tightest;
  const start = least > set.minCount ? tooFewAdmitted(least, possible) : tooFew(least, possible);
  const isSplit = variants.length > 1 && least > 1;
  const why = isSplit ? ", and pods that are admitted together get the same flavor" : "";
  return `${start}, as ${limit.title} has ${amountText(resource, ceiling, "down")} at most${why}`;
}

function tooFew(needed: number, possible: number): string {
  if (needed === 1) return "no pod can run";
  return `${needed} pods must run together, and ${possible === 0 ? "none" : `at most ${possible}`} can`;
}

function pods(count: number): string {
  return counted(count, "pod");
}

function sumOf(verdicts: readonly PoolVerdict[]): number {
  return verdicts.reduce((sum, { atOnce }) => sum + atOnce, 0);
}

/** Where volumes or selectors keep pods in some of the zones of a pool. */
function zoneWords({ subject: { kind } }: Judgement, { number, pool, maxNodes }: Ground): string {
  const { zones, nodes } = kind.where.admissions[number]!;
  if (nodes === maxNodes) return "";
  const names = zones.flatMap((zone) => pool.zones[zone] || []);
  return names.length === 0 ? " that they may be on" : ` in ${joined(names)}, where they must be,`;
}

/** What a rule between pods asks of them, as a sentence without a period. */
function ruleWords(rule: Obstacle | undefined, { affinity }: SchedulablePod): string {
  const { kind, subject } = rule ?? {};
  switch (kind) {
    case ObstacleKind.podAntiAffinity:
    case ObstacleKind.existingAntiAffinity:
      return `no two of them may share ${topologyNoun(subject, 1)}`;
    case ObstacleKind.topologySpread:
      return `they must be spread evenly over ${topologyNoun(subject)}`;
    case ObstacleKind.podAffinity: {
      const selectors = affinity.map(({ selector }) => selectorWords(selector));
      return `each must share ${topologyNoun(subject, 1)} with ${joined(selectors)}`;
    }
    case ObstacleKind.hostPort:
      return "each takes a port of its node for itself";
    default:
      return "nodes have no room for more of them";
  }
}

/** `pods with app=cache`. */
function selectorWords(selector: LabelSelector): string {
  if (selector === undefined || selector.length === 0) return selector === undefined ? "no pods at all" : "other pods";
  return `pods with ${joined(selector.map(requirementWords))}`;
}

function requirementWords({ key, operator, values }: LabelRequirement): string {
  if (operator === "In")
    return joined(
      values.map((value) => `${key}=${value}`),
      "or",
    );
  if (operator === "NotIn") return `${key} other than ${joined(values, "or")}`;
  return operator === "Exists" ? `a label ${key}` : `no label ${key}`;
}
