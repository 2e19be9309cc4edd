import {
  isUnknown,
  parseQuantity,
  pathInContainer,
  tryParseQuantity,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { quantity } from "../../engine/parameters";
import { containerValue, judgeContainers, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, type Truth } from "../../engine/truth";
import { shown } from "../../engine/shown";
import { asksForAccelerator } from "./gpu";
import { isMain, isTrainingRuntime } from "./workload";

interface Bounds {
  gpuLeast: string;
  most: string;
}

/**
 * POD-21: main containers have a limit of scratch space on their node, which is no larger than disks are; those with GPUs
 * request what models, kernels and checkpoints take there.
 *
 * @see https://kubernetes.io/docs/concepts/storage/ephemeral-storage/ v1.36
 */
export const scratchSpace: ResourceRule<{ gpuLeast: string; most: string }> = {
  id: "POD-21",
  title: "Containers bound the scratch space that they take of their node",
  why: "A container without a limit can fill the disk of its node with checkpoints and logs, and has every pod evicted.",
  remediation:
    "Set `ephemeral-storage` in `limits`, and in `requests` of GPU containers what models and checkpoints take.",
  url: "https://kubernetes.io/docs/concepts/storage/ephemeral-storage/",
  severity: "low",
  level: "advisory",
  family: "pod",
  parameters: {
    gpuLeast: quantity("the least that a container with GPUs requests, such as 10Gi", "10Gi"),
    most: quantity("the most that a container may ask for, such as 1Ti", "1Ti"),
  },
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/embedder:1.4
      resources: { limits: { nvidia.com/gpu: 1 }, requests: { ephemeral-storage: 1Gi } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/embedder:1.4
      resources: { limits: { nvidia.com/gpu: 1, ephemeral-storage: 60Gi }, requests: { ephemeral-storage: 40Gi } }
`,
  },
  judge: (subject, bounds) =>
    judgeContainers(subject.pods, function* (at, pods) {
      if (isMain(at, pods) && !isTrainingRuntime(subject, pods)) yield* judgeContainer(at, pods, bounds);
    }),
};

function* judgeContainer(at: ContainerAt, pods: PodGroup, bounds: Bounds): Iterable<Judgement> {
  const amountIn = (side: string): Amount => {
    const field = `resources.${side}.ephemeral-storage`;
    return { path: pathInContainer(at, field), amount: containerValue(pods, at, field) };
  };
  const [limit, request] = [amountIn("limits"), amountIn("requests")];
  yield* judgeLimit(limit, bounds.most);
  const asked = request.amount === undefined ? limit : request;
  yield* judgeRequest(asked, asksForAccelerator(at.container), bounds.gpuLeast);
}

interface Amount {
  path: string;
  amount: Tree;
}

function* judgeLimit({ path, amount }: Amount, most: string): Iterable<Judgement> {
  const isTooLarge = compare(amount, (given) => given > parseQuantity(most));
  if (isUnknown(isTooLarge)) yield undecided(path);
  if (amount === undefined || isTooLarge === true) {
    yield {
      path,
      observed: amount === undefined ? "absent" : shown(amount),
      allowed: `an amount up to ${most}`,
      remedy: "Set what the program writes beside its volumes, and put what is larger on a volume.",
    };
  }
}

function* judgeRequest({ path, amount }: Amount, hasGpus: Truth, least: string): Iterable<Judgement> {
  const isTooSmall = allOf([hasGpus, compare(amount, (given) => given < parseQuantity(least))]);
  if (isUnknown(isTooSmall)) yield undecided(path);
  if (isTooSmall === true) {
    yield {
      path,
      observed: shown(amount),
      allowed: `at least ${least} in a container with GPUs`,
      remedy: "Ask for what models, compiled kernels and checkpoints take, so that the pod starts where there is room.",
    };
  }
}

/** What is no quantity is neither too large nor too small: the API server refuses it. */
function compare(amount: Tree, test: (quantity: bigint) => boolean): Truth {
  if (isUnknown(amount)) return UNKNOWN;
  const quantity = tryParseQuantity(amount);
  return quantity !== undefined && test(quantity);
}
