import { pathInPodSet } from "../../components/model";
import type { Workload } from "../demand/workload";
import type { PlannedPool } from "../pools/planned-pool";
import { builtInLabels, type NamespaceLabels } from "../scheduling/pod-terms";
import { Capacities } from "./capacity";
import { compiled } from "./compiled";
import type { Entry } from "./entry";
import { gangVerdict, type GangGround, type GangVerdict } from "./gang";
import type { Ground } from "./ground";
import { judged, type Judgement } from "./judgement";
import { NO_LIMITS, type Limits } from "./limits";
import { Verdict, type PlacementProof, type QueueVerdict } from "./proof";
import { admittedAtOnce } from "./queue-choice";
import { queueAnswers } from "./queue-units";
import { flavorDoubt } from "./queue-words";
import { refusalReason, shortfallReason } from "./reasons";

/**
 * Judges for every set of pods whether it can run, where, and how many at once, while nothing else does; in the order
 * of the workloads and their sets.
 *
 * @param limits queues and quotas; none by default.
 * @param namespaceLabels labels of namespaces, which some rules between pods select by; those that every namespace
 * has by default.
 */
export function proofsOf(
  workloads: readonly Workload[],
  pools: readonly PlannedPool[],
  limits: Limits = NO_LIMITS,
  namespaceLabels: NamespaceLabels = builtInLabels,
): PlacementProof[] {
  const { grounds, entries } = compiled(workloads, pools, limits, namespaceLabels);
  const capacities = new Capacities(grounds, entries, namespaceLabels);
  const answers = queueAnswers(entries.all);
  const judgements = entries.all.map((entry) => judged(entry, answers.get(entry), capacities));
  const gangs = gangsOf(judgements, { grounds, capacities, podOf: entries.podOf, namespaceLabels });
  return judgements.map((judgement, index) => proofOf(judgement, gangs[index], grounds));
}

/** What holds for the gang of each set; undefined where it is in none, or all of it can run. */
function gangsOf(judgements: readonly Judgement[], ground: GangGround): (GangVerdict | undefined)[] {
  const gangs = new Map<Entry["workload"], Map<string, Judgement[]>>();
  for (const judgement of judgements) {
    const { workload, gang } = judgement.entry;
    if (gang === undefined) continue;
    const ofWorkload = gangs.get(workload) ?? new Map<string, Judgement[]>();
    gangs.set(workload, ofWorkload.set(gang, [...(ofWorkload.get(gang) ?? []), judgement]));
  }
  const verdicts = new Map<Judgement, GangVerdict | undefined>();
  for (const ofWorkload of gangs.values()) {
    for (const sets of ofWorkload.values()) {
      const verdict = gangVerdict(sets, ground);
      for (const judgement of sets) verdicts.set(judgement, verdict);
    }
  }
  return judgements.map((judgement) => verdicts.get(judgement));
}

function proofOf(judgement: Judgement, gang: GangVerdict | undefined, grounds: readonly Ground[]): PlacementProof {
  const { entry, capacity, certain, possible } = judgement;
  const { workload, set } = entry;
  const isOfGang = gang !== undefined && isWorse(gang.verdict, judgement.verdict);
  const verdict = isOfGang ? gang.verdict : judgement.verdict;
  const undecided = verdict === Verdict.undecided && !isOfGang ? doubtOf(judgement, grounds) : undefined;
  return {
    urn: workload.resource.urn,
    title: set.title,
    path: set.podSet.path,
    count: set.count,
    minCount: set.minCount,
    verdict,
    atOnce: verdict === Verdict.never ? possible : certain,
    get pools() {
      return capacity.listed().verdicts;
    },
    queues: queuesOf(judgement, gang),
    reason: isOfGang ? gang.reason : (undecided?.reason ?? reasonOf(judgement, grounds)),
    ...(undecided?.path === undefined ? {} : { unknownPath: undecided.path }),
  };
}

function isWorse(gang: Verdict, own: Verdict): boolean {
  return own !== Verdict.never && (gang === Verdict.never || own !== Verdict.undecided);
}

function reasonOf(judgement: Judgement, grounds: readonly Ground[]): string {
  const { verdict, subject, entry, refusal } = judgement;
  if (verdict === Verdict.runs) return "";
  if (refusal !== undefined) return refusal.reason;
  if (verdict === Verdict.queues) return shortfallReason(judgement, entry.set.count ?? 0, grounds);
  if (grounds.length > 0 && subject.kind.perNode.every((pods) => pods === 0)) {
    return refusalReason(judgement, grounds);
  }
  return shortfallReason(judgement, entry.set.minCount, grounds);
}

/** Why it is not known how many pods can run, with the path of what is not known where it is in the workload. */
function doubtOf(judgement: Judgement, grounds: readonly Ground[]): { reason: string; path?: string } {
  const { entry, capacity, allowance, certain } = judgement;
  const { set } = entry;
  if (judgement.doubt !== undefined) {
    const never = { ...judgement, verdict: Verdict.never };
    return { reason: flavorDoubt(judgement.doubt, entry, judgement.subject, reasonOf(never, grounds)) };
  }
  const { doubt } = capacity;
  if (doubt !== undefined) {
    const { path } = doubt;
    return { reason: doubt.reason, ...(path === undefined ? {} : { path: pathInPodSet(set.podSet, path) }) };
  }
  if (allowance.unknown !== undefined) {
    const { limit, resource } = allowance.unknown;
    return { reason: `what ${limit.title} has of ${resource} is not known yet` };
  }
  const reason = `how many pods it has at once is not known, and ${certain} can run at once`;
  return { reason, path: set.podSet.path };
}

/**
 * Limits that keep pods waiting: those that the pods which must run together do not fit into, else those for all of
 * them.
 */
function queuesOf(judgement: Judgement, gang: GangVerdict | undefined): QueueVerdict[] {
  const { entry, subject, verdict, refusal } = judgement;
  if (verdict === Verdict.runs && gang === undefined) return [];
  const { count, minCount } = entry.set;
  const least = entry.queue === undefined ? minCount : admittedAtOnce(entry.set).least;
  const verdicts = [...subject.limits, ...entry.limits].flatMap((limit) =>
    [...subject.pod.requests].flatMap(([resource, asked]): QueueVerdict[] => {
      const ceiling = limit.ceilingOf(resource);
      if (typeof ceiling !== "number" || !(asked > 0)) return [];
      const needed = [least, count ?? least].map((pods) => asked * pods).find((amount) => amount > ceiling);
      if (needed === undefined) return [];
      return [{ clusterQueue: limit.name, title: limit.title, resource, needed, ceiling }];
    }),
  );
  const tight = refusal?.limit ?? gang?.limit;
  if (tight === undefined || verdicts.length > 0) return verdicts;
  const { name, title, resource, needed, ceiling } = tight;
  return [{ clusterQueue: name, title, resource, needed, ceiling }];
}
