import {
  arrayAt,
  childAt,
  containersOf,
  isTreeObject,
  isUnknown,
  pathInContainer,
  pathInPodSet,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { podValue, unknownContainersOf, type PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyHolds, conditionOf, fieldHolds, opposite, violatedIf, type Condition } from "../../engine/conditions";
import { gpusOfPod, moreThan, type Count } from "../pods/gpu-pods";
import { TRAINING_KINDS } from "./job-kinds";

const fromGpus = wholeNumber(
  "the number of GPUs from which a job counts as training whose result is worth keeping",
  2,
  1,
);

/** Kinds of volumes that end with the pod, or that it cannot write to. */
const PASSING_VOLUMES = [
  "emptyDir",
  "ephemeral",
  "configMap",
  "secret",
  "downwardAPI",
  "projected",
  "image",
  "gitRepo",
];

/** An address of something outside the pods; the schemes left out lead to other pods or to the container's own disk. */
const ADDRESS = /\b(?!(?:tcp|file|env):)[a-z][a-z0-9+.-]*:\/\//i;

/**
 * ML-12: training on several GPUs has somewhere to put checkpoints and results: a volume that outlives the pods, or an
 * address outside in arguments or variables. Which variables come from elsewhere hold is not known, so they count too.
 *
 * @see https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/ v1.36
 */
export const durableOutput: ResourceRule<{ fromGpus: number }> = {
  id: "ML-12",
  title: "Training puts its output where it outlives the pods",
  why: "What is written to the container or to an emptyDir is gone with the pod: the checkpoints when it is evicted, too.",
  remediation: "Mount a PersistentVolumeClaim for checkpoints, or tell the program the address of an object store.",
  url: "https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/",
  severity: "medium",
  level: "advisory",
  levels: { dev: "disabled" },
  family: "ml",
  parameters: { fromGpus },
  examples: {
    bad: `
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: chat, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers:
            - name: pytorch
              image: registry.example/chat:1.4
              args: [--output=/checkpoints]
              resources: { limits: { nvidia.com/gpu: 8 } }
              volumeMounts: [{ name: checkpoints, mountPath: /checkpoints }]
          volumes: [{ name: checkpoints, emptyDir: {} }]
`,
    good: `
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: { name: chat, namespace: ml }
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers:
            - name: pytorch
              image: registry.example/chat:1.4
              args: [--output=/checkpoints]
              resources: { limits: { nvidia.com/gpu: 8 } }
              volumeMounts: [{ name: checkpoints, mountPath: /checkpoints }]
          volumes: [{ name: checkpoints, persistentVolumeClaim: { claimName: chat } }]
`,
  },
  *judge(subject, parameters) {
    if (subject.is(...TRAINING_KINDS)) yield* judgeJob(subject, parameters.fromGpus);
  },
};

function* judgeJob(subject: Subject, least: number): Iterable<Judgement> {
  const trains = subject.pods.find((pods) => moreThan(gpusOfPod(pods), 0).holds !== false);
  if (trains === undefined) return;
  const keeps = anyHolds(subject.pods.map(keepsOutput));
  yield* violatedIf([moreThan(gpusOfJob(subject), least - 1), opposite(keeps)], () => ({
    path: pathInPodSet(trains, "spec.volumes"),
    observed: "without one that outlives the pods, and no address outside is in arguments or variables",
    allowed: "somewhere to keep checkpoints and results",
    remedy: "Mount a PersistentVolumeClaim, or tell the program the address of an object store.",
  }));
}

/** GPUs that the pods of a job have at once. */
function gpusOfJob({ pods: all }: Subject): Count {
  const counts = all.map((pods) => ({ pods, gpus: gpusOfPod(pods) }));
  return {
    atLeast: counts.reduce((sum, { pods, gpus }) => sum + gpus.atLeast * (pods.count ?? 0), 0),
    unknownAt: counts.flatMap(({ pods, gpus }) => [
      ...gpus.unknownAt,
      ...(pods.count === undefined && gpus.atLeast > 0 ? [pods.path] : []),
    ]),
  };
}

function keepsOutput(pods: PodGroup): Condition {
  const volumes = podValue(pods, "volumes");
  const hidden = unknownContainersOf(pods).map((path) => conditionOf(UNKNOWN, path));
  return anyHolds([
    fieldHolds(volumes, pathInPodSet(pods, "spec.volumes"), () => false),
    ...arrayAt(pods.spec, "volumes").map((volume, index) =>
      fieldHolds(volume, pathInPodSet(pods, `spec.volumes[${index}]`), () => outlivesPods(volume)),
    ),
    ...containersOf(pods).flatMap(addressesIn),
    ...hidden,
  ]);
}

function outlivesPods(volume: Tree): boolean {
  const sources = isTreeObject(volume) ? Object.keys(volume).filter((key) => key !== "name") : [];
  return sources.some((source) => !PASSING_VOLUMES.includes(source));
}

/** Whether each argument and variable of a container has an address outside, or may have. */
function addressesIn(at: ContainerAt): Condition[] {
  return ["command", "args", "env", "envFrom"].flatMap((field) => {
    const path = pathInContainer(at, field);
    if (isUnknown(childAt(at.container, field))) return [conditionOf(UNKNOWN, path)];
    return arrayAt(at.container, field).map((item, index) =>
      fieldHolds(item, `${path}[${index}]`, () => leadsOutside(item)),
    );
  });
}

function leadsOutside(item: Tree): Condition["holds"] {
  if (!isTreeObject(item)) return typeof item === "string" && ADDRESS.test(item);
  if (["secretKeyRef", "configMapKeyRef"].some((source) => hasField(item["valueFrom"], source))) return true;
  if (["secretRef", "configMapRef"].some((source) => hasField(item, source))) return true;
  const value = isUnknown(item["valueFrom"]) ? UNKNOWN : item["value"];
  return isUnknown(value) ? UNKNOWN : typeof value === "string" && ADDRESS.test(value);
}

function hasField(node: Tree, key: string): boolean {
  return isTreeObject(node) && isTreeObject(node[key]);
}
