import {
  childAt,
  containersOf,
  isUnknown,
  nodeAt,
  pathInContainer,
  pathInPodSet,
  tryParseQuantity,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { judgeContainers, podValue, type PodGroup } from "../../engine/pods";
import type { Edit } from "../../engine/edit";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { isOneOf } from "../../engine/truth";
import { allHold, anyHolds, opposite, violatedIf, type Condition, conditionOf } from "../../engine/conditions";
import { gpusOf, moreThan } from "./gpu-pods";
import { optionOf } from "./program-options";
import { mountsSharedMemory, shareOf, SHARED_MEMORY } from "./shared-memory-mount";

/** Name of the volume that the fix adds. */
const VOLUME = "shared-memory";

/** Templates of pods in which KubeRay mounts such a volume by itself, in the first container. */
const RAY_NODES = /(^|\.)(headGroupSpec|workerGroupSpecs\[\d+\])\.template$/;

/**
 * GPU-12: containers whose processes work together have a volume of their own at /dev/shm, instead of the 64 MiB that
 * container runtimes give. They do where they have several GPUs, or one and processes that load data for it.
 *
 * @see https://github.com/ray-project/kuberay/blob/v1.5.1/ray-operator/controllers/ray/common/pod.go "Add /dev/shm"
 * @see https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html "Shared Memory", NCCL 2.28
 * @see https://github.com/pytorch/pytorch/issues/16979
 */
export const sharedMemory: ResourceRule = {
  id: "GPU-12",
  title: "Containers with several GPUs have a volume for shared memory",
  why: "Container runtimes give 64 MiB of shared memory, in which NCCL and data loaders fail with bus errors.",
  remediation: "Mount an emptyDir of medium Memory at /dev/shm, with a size limit below the memory limit.",
  url: "https://docs.nvidia.com/deeplearning/nccl/user-guide/docs/troubleshooting.html#shared-memory",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  fix: "adds the volume with a quarter of the memory limit, where one container of the pods lacks it, and mounts it",
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { memory: 32Gi, nvidia.com/gpu: 4 } }
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { limits: { memory: 32Gi, nvidia.com/gpu: 4 } }
      volumeMounts: [{ name: shared-memory, mountPath: /dev/shm }]
  volumes: [{ name: shared-memory, emptyDir: { medium: Memory, sizeLimit: 8Gi } }]
`,
  },
  judge: ({ pods }) => judgeContainers(pods, judgeContainer),
};

function judgeContainer(at: ContainerAt, pods: PodGroup): Iterable<Judgement> {
  const path = pathInContainer(at, "volumeMounts");
  return violatedIf(conditionsOf(at, pods), () => {
    const fix = fixOf(at, pods);
    return {
      path,
      observed: `without a volume at ${SHARED_MEMORY}`,
      allowed: "an emptyDir of medium Memory there",
      remedy: "Mount one, with a size limit below the memory limit.",
      ...(fix === undefined ? {} : { fix }),
    };
  });
}

function conditionsOf(at: ContainerAt, pods: PodGroup): Condition[] {
  const gpus = gpusOf(at);
  // With the host's processes they also see its shared memory.
  const ofHost = conditionOf(isOneOf(podValue(pods, "hostIPC"), true), pathInPodSet(pods, "spec.hostIPC"));
  return [
    anyHolds([moreThan(gpus, 1), allHold([moreThan(gpus, 0), loadsInParallel(at)])]),
    opposite(mountsSharedMemory(pods, at)),
    opposite(ofHost),
    { holds: !isOfRay(at, pods), unknownAt: [] },
  ];
}

function isOfRay({ path }: ContainerAt, pods: PodGroup): boolean {
  return RAY_NODES.test(pods.path) && path === pathInPodSet(pods, "spec.containers[0]");
}

/**
 * Whether an argument asks for processes that load data. Arguments that are not known are taken for others, unless they
 * follow the option: else every one of them would leave the rule undecided.
 */
function loadsInParallel(at: ContainerAt): Condition {
  const { value, unknownAt } = optionOf(at, /--num[-_]workers/);
  return { holds: isUnknown(value) ? UNKNOWN : Number(value ?? 0) > 0, unknownAt };
}

/** Only where there is one answer: one container to help, pods written as a plain template, and a known memory limit. */
function fixOf(at: ContainerAt, pods: PodGroup): Edit[] | undefined {
  const lacking = lackingOf(pods);
  const sizeLimit = shareOf(tryParseQuantity(nodeAt(at.container, "resources.limits.memory")));
  const volumes: Tree = childAt(pods.spec, "volumes") ?? [];
  const taken = Array.isArray(volumes) && volumes.some((volume) => isOneOf(childAt(volume, "name"), VOLUME) !== false);
  if (lacking > 1 || pods.places !== undefined || sizeLimit === undefined || !Array.isArray(volumes) || taken)
    return undefined;
  return [
    { path: pathInPodSet(pods, "spec.volumes"), append: { name: VOLUME, emptyDir: { medium: "Memory", sizeLimit } } },
    { path: pathInContainer(at, "volumeMounts"), append: { name: VOLUME, mountPath: SHARED_MEMORY } },
  ];
}

function lackingOf(pods: PodGroup): number {
  return containersOf(pods).filter((at) => allHold(conditionsOf(at, pods)).holds !== false).length;
}
