import { arrayAt, childAt, isTreeObject, nodeAt, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { podsAt, podSetsAt, templateOf, unknownPods, without, type PodFinder, type Search } from "./finder";
import { replicatedJobs } from "./job-groups";
import { namespaceOf, type Others } from "./others";
import { completedElsewhere, picked } from "./parts";
import { patched, placesOfPatch } from "./patch";
import { joinPaths, type PodSet } from "./pod-set";
import { alone, countAt, product, together } from "./sizes";

/** The field that names the runtime. */
const RUNTIME = "spec.runtimeRef";
const CLUSTER_RUNTIME = "ClusterTrainingRuntime";

/** The replicated job of the nodes that train, and the container in it that does. */
const NODE = "node";

/** The label of a replicated job that says which part of a TrainJob it is, and its value for training. */
const ANCESTOR_LABEL = "trainer.kubeflow.org/trainjob-ancestor-step";
const TRAINER = "trainer";

/** Where a runtime and a patch of it keep the pods of a replicated job. */
const RUNTIME_JOBS = "spec.template.spec";
const PATCHED_JOBS = "trainingRuntimeSpec.template.spec";
const POD_TEMPLATE = "template.spec.template";

const runtimePods = podsAt({ ...replicatedJobs(RUNTIME_JOBS), size: () => alone(0) });

/**
 * Kinds of Kubeflow Trainer 2. Runtimes run nothing by themselves and count 0.
 *
 * The pods of a TrainJob are written in the runtime that it names. Where that is at hand, they are those of the runtime
 * with the changes of the TrainJob; else all that is known is what the TrainJob says, and the rest is unknown.
 *
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/pkg/runtime
 */
export const trainerKinds: [kind: string, find: PodFinder][] = [
  ["trainer.kubeflow.org/TrainingRuntime", runtimePods],
  ["trainer.kubeflow.org/ClusterTrainingRuntime", runtimePods],
  ["trainer.kubeflow.org/TrainJob", trainJobPods],
];

function trainJobPods(object: Tree, { others }: Search): PodSet[] {
  const spec = childAt(object, "spec");
  if (isUnknown(spec)) return [unknownPods("spec.trainer")];
  if (!isTreeObject(spec)) return [];
  const runtime = runtimeOf(object, others);
  return runtime === undefined ? withoutRuntime(spec) : withRuntime(spec, runtime);
}

function runtimeOf(trainJob: Tree, others: Others): Tree {
  const reference = nodeAt(trainJob, RUNTIME);
  const kind = stringAt(reference, "kind") ?? CLUSTER_RUNTIME;
  const namespace = kind === CLUSTER_RUNTIME ? undefined : namespaceOf(trainJob);
  return others.named(`trainer.kubeflow.org/${kind}`, childAt(reference, "name"), namespace);
}

/** One set for the nodes that train, and one for each other job that the TrainJob patches. */
function withoutRuntime(spec: TreeObject): PodSet[] {
  const node: TreeObject = { name: NODE, resources: UNKNOWN, ...trainerFields(spec) };
  const nodes: PodSet = {
    path: "spec.trainer",
    role: NODE,
    ...together(countAt(childAt(spec, "trainer"), "numNodes", undefined)),
    template: { metadata: {}, spec: completedElsewhere({ containers: [node] }) },
    places: { spec: "spec.trainer", "spec.containers[0]": "spec.trainer", ...trainerPlaces(spec, 0) },
    completedBy: RUNTIME,
  };
  const others = new Map(patchesOf(spec).map((patch) => [patch.job, patch]));
  others.delete(NODE);
  const sets = [...others.values()].map(({ job, path }): PodSet => ({
    path,
    role: job,
    ...alone(undefined),
    template: { metadata: {}, spec: completedElsewhere({}) },
    completedBy: RUNTIME,
  }));
  return [nodes, ...sets].map((set) => patchedPods(spec, set.role ?? "", set));
}

/** The pods of the runtime as the controller changes them. */
function withRuntime(spec: TreeObject, runtime: Tree): PodSet[] {
  const policy = nodeAt(runtime, "spec.mlPolicy");
  const jobs = arrayAt(nodeAt(runtime, RUNTIME_JOBS), "replicatedJobs");
  return podSetsAt(runtime, [replicatedJobs(RUNTIME_JOBS)]).map((set) => {
    const job = jobs.find((other) => stringAt(other, "name") === set.role);
    const at = `${RUNTIME}#`;
    const base: PodSet = {
      ...set,
      path: joinPaths(at, set.path),
      ...together(podsOf(job, spec, policy)),
      ...(set.gang === undefined ? {} : { gang: "spec" }),
      places: { spec: joinPaths(at, set.path, "spec"), ...set.places },
    };
    return trained(patchedPods(spec, set.role ?? "", base), job, spec, policy);
  });
}

/**
 * Pods at once of one replicated job: numNodes of those that train, and of the others what the runtime says. With MPI
 * the launcher has the label of training and the nodes beside it are as many as there are, or one less where the launcher
 * is a node itself.
 */
function podsOf(job: Tree, spec: TreeObject, policy: Tree): number | undefined {
  const trains = isTrainer(job);
  const nodes = countAt(childAt(spec, "trainer"), "numNodes", undefined);
  const isGiven = (nodeAt(spec, "trainer.numNodes") ?? undefined) !== undefined;
  const parallelism = countAt(nodeAt(job, "template.spec"), "parallelism", 1);
  const byRuntime = trains && isTreeObject(policy) ? countAt(policy, "numNodes", 1) : parallelism;
  const replicas = trains ? 1 : countAt(job, "replicas", 1);
  const mpi = objectAt(policy, "mpi");
  if (!isGiven || (mpi ? stringAt(job, "name") !== NODE : !trains)) return product(replicas, byRuntime);
  const isLauncherNode = childAt(mpi, "runLauncherAsNode") === true;
  return product(replicas, isLauncherNode && nodes !== undefined ? Math.max(nodes - 1, 1) : nodes);
}

/** Puts what a TrainJob says of its nodes into the container that trains. */
function trained(set: PodSet, job: Tree, spec: TreeObject, policy: Tree): PodSet {
  const isLauncherNode = nodeAt(policy, "mpi.runLauncherAsNode") === true && stringAt(job, "name") === NODE;
  if (!isTrainer(job) && !isLauncherNode) return set;
  const containers = arrayAt(set.template.spec, "containers");
  const index = containers.findIndex((container) => childAt(container, "name") === NODE);
  const container = containers[index];
  if (!isTreeObject(container)) return set;
  const all = trainerFields(spec);
  const changed = patched(container, isTrainer(job) ? all : without(all, ["image", "command", "args"]));
  return {
    ...set,
    template: { ...set.template, spec: { ...set.template.spec, containers: containers.with(index, changed) } },
    places: { ...set.places, ...trainerPlaces(spec, index) },
  };
}

function isTrainer(job: Tree): boolean {
  return stringAt(nodeAt(job, "template.metadata.labels"), ANCESTOR_LABEL) === TRAINER;
}

/** Fields of the container that trains, by their names in a container. */
const TRAINER_FIELDS: readonly (readonly [field: string, inContainer: string])[] = [
  ["image", "image"],
  ["command", "command"],
  ["args", "args"],
  ["env", "env"],
  ["resourcesPerNode", "resources"],
];

function trainerFields(spec: TreeObject): TreeObject {
  return picked(childAt(spec, "trainer"), TRAINER_FIELDS);
}

function trainerPlaces(spec: TreeObject, index: number): Record<string, string> {
  const trainer = childAt(spec, "trainer");
  const found = TRAINER_FIELDS.filter(([field]) => (childAt(trainer, field) ?? undefined) !== undefined);
  return Object.fromEntries(
    found.map(([field, inContainer]) => [`spec.containers[${index}].${inContainer}`, `spec.trainer.${field}`]),
  );
}

/** A change that a TrainJob makes to the pods of one replicated job of its runtime. */
interface PodPatch {
  job: string;
  template: Tree;
  /** Where the template stands. */
  path: string;
}

function patchesOf(spec: TreeObject): PodPatch[] {
  return arrayAt(spec, "runtimePatches").flatMap((patch, index) =>
    arrayAt(nodeAt(patch, PATCHED_JOBS), "replicatedJobs").flatMap((job, place): PodPatch[] => {
      const name = stringAt(job, "name");
      const path = `spec.runtimePatches[${index}].${PATCHED_JOBS}.replicatedJobs[${place}].${POD_TEMPLATE}`;
      return name === undefined ? [] : [{ job: name, template: nodeAt(job, POD_TEMPLATE), path }];
    }),
  );
}

function patchedPods(spec: TreeObject, job: string, set: PodSet): PodSet {
  return patchesOf(spec)
    .filter((patch) => patch.job === job)
    .reduce<PodSet>((base, { template, path }) => {
      // Where only the absence of the runtime makes a field unknown, what a patch says of it is known.
      const hidden = Object.keys(objectAt(template, "spec") ?? {}).filter((key) => isUnknown(base.template.spec[key]));
      const known = { ...base.template, spec: without(base.template.spec, hidden) };
      const changed = patched(known, template);
      const patch = childAt(template, "spec");
      const places = placesOfPatch(known.spec, templateOf(changed).spec, patch, joinPaths(path, "spec"));
      return { ...base, template: templateOf(changed), places: { ...base.places, ...places } };
    }, set);
}
