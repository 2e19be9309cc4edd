import {
  arrayAt,
  childAt,
  containersOf,
  isTreeObject,
  isUnknown,
  pathInContainer,
  pathInPodSet,
  tryParseQuantity,
  UNKNOWN,
  type Tree,
} from "../../../components/model";
import { containerValue, type PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import {
  allHold,
  anyHolds,
  fieldHolds,
  opposite,
  violatedIf,
  type Condition,
  conditionOf,
} from "../../engine/conditions";
import { shown } from "../../engine/shown";
import { gpusOf, moreThan } from "./gpu-pods";
import { mountsSharedMemory, shareOf } from "./shared-memory-mount";

/**
 * GPU-12, about the volume: the shared memory of GPU containers is in memory, and no larger than what they may use of it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#emptydir v1.36: what is in it counts against the memory limit
 */
export const sharedMemorySize: ResourceRule = {
  id: "GPU-12",
  title: "Shared memory is in memory, and within the memory limit",
  why: "On disk it is slow, and without a fitting size limit a full /dev/shm ends the container for lack of memory.",
  remediation: "Set `medium: Memory` and a `sizeLimit` below the memory limit of the containers that mount the volume.",
  url: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  fix: "sets the medium to Memory, and an absent size limit to a quarter of the memory limit",
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
      volumeMounts: [{ name: shared-memory, mountPath: /dev/shm }]
  volumes: [{ name: shared-memory, emptyDir: { medium: Memory } }]
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
  *judge(subject) {
    for (const pods of subject.pods) {
      for (const [index, volume] of arrayAt(pods.spec, "volumes").entries()) yield* judgeVolume(pods, index, volume);
    }
  },
};

function* judgeVolume(pods: PodGroup, index: number, volume: Tree): Iterable<Judgement> {
  const emptyDir = childAt(volume, "emptyDir");
  if (!isTreeObject(emptyDir) && !isUnknown(emptyDir)) return;
  const name = childAt(volume, "name");
  const users = usersOf(pods, name, pathInPodSet(pods, `spec.volumes[${index}].name`));
  const used = anyHolds(users.map(({ uses }) => uses));
  const at = pathInPodSet(pods, `spec.volumes[${index}].emptyDir`);
  yield* judgeMedium(childAt(emptyDir, "medium"), `${at}.medium`, used);
  yield* judgeSize(childAt(emptyDir, "sizeLimit"), `${at}.sizeLimit`, used, users);
}

function judgeMedium(medium: Tree, path: string, used: Condition): Iterable<Judgement> {
  return violatedIf([used, fieldHolds(medium, path, () => medium !== "Memory")], () => ({
    path,
    observed: typeof medium === "string" && medium !== "" ? shown(medium) : "absent",
    allowed: "Memory",
    remedy: "Set it to Memory; else what processes share goes over the disk.",
    fix: [{ path, value: "Memory" }],
  }));
}

function* judgeSize(sizeLimit: Tree, path: string, used: Condition, users: User[]): Iterable<Judgement> {
  const isAbsent = fieldHolds(sizeLimit, path, () => sizeLimit === undefined || sizeLimit === null);
  yield* violatedIf([used, isAbsent], () => {
    const value = shareOf(smallestLimit(users));
    return {
      path,
      observed: "absent",
      allowed: "a size below the memory limit",
      remedy: "Set it, for example to a quarter of the memory limit.",
      ...(value === undefined ? {} : { fix: [{ path, value }] }),
    };
  });
  for (const { uses, memory, memoryPath } of users) {
    const isNoMatch = fieldHolds(memory, memoryPath, () => exceeds(sizeLimit, memory));
    yield* violatedIf([uses, opposite(isAbsent), isNoMatch], () => ({
      path,
      observed: `${shown(sizeLimit)}, which is above the memory limit of a container that mounts the volume`,
      allowed: "a size within the memory limit",
      remedy: "Lower it, or raise the memory limit.",
    }));
  }
}

/** A container that may have a volume as its shared memory. */
interface User {
  /** Whether it does, and has GPUs. */
  uses: Condition;
  /** Its memory limit. */
  memory: Tree;
  memoryPath: string;
}

function usersOf(pods: PodGroup, name: Tree, namePath: string): User[] {
  return containersOf(pods).map((at) => {
    const mounts = isUnknown(name) ? conditionOf(UNKNOWN, namePath) : mountsSharedMemory(pods, at, name);
    const memory = containerValue(pods, at, "resources.limits.memory");
    return {
      uses: allHold([moreThan(gpusOf(at), 0), mounts]),
      memory,
      memoryPath: pathInContainer(at, "resources.limits.memory"),
    };
  });
}

/** The least of the limits of those who have the volume for certain; undefined where one of them has none. */
function smallestLimit(users: User[]): bigint | undefined {
  const limits = users.filter(({ uses }) => uses.holds === true).map(({ memory }) => tryParseQuantity(memory));
  const known = limits.filter((limit) => limit !== undefined);
  return known.length === limits.length ? known.sort((a, b) => Number(a - b))[0] : undefined;
}

/** What is no quantity exceeds nothing, and nothing exceeds it. */
function exceeds(sizeLimit: Tree, memory: Tree): boolean {
  const size = tryParseQuantity(sizeLimit) ?? 0n;
  return size > (tryParseQuantity(memory) ?? size);
}
