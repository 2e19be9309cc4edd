import {
  arrayAt,
  childAt,
  containersOf,
  isTreeObject,
  isUnknown,
  nodeAt,
  pathInPodSet,
  UNKNOWN,
  type Tree,
} from "../../../components/model";
import { podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { podDemandOf } from "./gang";
import { stackPoolsOf, type StackPools } from "./node-labels";
import { choosesSpot } from "./spot-selection";
import { textOf } from "./text-of";

/**
 * GPU-17, of checkpoints: training on spot capacity keeps what it has learnt somewhere, and starts again.
 *
 * A place to keep it is a volume that outlives the pod, an address such as `s3://…` in arguments or environment, or a
 * variable with CHECKPOINT in its name.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html
 */
export const spotCheckpoint: StackRule = {
  id: "GPU-17",
  title: "Training on spot capacity keeps checkpoints and starts again",
  why: "Spot machines are taken back at two minutes' notice, and work that is kept nowhere is lost with them.",
  remediation: "Write checkpoints to a volume or an object store, and let the job try again.",
  url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  backoffLimit: 0
  template:
    spec:
      nodeSelector: { karpenter.sh/capacity-type: spot }
      containers:
        - name: main
          image: registry.example/mnist:1.4
          resources: { limits: { nvidia.com/gpu: 1 } }
`,
    good: `
apiVersion: batch/v1
kind: Job
metadata: { name: mnist, namespace: ml }
spec:
  backoffLimit: 3
  template:
    spec:
      nodeSelector: { karpenter.sh/capacity-type: spot }
      containers:
        - name: main
          image: registry.example/mnist:1.4
          resources: { limits: { nvidia.com/gpu: 1 } }
          volumeMounts: [{ name: runs, mountPath: /runs }]
      volumes: [{ name: runs, persistentVolumeClaim: { claimName: runs } }]
`,
  },
  *judgeStack(subjects) {
    const stack = stackPoolsOf(subjects);
    for (const subject of subjects.filter(trains)) {
      for (const pods of subject.pods) {
        if (pods.count === 0) continue;
        for (const judgement of judgePods(subject, pods, stack)) yield [subject, judgement];
      }
    }
  },
};

/** Kinds whose pods run to an end; what a CronJob runs starts again at its next time in any case. */
const TRAINING = [
  "batch/Job",
  "jobset.x-k8s.io/JobSet",
  "trainer.kubeflow.org/TrainJob",
  ...["PyTorchJob", "TFJob", "MPIJob", "JAXJob", "XGBoostJob", "PaddleJob", "Experiment"].map(
    (kind) => `kubeflow.org/${kind}`,
  ),
];

/** Volumes that outlive a pod. */
const LASTING = ["persistentVolumeClaim", "csi", "nfs"];

/** Where Jobs say how often they start again. */
const BACKOFF_LIMIT = "spec.backoffLimit";

function* judgePods(subject: Subject, pods: PodGroup, stack: StackPools): Iterable<Judgement> {
  const { amounts, unknownPath } = podDemandOf(pods);
  const asks: Truth = amounts.size > 0 || (unknownPath === undefined ? false : UNKNOWN);
  const isConcerned = allOf([asks, choosesSpot(pods, stack)]);
  if (isConcerned === false) return;
  const path = pathInPodSet(pods, "spec.volumes");
  const keeps = keepsWork(pods);
  if (keeps !== true) {
    if (isUnknown(isConcerned) || isUnknown(keeps)) {
      yield undecided(path);
    } else {
      yield {
        path,
        observed: "without a place that outlives the pods, on spot capacity",
        allowed: "a volume of a claim, or an address of an object store in arguments or environment",
        remedy: "Keep checkpoints in one, and read the last of them at the start.",
      };
    }
  }
  yield* judgeRestart(subject, isConcerned);
}

function* judgeRestart(subject: Subject, isConcerned: Truth): Iterable<Judgement> {
  const limit = subject.is("batch/Job") ? nodeAt(subject.tree, BACKOFF_LIMIT) : undefined;
  const isFinal = isOneOf(limit, 0);
  if (isFinal === false) return;
  if (isUnknown(isFinal) || isUnknown(isConcerned)) {
    yield undecided(BACKOFF_LIMIT);
  } else {
    yield {
      path: BACKOFF_LIMIT,
      observed: "0, on spot capacity",
      allowed: "at least 1",
      remedy: "Raise it, or ignore the condition DisruptionTarget in podFailurePolicy.",
    };
  }
}

function trains(subject: Subject): boolean {
  return subject.is(...TRAINING);
}

/** Whether pods write to a place that outlives them, as far as their spec tells. */
function keepsWork(pods: PodGroup): Truth {
  const volumes = podValue(pods, "volumes");
  if (isUnknown(volumes)) return UNKNOWN;
  const lasting = arrayAt(pods.spec, "volumes").map((volume): Truth =>
    isUnknown(volume) ? UNKNOWN : LASTING.some((source) => (childAt(volume, source) ?? undefined) !== undefined),
  );
  return anyOf([...lasting, ...containersOf(pods).flatMap(({ container }) => writesOf(container))]);
}

function writesOf(container: Tree): Truth[] {
  const texts = ["command", "args"].flatMap((field): Tree[] => {
    const list = childAt(container, field);
    return isUnknown(list) ? [UNKNOWN] : arrayAt(container, field);
  });
  const env = childAt(container, "env");
  const variables: Tree[] = isUnknown(env) ? [UNKNOWN] : arrayAt(container, "env");
  const names = variables.map((variable) => childAt(variable, "name"));
  const values = variables.filter(isTreeObject).map((variable) => childAt(variable, "value"));
  return [
    ...[...texts, ...values].map((text): Truth => (isUnknown(text) ? UNKNOWN : isAddress(text))),
    ...names.map((name): Truth => (isUnknown(name) ? UNKNOWN : /checkpoint|ckpt/i.test(textOf(name)))),
  ];
}

function isAddress(text: Tree): boolean {
  return /\b(s3a?|gs|abfss?):\/\//.test(textOf(text));
}
