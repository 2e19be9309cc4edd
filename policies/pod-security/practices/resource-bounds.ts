import {
  isUnknown,
  pathInContainer,
  tryParseQuantity,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { containerValue, judgeContainers, podValue, type PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { allOf, anyOf, not, type Truth } from "../../engine/truth";
import { shown } from "../../engine/shown";
import { asksForAccelerator } from "./gpu";
import { isInit, isMain, isSidecar, isSizedByKServe, isTrainingRuntime } from "./workload";

/**
 * POD-20: containers request CPU and memory and have a limit of memory; with GPUs, request and limit of memory are equal.
 *
 * A limit stands for an absent request, and resources of the pod for those of its containers, as Kubernetes takes them.
 * Init containers that end need a limit only: their requests count for nothing beside those of the main containers.
 * Runtimes of training may leave amounts to the jobs, and InferenceServices to KServe; what a LimitRange of the namespace
 * adds is not looked for.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/ v1.36
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/karpenter.html "requests=limits for all non-CPU resources"
 */
export const resourceBounds: ResourceRule = {
  id: "POD-20",
  title: "Containers request CPU and memory, and have a limit of memory",
  why: "The scheduler packs pods by their requests, and a pod that takes more memory than it said has others evicted.",
  remediation:
    "Set requests of CPU and memory and a limit of memory; with GPUs, let the request of memory equal the limit.",
  url: "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/",
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: {},
  frameworks: [
    { name: "Kubescape", reference: "C-0270" },
    { name: "Kubescape", reference: "C-0271" },
  ],
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/embedder:1.4
      resources: { requests: { memory: 8Gi }, limits: { memory: 16Gi, nvidia.com/gpu: 1 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: embedder, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/embedder:1.4
      resources: { requests: { cpu: 4, memory: 16Gi }, limits: { memory: 16Gi, nvidia.com/gpu: 1 } }
`,
  },
  judge: (subject) =>
    judgeContainers(subject.pods, function* (at, pods) {
      const isSized = isTrainingRuntime(subject, pods) || isSizedByKServe(subject, at, pods);
      if (!isSized) yield* judgePresences(at, pods);
      yield* judgeGpuMemory(at, pods);
    }),
};

function* judgePresences(at: ContainerAt, pods: PodGroup): Iterable<Judgement> {
  const lasts = isMain(at, pods) || isSidecar(at, pods);
  if (lasts) yield* judgePresence(at, pods, "requests.cpu", ["requests.cpu", "limits.cpu"]);
  if (lasts) yield* judgePresence(at, pods, "requests.memory", ["requests.memory", "limits.memory"]);
  if (lasts || isInit(at, pods)) yield* judgePresence(at, pods, "limits.memory", ["limits.memory"]);
}

/** Judges whether one of some fields is there, in the container or for the whole pod. */
function* judgePresence(at: ContainerAt, pods: PodGroup, field: string, fields: string[]): Iterable<Judgement> {
  const path = pathInContainer(at, `resources.${field}`);
  const values = fields.flatMap((one) => [
    containerValue(pods, at, `resources.${one}`),
    podValue(pods, `resources.${one}`),
  ]);
  const isThere = anyOf(values.map((value) => (isUnknown(value) ? UNKNOWN : value !== undefined)));
  if (isUnknown(isThere)) yield undecided(path);
  if (isThere === false) {
    yield {
      path,
      observed: "absent",
      allowed: "an amount in every container",
      remedy: "Set what the program was measured to need.",
    };
  }
}

function* judgeGpuMemory(at: ContainerAt, pods: PodGroup): Iterable<Judgement> {
  const path = pathInContainer(at, "resources.requests.memory");
  const [request, limit] = ["requests", "limits"].map((side) => containerValue(pods, at, `resources.${side}.memory`));
  const differs = allOf([asksForAccelerator(at.container), not(areEqual(request, limit))]);
  if (isUnknown(differs)) yield undecided(path);
  if (differs === true) {
    yield {
      path,
      observed: shown(request),
      allowed: `the limit of memory, ${shown(limit)}, in a container with GPUs`,
      remedy: "Set the request to the limit: a GPU pod that is evicted for memory gives up its GPUs.",
    };
  }
}

/** What is absent or no quantity differs from nothing: it has a finding of its own, or the API server refuses it. */
function areEqual(request: Tree, limit: Tree): Truth {
  if (isUnknown(request) || isUnknown(limit)) return UNKNOWN;
  const [a, b] = [tryParseQuantity(request), tryParseQuantity(limit)];
  return a === undefined || b === undefined || a === b;
}
