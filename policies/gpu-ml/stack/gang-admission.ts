import { childAt, isUnknown, nodeAt, stringAt, UNKNOWN, type Tree } from "../../../components/model";
import { podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type StackRule, type Violation } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyOf, isOneOf, not, type Truth } from "../../engine/truth";
import { gangsOf, type Gang } from "./gang";
import { CLUSTER, nameOf, namespaceOf, objectIndexOf, type ObjectIndex } from "./object-index";
import { queueLabelOf } from "./queues";

/**
 * GPU-14: pods that need each other are admitted together, by a queue of Kueue or a scheduler that knows gangs.
 *
 * A namespace with a LocalQueue called `default` needs no label: Kueue puts every workload there into it.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/local_queue/ v0.19
 * @see https://www.kubeflow.org/docs/components/trainer/operator-guides/job-scheduling/ v2.3
 */
export const gangAdmission: StackRule = {
  id: "GPU-14",
  title: "GPU pods that need each other are admitted all at once",
  why: "Two jobs that each get half of their pods wait for each other for ever, and hold the GPUs they have in vain.",
  remediation: "Label the job with a queue of its namespace, or run it by a scheduler that starts its pods together.",
  url: "https://kueue.sigs.k8s.io/docs/overview/",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  fix: "labels the job with the LocalQueue of its namespace where there is exactly one",
  examples: {
    bad: `
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: research, namespace: ml }
spec: { clusterQueue: research }
---
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: bert, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Master:
      template: &pod
        spec:
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 1 } }
    Worker:
      replicas: 3
      template: *pod
`,
    good: `
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata:
  name: bert
  namespace: ml
  labels: { kueue.x-k8s.io/queue-name: research }
spec:
  pytorchReplicaSpecs:
    Master:
      template: &pod
        spec:
          containers:
            - name: pytorch
              image: registry.example/bert:1.4
              resources: { limits: { nvidia.com/gpu: 1 } }
    Worker:
      replicas: 3
      template: *pod
`,
  },
  *judgeStack(subjects) {
    const stack = queuedStackOf(subjects);
    for (const subject of subjects) {
      if (subject.is(...GANGS_THEMSELVES) || GROUPS_WITHOUT_QUEUES.includes(subject.group ?? "")) continue;
      for (const gang of gangsOf(subject)) {
        for (const judgement of judgeGang(subject, gang, stack)) yield [subject, judgement];
      }
    }
  },
};

/** What a stack tells of admission. */
interface QueuedStack {
  queues: ObjectIndex;
  /** LocalQueues by namespace. */
  byNamespace: ReadonlyMap<Tree, Subject[]>;
  /** Runtimes of Kubeflow Trainer of a namespace, and those of all. */
  runtimes: ObjectIndex;
  clusterRuntimes: ObjectIndex;
}

/** Kinds that are the unit of admission, or whose controller starts their pods together. */
const GANGS_THEMSELVES = ["kueue.x-k8s.io/Workload", "batch.volcano.sh/Job"];

/** API groups whose objects no label puts into a queue as a whole: what Argo creates has labels of its own. */
const GROUPS_WITHOUT_QUEUES = ["argoproj.io", "serving.kserve.io"];

/** Where kinds ask a scheduler to start their pods together. */
const SCHEDULING_POLICIES = ["spec.runPolicy.schedulingPolicy", "spec.batchScheduler"];

/** Labels and annotations by which pods join a group of a scheduler. */
const GROUPS = [
  "scheduling.x-k8s.io/pod-group",
  "pod-group.scheduling.sigs.k8s.io",
  "scheduling.k8s.io/group-name",
  "ray.io/scheduler-name",
  "yunikorn.apache.org/task-group-name",
];

/** LocalQueue that takes what names none. */
const DEFAULT_QUEUE = "default";

function* judgeGang(subject: Subject, gang: Gang, stack: QueuedStack): Iterable<Judgement> {
  const [first] = gang.sets;
  const isGang: Truth = gang.gpuPods > 1 || (gang.unknownPath === undefined ? false : UNKNOWN);
  if (first === undefined || isGang === false) return;
  const { path, isThere: isQueued } = queueLabelOf(subject, first);
  const isAdmitted = anyOf([isQueued, mayBeDefaulted(subject, stack), isScheduledTogether(subject, gang, stack)]);
  if (isAdmitted === true) return;
  if (isUnknown(isAdmitted) || isUnknown(isGang)) {
    yield undecided(isUnknown(isAdmitted) ? path : (gang.unknownPath ?? path));
  } else {
    yield violation(subject, gang, path, stack);
  }
}

function violation(subject: Subject, gang: Gang, path: string, { byNamespace }: QueuedStack): Violation {
  const queues = byNamespace.get(namespaceOf(subject)) ?? [];
  const [queue] = queues;
  const name = queue === undefined || queues.length > 1 ? UNKNOWN : nameOf(queue);
  return {
    path,
    observed: `absent, although ${gang.gpuPods} pods with GPUs need each other`,
    allowed: "the name of a LocalQueue, or a scheduler that starts them together",
    remedy: isUnknown(name) ? "Name a queue of the namespace." : `Set it to ${name}.`,
    ...(isUnknown(name) ? {} : { fix: [{ path, value: name }] }),
  };
}

function queuedStackOf(subjects: Subject[]): QueuedStack {
  const ofKind = (kind: string) => subjects.filter((subject) => subject.is(kind));
  const local = ofKind("kueue.x-k8s.io/LocalQueue");
  const byNamespace = new Map<Tree, Subject[]>();
  for (const queue of local) {
    const namespace: Tree = namespaceOf(queue);
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), queue]);
  }
  return {
    queues: objectIndexOf(local, true),
    byNamespace,
    runtimes: objectIndexOf(ofKind("trainer.kubeflow.org/TrainingRuntime"), true),
    clusterRuntimes: objectIndexOf(ofKind("trainer.kubeflow.org/ClusterTrainingRuntime"), false),
  };
}

function mayBeDefaulted(subject: Subject, { queues }: QueuedStack): Truth {
  const found = queues.find(namespaceOf(subject), DEFAULT_QUEUE);
  return isUnknown(found) ? UNKNOWN : found !== undefined;
}

function isScheduledTogether(subject: Subject, { sets }: Gang, stack: QueuedStack): Truth {
  const policies = SCHEDULING_POLICIES.map((path) => isThere(nodeAt(subject.tree, path)));
  return anyOf([...policies, ...sets.map(isOfScheduler), hasRuntimePolicy(subject, stack)]);
}

/** A scheduler of one's own choice is taken to know gangs. */
function isOfScheduler(pods: PodGroup): Truth {
  const { metadata } = pods.template;
  const marks = ["labels", "annotations"].flatMap((field) =>
    GROUPS.map((key) => childAt(childAt(metadata, field), key)),
  );
  const scheduler = podValue(pods, "schedulerName");
  return anyOf([not(isOneOf(scheduler, undefined, "", "default-scheduler")), ...marks.map(isThere)]);
}

/** The runtime of a TrainJob may ask for a group of pods. */
function hasRuntimePolicy(subject: Subject, { runtimes, clusterRuntimes }: QueuedStack): Truth {
  if (!subject.is("trainer.kubeflow.org/TrainJob")) return false;
  const reference = nodeAt(subject.tree, "spec.runtimeRef");
  const isOfNamespace = stringAt(reference, "kind") === "TrainingRuntime";
  const name = childAt(reference, "name");
  const runtime = isOfNamespace ? runtimes.find(namespaceOf(subject), name) : clusterRuntimes.find(CLUSTER, name);
  return runtime === undefined || isUnknown(runtime) ? UNKNOWN : isThere(nodeAt(runtime.tree, "spec.podGroupPolicy"));
}

function isThere(field: Tree): Truth {
  return isUnknown(field) ? UNKNOWN : field !== undefined && field !== null;
}
