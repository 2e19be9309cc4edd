import { childAt, isTreeObject, isUnknown, nodeAt, stringAt, type Tree } from "../../components/model";
import { trialsAtOnce } from "./timing";
import type { DemandedPodSet, Workload } from "./workload";

/**
 * Kinds of which Kueue admits all pods at once or none of them, those of a StatefulSet as a group of pods; of others, such as
 * Deployments, each pod waits by itself.
 *
 * @see https://kueue.sigs.k8s.io/docs/tasks/run/ v0.19
 */
const ADMITTED_WHOLE = new Set([
  "batch/Job",
  "apps/StatefulSet",
  "jobset.x-k8s.io/JobSet",
  "trainer.kubeflow.org/TrainJob",
  ...["JAXJob", "MPIJob", "PaddleJob", "PyTorchJob", "TFJob", "XGBoostJob"].map((kind) => `kubeflow.org/${kind}`),
  ...["RayCluster", "RayJob", "RayService"].map((kind) => `ray.io/${kind}`),
  "sparkoperator.k8s.io/SparkApplication",
  "workload.codeflare.dev/AppWrapper",
]);

/** Where objects say that some of their pods come and go, so that it is not known with how many they begin. */
const COMES_AND_GOES = [
  "spec.elasticPolicy",
  "spec.enableInTreeAutoscaling",
  "spec.rayClusterSpec.enableInTreeAutoscaling",
  "spec.rayClusterConfig.enableInTreeAutoscaling",
  "spec.dynamicAllocation.enabled",
];

/**
 * Annotation of a Job by which a queue may admit it with fewer pods.
 *
 * @see https://kueue.sigs.k8s.io/docs/tasks/run/jobs/#partial-admission v0.19
 */
const LEAST_PODS = "kueue.x-k8s.io/job-min-parallelism";

/**
 * The sets of a queued workload with what its queue admits of them at once or not at all.
 *
 * @param isWhole whether it waits as one; pods that name a queue by themselves are not those of a workload to Kueue.
 */
export function admittedWhole(
  { resource, podSets, timing }: Pick<Workload, "resource" | "podSets" | "timing">,
  isWhole: boolean,
): DemandedPodSet[] {
  const least = isWhole ? leastPods(resource.properties) : undefined;
  const times = isExperiment(resource.properties) ? trialsAtOnce(resource.properties) : (timing.runsAtOnce ?? 1);
  if (least === undefined || times === undefined) return podSets;
  return podSets.map((set) => {
    const ofOne = Math.floor((set.count ?? set.minCount) / times);
    const admittedMost = Math.max(set.minCount, ofOne);
    return { ...set, admittedCount: Math.max(set.minCount, Math.min(least, ofOne)), admittedMost };
  });
}

/** Pods with which the queue admits an object at least: all of them, or as many as it says; undefined where that is open. */
function leastPods(object: Tree): number | undefined {
  const admitted = admittedObject(object);
  const isWhole = ADMITTED_WHOLE.has(kindOf(admitted));
  if (!isWhole) return undefined;
  if (COMES_AND_GOES.some((path) => (nodeAt(admitted, path) ?? false) !== false)) return undefined;
  const least = childAt(nodeAt(admitted, "metadata.annotations"), LEAST_PODS);
  if (isUnknown(least)) return undefined;
  return typeof least === "string" && /^\d+$/.test(least) ? Number(least) : Infinity;
}

/** What is queued: the object, or what it creates time and again. */
function admittedObject(object: Tree): Tree {
  if (isExperiment(object)) return nodeAt(object, "spec.trialTemplate.trialSpec");
  const job = nodeAt(object, "spec.jobTemplate");
  const isCron = kindOf(object) === "batch/CronJob";
  return isCron && isTreeObject(job) ? { ...job, apiVersion: "batch/v1", kind: "Job" } : object;
}

function isExperiment(object: Tree): boolean {
  return kindOf(object) === "kubeflow.org/Experiment";
}

/** Group and kind: `batch/Job`. */
function kindOf(object: Tree): string {
  return `${stringAt(object, "apiVersion")?.split("/")[0]}/${stringAt(object, "kind")}`;
}
