import { compact } from "../../internal";
import type { Hardware } from "./hardware";
import type { JobVolume, ProgramArgs } from "./program-args";

/** Where programs look for POSIX shared memory. */
export const SHARED_MEMORY_PATH = "/dev/shm";

/** Name of the volume that is mounted there. */
export const SHARED_MEMORY_VOLUME = "shared-memory";

/** The volumes of a pod, shared memory first. */
export function volumesOf(
  { volumes = [] }: Pick<ProgramArgs, "volumes">,
  { sharedMemory }: Pick<Hardware, "sharedMemory">,
) {
  return [
    ...(sharedMemory === undefined
      ? []
      : [{ name: SHARED_MEMORY_VOLUME, emptyDir: { medium: "Memory", sizeLimit: sharedMemory } }]),
    ...volumes.map(volumeOf),
  ];
}

/** Where a container mounts these volumes. */
export function volumeMountsOf(
  { volumes = [] }: Pick<ProgramArgs, "volumes">,
  { sharedMemory }: Pick<Hardware, "sharedMemory">,
) {
  return [
    ...(sharedMemory === undefined ? [] : [{ name: SHARED_MEMORY_VOLUME, mountPath: SHARED_MEMORY_PATH }]),
    ...volumes.map(mountOf),
  ];
}

function volumeOf({ name, persistentVolumeClaim, configMap, secret, scratch }: JobVolume) {
  return compact({
    name,
    persistentVolumeClaim: persistentVolumeClaim === undefined ? undefined : { claimName: persistentVolumeClaim },
    configMap: configMap === undefined ? undefined : { name: configMap },
    secret: secret === undefined ? undefined : { secretName: secret },
    emptyDir: scratch,
  });
}

function mountOf({ name, mountPath, readOnly, configMap, secret }: JobVolume) {
  const isFixed = configMap !== undefined || secret !== undefined;
  return { name, mountPath, ...((readOnly ?? isFixed) ? { readOnly: true } : {}) };
}
