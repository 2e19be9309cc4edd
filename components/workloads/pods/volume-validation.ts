import { checkDnsLabel, checkQuantity, type InputProblem, inputProblem, problemAt } from "../../internal";
import { type HardwareFacts, hardwareOf } from "./hardware";
import type { PodArgs } from "./pod-args";
import type { JobVolume } from "./program-args";
import { SHARED_MEMORY_PATH, SHARED_MEMORY_VOLUME } from "./volumes";

const SOURCES = ["persistentVolumeClaim", "configMap", "secret", "scratch"] as const;

/** Checks the volumes of a pod: one source each, and no name or path twice. */
export function checkVolumes(path: string, pod: PodArgs, facts: HardwareFacts): InputProblem[] {
  const ownMounts = hardwareOf(pod, facts).sharedMemory === undefined ? [] : [SHARED_MEMORY_PATH];
  const names = new Set([SHARED_MEMORY_VOLUME]);
  const mounts = new Set(ownMounts);
  return (pod.volumes ?? []).flatMap((volume, index) => {
    const at = `${path}volumes[${index}]`;
    const problems = [
      ...checkDnsLabel(`${at}.name`, volume.name),
      ...checkMountPath(`${at}.mountPath`, volume.mountPath),
      ...checkOneSource(at, volume),
      ...checkQuantity(`${at}.scratch.sizeLimit`, volume.scratch?.sizeLimit, "50Gi"),
      ...checkUnused(`${at}.name`, volume.name, names),
      ...checkUnused(`${at}.mountPath`, volume.mountPath, mounts),
    ];
    names.add(volume.name);
    mounts.add(volume.mountPath);
    return problems;
  });
}

/** Checks a path inside a container at which something is mounted. */
export function checkMountPath(path: string, mountPath: string): InputProblem[] {
  if (mountPath.startsWith("/") && mountPath.length > 1 && !mountPath.includes(":")) return [];
  return [inputProblem(path, mountPath, "an absolute path below / without a colon", "Write it like /data.")];
}

function checkOneSource(path: string, volume: JobVolume): InputProblem[] {
  const given = SOURCES.filter((source) => volume[source] !== undefined);
  if (given.length === 1) return [];
  const observed = given.length === 0 ? "without a source" : `made from ${given.join(" and ")}`;
  return [problemAt(path, observed, `exactly one of ${SOURCES.join(", ")}`, "Give the volume one source.")];
}

function checkUnused(path: string, value: string, used: Set<string>): InputProblem[] {
  if (!used.has(value)) return [];
  return [inputProblem(path, value, "a value that no other volume of the pod has", "Choose another.")];
}
