import { isUnknown, type ContainerAt } from "../../../components/model";
import { judgeContainers, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { gpusOf } from "./gpu-pods";
import { optionOf, unknownOptionsOf, type Option } from "./program-options";

const LAUNCHER = /\btorchrun\b|\btorch\.distributed\.(run|launch)\b/;

/** Kinds whose pods are all started to find each other, so that `--nnodes` means all of them. */
const KINDS_OF_ONE_GROUP = ["batch/Job", "kubeflow.org/PyTorchJob", "trainer.kubeflow.org/TrainJob"];

/**
 * GPU-16, about torchrun: what its arguments say of the size of a job is what the job has. Words such as `auto`, ranges and
 * variables of a shell stand for what fits.
 *
 * @see https://docs.pytorch.org/docs/2.9/elastic/run.html
 */
export const torchrunSize: ResourceRule = {
  id: "GPU-16",
  title: "Torchrun is told how many GPUs and pods there are",
  why: "With too few processes GPUs stand idle, and with too many processes or pods the job waits for them for ever.",
  remediation: "Set `--nproc-per-node` to the GPUs of the container and `--nnodes` to the pods of the job.",
  url: "https://docs.pytorch.org/docs/stable/elastic/run.html",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {},
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
              command: [torchrun]
              args: [--nproc-per-node=4, --nnodes=3, train.py]
              resources: { limits: { nvidia.com/gpu: 8 } }
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
              command: [torchrun]
              args: [--nproc-per-node=8, --nnodes=2, train.py]
              resources: { limits: { nvidia.com/gpu: 8 } }
`,
  },
  *judge(subject) {
    yield* judgeContainers(subject.pods, judgeProcesses);
    if (subject.is(...KINDS_OF_ONE_GROUP))
      yield* judgeContainers(subject.pods, (at, pods) => judgeNodes(at, pods, subject));
  },
};

function* judgeProcesses(at: ContainerAt): Iterable<Judgement> {
  const gpus = gpusOf(at);
  if (gpus.atLeast === 0 && gpus.unknownAt.length === 0) return;
  const option = optionOf(at, /--nproc[-_]per[-_]node/);
  yield* judgeOption(at, option, gpus.unknownAt.length > 0 ? undefined : gpus.atLeast, gpus.unknownAt, {
    allowed: `${gpus.atLeast}, as the container has so many GPUs`,
    remedy: "Make --nproc-per-node and the GPUs in limits equal.",
  });
}

function* judgeNodes(at: ContainerAt, pods: PodGroup, subject: Subject): Iterable<Judgement> {
  const option = optionOf(at, /--nnodes/);
  const together = subject.pods.filter(
    (other) => other === pods || (pods.gang !== undefined && other.gang === pods.gang),
  );
  const open = together.filter(({ count }) => count === undefined).map(({ path }) => path);
  const total = together.reduce((sum, { count }) => sum + (count ?? 0), 0);
  // Pods that do not need each other may each be a job of its own.
  if (option.value === "1" && pods.gang === undefined && pods.minCount === 1) return;
  yield* judgeOption(at, option, open.length > 0 ? undefined : total, open, {
    allowed: `${total}, as the job has so many pods`,
    remedy: "Make --nnodes and the number of pods equal.",
  });
}

function* judgeOption(
  at: ContainerAt,
  { value, path }: Option,
  fitting: number | undefined,
  openPaths: string[],
  { allowed, remedy }: { allowed: string; remedy: string },
): Iterable<Judgement> {
  if (value === undefined) {
    yield* unknownOptionsOf(at, LAUNCHER).map(undecided);
  } else if (isUnknown(value)) {
    yield undecided(path);
  } else if (/^\d+$/.test(value) && fitting === undefined) {
    yield* openPaths.map(undecided);
  } else if (/^\d+$/.test(value) && Number(value) !== fitting) {
    yield { path, observed: `with ${value}`, allowed, remedy };
  }
}
