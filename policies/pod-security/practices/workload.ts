import { arrayAt, childAt, stringAt, type ContainerAt, type Tree } from "../../../components/model";
import { nodesAlong } from "../../engine/path";
import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";

/** Kinds of pods that work to an end: Jobs, and what frameworks of machine learning train with. */
const BATCH_KINDS = new Set([
  "batch/Job",
  "batch/CronJob",
  "batch.volcano.sh/Job",
  "jobset.x-k8s.io/JobSet",
  "keda.sh/ScaledJob",
  ...["PyTorchJob", "TFJob", "XGBoostJob", "PaddleJob", "JAXJob", "MXJob", "MPIJob"].map(
    (kind) => `kubeflow.org/${kind}`,
  ),
  ...["TrainJob", "TrainingRuntime", "ClusterTrainingRuntime"].map((kind) => `trainer.kubeflow.org/${kind}`),
]);

/** Tells whether some pods of an object work to an end, whatever that object wraps them in. */
export function isBatch(subject: Subject, pods: PodGroup): boolean {
  return BATCH_KINDS.has(kindOf(objectOf(subject, pods)));
}

/** Tells whether some pods are those of a runtime, for which each job says what its nodes ask for. */
export function isTrainingRuntime(subject: Subject, pods: PodGroup): boolean {
  return ["TrainingRuntime", "ClusterTrainingRuntime"]
    .map((kind) => `trainer.kubeflow.org/${kind}`)
    .includes(kindOf(objectOf(subject, pods)));
}

/**
 * Tells whether KServe gives a container what it lacks of requests and limits: the first one of each component of an
 * InferenceService, to which its webhook adds the amounts of KServe's own configuration.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/inference_service_defaults.go
 */
export function isSizedByKServe(subject: Subject, { container }: ContainerAt, pods: PodGroup): boolean {
  const isFirst = arrayAt(pods.spec, "containers")[0] === container;
  return kindOf(objectOf(subject, pods)) === "serving.kserve.io/InferenceService" && isFirst;
}

/**
 * The launcher of an MPIJob v1, to which the operator gives an account of its own, with which it reaches the workers.
 *
 * @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/controller.v1/mpi/mpijob_controller.go
 */
export function isLauncherWithAccount(subject: Subject, pods: PodGroup): boolean {
  const object = objectOf(subject, pods);
  return pods.role === "Launcher" && kindOf(object) === "kubeflow.org/MPIJob" && versionOf(object) === "v1";
}

/**
 * The whole object that describes some pods: the trial of an Experiment, an item of a List, or else the subject itself.
 * Objects written as text inside a field are not looked into.
 */
export function objectOf({ tree }: Subject, pods: PodGroup): Tree {
  const [written = ""] = pods.path.split("#");
  return nodesAlong(tree, written).findLast(isWholeObject);
}

/** Group and kind of a whole object, such as `batch/Job`; the core group is empty. */
export function kindOf(object: Tree): string {
  const apiVersion = stringAt(object, "apiVersion") ?? "";
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return `${group}/${stringAt(object, "kind") ?? ""}`;
}

/** Tells whether a container is a main one of its pod, rather than one that comes before or is put in by hand. */
export function isMain({ container }: ContainerAt, pods: PodGroup): boolean {
  return arrayAt(pods.spec, "containers").includes(container);
}

/** Tells whether a container starts before the main ones of its pod. */
export function isInit({ container }: ContainerAt, pods: PodGroup): boolean {
  return arrayAt(pods.spec, "initContainers").includes(container);
}

/** Tells whether a container starts before the main ones and goes on beside them, as sidecars do. */
export function isSidecar(at: ContainerAt, pods: PodGroup): boolean {
  return isInit(at, pods) && childAt(at.container, "restartPolicy") === "Always";
}

function versionOf(object: Tree): string | undefined {
  return stringAt(object, "apiVersion")?.split("/").at(-1);
}

function isWholeObject(node: Tree): boolean {
  return stringAt(node, "apiVersion") !== undefined && stringAt(node, "kind") !== undefined;
}
