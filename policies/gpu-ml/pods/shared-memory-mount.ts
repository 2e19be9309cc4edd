import {
  arrayAt,
  childAt,
  formatQuantity,
  isUnknown,
  pathInContainer,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { containerValue, type PodGroup } from "../../engine/pods";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { type Condition, conditionOf } from "../../engine/conditions";

/** Where programs look for POSIX shared memory. */
export const SHARED_MEMORY = "/dev/shm";

const MIB = 10n ** 9n * 2n ** 20n;

/**
 * Whether a container mounts a volume at /dev/shm.
 *
 * @param volume the name of the volume; any by default.
 */
export function mountsSharedMemory(pods: PodGroup, at: ContainerAt, volume?: Tree): Condition {
  const list = containerValue(pods, at, "volumeMounts");
  const mounts = arrayAt(at.container, "volumeMounts");
  const found = mounts.map((mount) =>
    allOf([
      isSharedMemory(childAt(mount, "mountPath")),
      volume === undefined || isOneOf(childAt(mount, "name"), volume),
    ]),
  );
  const holds: Truth = isUnknown(list) ? UNKNOWN : anyOf(found);
  return conditionOf(holds, pathInContainer(at, "volumeMounts"));
}

/** What of a memory limit is for shared memory, in whole MiB: a quarter, which leaves the program the most of it. */
export function shareOf(limit: bigint | undefined): string | undefined {
  const share = ((limit ?? 0n) / 4n / MIB) * MIB;
  return share > 0n ? formatQuantity(share, "BinarySI") : undefined;
}

function isSharedMemory(mountPath: Tree): Truth {
  if (isUnknown(mountPath)) return UNKNOWN;
  return typeof mountPath === "string" && mountPath.replace(/\/+$/, "") === SHARED_MEMORY;
}
