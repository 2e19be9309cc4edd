import { isUnknown, nodeAt, stringAt, UNKNOWN, type Tree, type Unknown } from "../../../components/model";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";
import type { Truth } from "../../engine/truth";
import { conditionOf, violatedIf } from "../../engine/conditions";
import { shown } from "../../engine/shown";
import { gpusOfPod, moreThan } from "./gpu-pods";

/** Where a kind says how many processes it starts in each pod. */
interface ProcessField {
  kinds: string[];
  path: string;
  /** The pods that are meant; all by default. */
  role?: string;
  /** What holds where the field is absent; nothing to judge by default. */
  absent?: number;
}

/**
 * The fields by which kinds say so. Words such as `auto` stand for what fits.
 *
 * @see https://github.com/kubeflow/mpi-operator/tree/v0.8.2/pkg/apis/kubeflow/v2beta1 `slotsPerWorker`
 * @see https://github.com/kubeflow/trainer/tree/v1.9.4/pkg/apis/kubeflow.org/v1 `nprocPerNode`
 * @see https://github.com/kubeflow/trainer/tree/v2.3.0/pkg/apis/trainer/v1alpha1 `numProcPerNode`
 */
const FIELDS: ProcessField[] = [
  { kinds: ["kubeflow.org/MPIJob"], path: "spec.slotsPerWorker", role: "Worker", absent: 1 },
  { kinds: ["kubeflow.org/PyTorchJob"], path: "spec.nprocPerNode" },
  { kinds: ["kubeflow.org/PyTorchJob"], path: "spec.elasticPolicy.nProcPerNode" },
  { kinds: ["trainer.kubeflow.org/TrainJob"], path: "spec.trainer.numProcPerNode", role: "node" },
  ...["mpi", "torch"].map((policy) => ({
    kinds: ["trainer.kubeflow.org/TrainingRuntime", "trainer.kubeflow.org/ClusterTrainingRuntime"],
    path: `spec.mlPolicy.${policy}.numProcPerNode`,
    role: "node",
  })),
];

/**
 * GPU-16: training jobs start as many processes in each pod as it has GPUs.
 *
 * @see https://docs.pytorch.org/docs/2.9/elastic/run.html "nproc-per-node"
 */
export const processesPerPod: ResourceRule = {
  id: "GPU-16",
  title: "Training jobs start one process for each GPU of a pod",
  why: "With fewer processes GPUs stand idle, and with more of them two share a GPU or fail to find one.",
  remediation: "Set the number of processes of each pod to the number of GPUs in its limits.",
  url: "https://www.kubeflow.org/docs/components/trainer/",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: kubeflow.org/v2beta1
kind: MPIJob
metadata: { name: bert, namespace: ml }
spec:
  slotsPerWorker: 4
  mpiReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers:
            - name: main
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 8 } }
`,
    good: `
apiVersion: kubeflow.org/v2beta1
kind: MPIJob
metadata: { name: bert, namespace: ml }
spec:
  slotsPerWorker: 8
  mpiReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers:
            - name: main
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 8 } }
`,
  },
  *judge(subject) {
    for (const [at, kind] of ownersIn(subject)) {
      for (const field of FIELDS.filter(({ kinds }) => kinds.includes(kind))) yield* judgeField(subject, at, field);
    }
  },
};

function* judgeField(subject: Subject, at: string, { path: field, role, absent }: ProcessField): Iterable<Judgement> {
  const path = at === "" ? field : `${at}.${field}`;
  const given = nodeAt(subject.tree, path);
  for (const pods of subject.pods) {
    if (role === undefined || pods.role === role) yield* judgePods(pods, path, given, numberOf(given ?? absent));
  }
}

function judgePods(
  pods: PodGroup,
  path: string,
  given: Tree,
  number: number | Unknown | undefined,
): Iterable<Judgement> {
  if (number === undefined) return [];
  const gpus = gpusOfPod(pods);
  const differs: Truth = isUnknown(number) || gpus.unknownAt.length > 0 ? UNKNOWN : number !== gpus.atLeast;
  const decisive = [...(isUnknown(number) ? [path] : []), ...gpus.unknownAt];
  return violatedIf([moreThan(gpus, 0), conditionOf(differs, ...decisive)], () => ({
    path,
    observed: given === undefined || given === null ? `absent, which stands for ${String(number)}` : shown(given),
    allowed: `${gpus.atLeast}, as each ${pods.role ?? "pod"} has so many GPUs`,
    remedy: "Make the number of processes and the GPUs in limits equal.",
  }));
}

/** A number, also one in quotes; undefined for other words. What Argo or Katib fill in is not known yet. */
function numberOf(given: Tree): number | Unknown | undefined {
  if (isUnknown(given) || typeof given === "number") return given;
  if (typeof given !== "string") return undefined;
  if (/\$\{|\{\{/.test(given)) return UNKNOWN;
  return /^\d+$/.test(given) ? Number(given) : undefined;
}

/** The kinds of the object and, where it is an experiment of Katib, of its trials, each with its path. */
function ownersIn({ tree }: Subject): [path: string, kind: string][] {
  return ["", "spec.trialTemplate.trialSpec"].map((path): [string, string] => {
    const owner = nodeAt(tree, path);
    const [group = "", version] = (stringAt(owner, "apiVersion") ?? "").split("/");
    return [path, `${version === undefined ? "" : group}/${stringAt(owner, "kind") ?? ""}`];
  });
}
