import { arrayAt, childAt, nodeAt, objectAt, stringAt, type Tree } from "../tree";
import { moved, podsAt, podSetsAt, spotsAt, type PodFinder, type PodPlace, type Search } from "./finder";
import { alone, countAt, jobPods, jobsTogether, product, together } from "./sizes";
import type { PodSet } from "./pod-set";

/** Kinds that run several Jobs or pods as one. */
export const jobGroupKinds: [kind: string, find: PodFinder][] = [
  ["jobset.x-k8s.io/JobSet", podsAt(replicatedJobs("spec"))],
  ["leaderworkerset.x-k8s.io/LeaderWorkerSet", (object) => leaderWorkerGroups(childAt(object, "spec"), "spec", 1)],
  ["disaggregatedset.x-k8s.io/DisaggregatedSet", disaggregatedRoles],
  // v1beta1 and v1beta2 of Kueue 0.19.2 alike; the pods themselves belong to the workload's owner.
  ["kueue.x-k8s.io/Workload", podsAt({ owner: "spec.podSets[]", template: "template", size: queued, gang: true })],
  ["batch.volcano.sh/Job", podsAt({ owner: "spec.tasks[]", template: "template", size: volcanoTask, gang: true })],
  ["keda.sh/ScaledJob", podsAt({ owner: "spec", template: "jobTargetRef.template", size: scaledJobs })],
  ["workload.codeflare.dev/AppWrapper", wrappedObjects],
];

/**
 * The Jobs of a JobSet, described by the object at a path. They run together, but for those that wait until another one
 * has completed.
 *
 * @see https://jobset.sigs.k8s.io/docs/concepts/ (v0.12.0)
 */
export function replicatedJobs(jobSetSpec: string): PodPlace {
  return {
    owner: `${jobSetSpec}.replicatedJobs[]`,
    template: "template.spec.template",
    size: (job) => jobsTogether(countAt(job, "replicas", 1), nodeAt(job, "template.spec")),
    gang: (job) => !waitsForCompletion(job),
  };
}

/** Tells whether a replicated job starts only when another one is done. */
export function waitsForCompletion(job: Tree): boolean {
  return arrayAt(job, "dependsOn").some((dependency) => stringAt(dependency, "status") === "Complete");
}

/**
 * The groups of a LeaderWorkerSet, each of one leader and `size - 1` workers. Without a template of its own the leader
 * is made from that of the workers.
 *
 * @see https://lws.sigs.k8s.io/docs/reference/leaderworkerset.v1/ (v0.10.0)
 */
function leaderWorkerGroups(spec: Tree, path: string, slices: number | undefined): PodSet[] {
  const groups = product(countAt(spec, "replicas", 1), slices);
  const size = countAt(objectAt(spec, "leaderWorkerTemplate"), "size", 1);
  const hasLeader = (nodeAt(spec, "leaderWorkerTemplate.leaderTemplate") ?? undefined) !== undefined;
  const workers = size === undefined ? undefined : Math.max(0, hasLeader ? size - 1 : size);
  const places: PodPlace[] = [
    { owner: "leaderWorkerTemplate", template: "leaderTemplate", role: "leader", size: () => alone(groups) },
    {
      owner: "leaderWorkerTemplate",
      template: "workerTemplate",
      role: "worker",
      size: () => ({ ...together(workers), count: product(groups, workers) }),
    },
  ];
  return podSetsAt(spec, places).map((set) => ({ ...moved(set, path), gang: `${path}.leaderWorkerTemplate` }));
}

/** Each role is a LeaderWorkerSet, and there are as many of each as slices (v0.10.0). */
function disaggregatedRoles(object: Tree): PodSet[] {
  const slices = countAt(childAt(object, "spec"), "slices", 1);
  return spotsAt(object, "spec.roles[]").flatMap(({ path, node, name }) =>
    leaderWorkerGroups(childAt(node, "spec"), `${path}.spec`, slices).map((set) => ({
      ...set,
      role: [name, set.role].filter((part) => part !== undefined).join("/"),
    })),
  );
}

/** @see https://kueue.sigs.k8s.io/docs/concepts/workload/ "Pod sets" (v0.19.2) */
function queued(podSet: Tree) {
  const count = countAt(podSet, "count", 1);
  return { count, minCount: Math.max(1, countAt(podSet, "minCount", count) ?? 1) };
}

/** Tasks that say nothing have no replicas, and need all that they have (v1.13.0 of volcano.sh/apis). */
function volcanoTask(task: Tree) {
  const count = countAt(task, "replicas", 0);
  return { count, minCount: Math.max(1, countAt(task, "minAvailable", count) ?? 1) };
}

/** As many Jobs at once as `maxReplicaCount`, 100 by default (v2.20.2). */
function scaledJobs(spec: Tree) {
  const job = jobPods(childAt(spec, "jobTargetRef"));
  return { ...job, count: product(job.count, countAt(spec, "maxReplicaCount", 100)) };
}

/** Whole objects of any kind, which are created together. */
function wrappedObjects(object: Tree, { inside }: Search): PodSet[] {
  return spotsAt(object, "spec.components[]").flatMap(({ path, node }) =>
    inside(childAt(node, "template")).map((set) => moved(set, `${path}.template`)),
  );
}
