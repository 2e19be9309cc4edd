import { type InputProblem, inputProblem } from "../../internal";
import type { JobVolume } from "../pods/program-args";
import { checkVolumes } from "../pods/volume-validation";
import type { SparkApplicationArgs } from "./spark-args";
import { driverFacts, driverPod, executorFacts, executorPod } from "./spark-pods";

/** Name by which Spark knows that a volume is for data that it spills. */
const LOCAL_DIRECTORY = /^spark-local-dir-/;

/** Where Spark mounts its own configuration. */
const CONFIGURATION_PATH = "/opt/spark/conf";

/** Where the operator mounts that of the metrics. */
const METRICS_PATH = "/etc/metrics/conf";

/** Checks the volumes of an application and of its roles, which are one list in its object. */
export function checkSparkVolumes(args: SparkApplicationArgs): InputProblem[] {
  const { volumes = [], driver = {}, executor = {} } = args;
  const lists = [
    { path: "", pod: { ...executorPod(args), volumes }, facts: executorFacts(args) },
    { path: "driver.", pod: { ...driverPod(args), volumes: driver.volumes ?? [] }, facts: driverFacts(args) },
    { path: "executor.", pod: { ...executorPod(args), volumes: executor.volumes ?? [] }, facts: executorFacts(args) },
  ];
  return [
    ...lists.flatMap(({ path, pod, facts }) => checkVolumes(path, pod, facts)),
    ...lists.flatMap(({ path, pod }) => checkOwn(path, pod.volumes, args)),
    ...checkOnce("driver.", driver.volumes, volumes, []),
    ...checkOnce("executor.", executor.volumes, volumes, driver.volumes ?? []),
  ];
}

/** What Spark and the operator have in mind for a volume. */
function checkOwn(path: string, volumes: JobVolume[], { metrics }: SparkApplicationArgs): InputProblem[] {
  const taken = [CONFIGURATION_PATH, ...(metrics === undefined ? [] : [METRICS_PATH])];
  return volumes.flatMap((volume, index) => {
    const at = `${path}volumes[${index}]`;
    const { name, mountPath, scratch, persistentVolumeClaim } = volume;
    const isOfWrongKind = LOCAL_DIRECTORY.test(name) && scratch === undefined && persistentVolumeClaim === undefined;
    return [
      ...(isOfWrongKind
        ? [inputProblem(`${at}.name`, name, "only scratch space or a claim by such a name", "Spark spills data there.")]
        : []),
      ...(taken.includes(mountPath)
        ? [inputProblem(`${at}.mountPath`, mountPath, "a path that Spark does not mount", "Choose another.")]
        : []),
    ];
  });
}

/** No two volumes of an application have one name, and no two of a pod have one path. */
function checkOnce(path: string, own: JobVolume[] = [], shared: JobVolume[], others: JobVolume[]): InputProblem[] {
  const names = new Set([...shared, ...others].map(({ name }) => name));
  const mounts = new Set(shared.map(({ mountPath }) => mountPath));
  return own.flatMap(({ name, mountPath }, index) => {
    const at = `${path}volumes[${index}]`;
    return [
      ...(names.has(name)
        ? [inputProblem(`${at}.name`, name, "a name that no other volume of the application has", "Choose another.")]
        : []),
      ...(mounts.has(mountPath)
        ? [inputProblem(`${at}.mountPath`, mountPath, "a path without a volume of the application", "Choose another.")]
        : []),
    ];
  });
}
