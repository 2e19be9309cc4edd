import {
  checkDnsLabel,
  checkLabelKey,
  checkLabelValue,
  checkQuantity,
  checkTaintSyntax,
  checkWholeNumber,
  type InputProblem,
  inputProblem,
  isPlain,
  problemAt,
} from "../internal";
import { compareQuantities } from "../model";
import type { GpuJobArgs, JobVolume } from "./gpu-job-args";
import { JOB_LABEL, jobDefaults, SHARED_MEMORY_PATH, SHARED_MEMORY_VOLUME } from "./gpu-job-defaults";
import { checkSimulation } from "./simulation";

/** Checks a job's inputs as far as they are known. */
export function validateGpuJob(name: string, args: GpuJobArgs): InputProblem[] {
  return [
    ...checkImage(args.image),
    ...checkEnvironment(args),
    ...checkResources(args),
    ...checkRun(args),
    ...checkVolumes(args),
    ...checkNames(name, args),
    ...checkSimulation(args.annotations),
  ];
}

function checkImage(image: GpuJobArgs["image"] | undefined): InputProblem[] {
  const empty = image === undefined || (isPlain(image) && image.trim() === "");
  if (!empty) return [];
  return [inputProblem("image", image, "an image with a tag or digest", "Name the image to train with.")];
}

/** Kubernetes accepts more, but these are the names that every shell and language can read. */
const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

function checkEnvironment({ env = {}, secretEnv = {} }: GpuJobArgs): InputProblem[] {
  const paths = [
    ...Object.keys(env).map((key) => ({ key, path: `env["${key}"]` })),
    ...Object.keys(secretEnv).map((key) => ({ key, path: `secretEnv["${key}"]` })),
  ];
  return paths.flatMap(({ key, path }) => {
    if (key === "NVIDIA_VISIBLE_DEVICES") {
      const remedy = "Ask for GPUs with gpus; the variable would reach those of other pods.";
      return [inputProblem(path, key, "any variable but this", remedy)];
    }
    if (!variableName.test(key)) {
      return [inputProblem(path, key, "letters, digits and underscores, no digit first", "Rename the variable.")];
    }
    if (key in env && path.startsWith("secretEnv")) {
      return [inputProblem(path, key, "a variable that env does not set too", "Remove it from one of the two.")];
    }
    return [];
  });
}

function checkResources(args: GpuJobArgs): InputProblem[] {
  const problems = [
    ...checkWholeNumber("gpus", args.gpus, { min: 1 }),
    ...checkQuantity("cpu", args.cpu, "4"),
    ...checkQuantity("memory", args.memory, "16Gi"),
    ...checkQuantity("sharedMemory", args.sharedMemory, "4Gi"),
    ...checkTaintSyntax("tolerations", args.tolerations),
    ...(args.pool === undefined ? [] : checkDnsLabel("pool", args.pool)),
  ];
  if (problems.length > 0 || args.sharedMemory === undefined) return problems;
  const { memory } = jobDefaults(args);
  if (compareQuantities(args.sharedMemory, memory) < 0) return [];
  const remedy = "Shared memory is taken from the memory limit; raise memory or lower sharedMemory.";
  return [inputProblem("sharedMemory", args.sharedMemory, `less than memory, ${memory}`, remedy)];
}

function checkRun(args: GpuJobArgs): InputProblem[] {
  const codes = args.permanentExitCodes ?? [];
  return [
    ...checkWholeNumber("parallelism", args.parallelism, { min: 1 }),
    ...checkWholeNumber("completions", args.completions, { min: 1 }),
    ...checkWholeNumber("backoffLimit", args.backoffLimit, { min: 0 }),
    ...codes.flatMap((code, index) => checkWholeNumber(`permanentExitCodes[${index}]`, code, { min: 1, max: 255 })),
    ...checkWholeNumber("activeDeadlineSeconds", args.activeDeadlineSeconds, { min: 1 }),
    ...checkWholeNumber("ttlSecondsAfterFinished", args.ttlSecondsAfterFinished, { min: 0 }),
    ...checkWholeNumber("runAsUser", args.runAsUser, { min: 1 }),
  ];
}

function checkVolumes(args: GpuJobArgs): InputProblem[] {
  const ownMounts = jobDefaults(args).sharedMemory === undefined ? [] : [SHARED_MEMORY_PATH];
  const names = new Set([SHARED_MEMORY_VOLUME]);
  const mounts = new Set(ownMounts);
  return (args.volumes ?? []).flatMap((volume, index) => {
    const path = `volumes[${index}]`;
    const problems = [
      ...checkDnsLabel(`${path}.name`, volume.name),
      ...checkMountPath(`${path}.mountPath`, volume.mountPath),
      ...checkOneSource(path, volume),
      ...checkQuantity(`${path}.scratch.sizeLimit`, volume.scratch?.sizeLimit, "50Gi"),
      ...checkUnused(`${path}.name`, volume.name, names),
      ...checkUnused(`${path}.mountPath`, volume.mountPath, mounts),
    ];
    names.add(volume.name);
    mounts.add(volume.mountPath);
    return problems;
  });
}

function checkMountPath(path: string, mountPath: string): InputProblem[] {
  if (mountPath.startsWith("/") && mountPath.length > 1 && !mountPath.includes(":")) return [];
  return [inputProblem(path, mountPath, "an absolute path below / without a colon", "Write it like /data.")];
}

function checkOneSource(path: string, volume: JobVolume): InputProblem[] {
  const sources = ["persistentVolumeClaim", "configMap", "secret", "scratch"] as const;
  const given = sources.filter((source) => volume[source] !== undefined);
  if (given.length === 1) return [];
  const observed = given.length === 0 ? "without a source" : `made from ${given.join(" and ")}`;
  return [problemAt(path, observed, `exactly one of ${sources.join(", ")}`, "Give the volume one source.")];
}

function checkUnused(path: string, value: string, used: Set<string>): InputProblem[] {
  if (!used.has(value)) return [];
  return [inputProblem(path, value, "a value that no other volume of the job has", "Choose another.")];
}

function checkNames(name: string, args: GpuJobArgs): InputProblem[] {
  const jobName = args.jobName ?? name;
  const { completions } = jobDefaults(args);
  const longest = completions > 1 ? `${jobName}-${completions - 1}` : jobName;
  const room = 63 - (longest.length - jobName.length);
  const tooLong = inputProblem(
    "jobName",
    jobName,
    `at most ${room} characters with ${completions} pods`,
    "Shorten it.",
  );
  return [
    ...checkDnsLabel("jobName", jobName),
    ...(jobName.length <= 63 && longest.length > 63 ? [tooLong] : []),
    ...Object.entries(args.labels ?? {}).flatMap(([key, value]) => checkLabel(key, value)),
  ];
}

function checkLabel(key: string, value: unknown): InputProblem[] {
  const path = `labels["${key}"]`;
  if (key === JOB_LABEL) return [inputProblem(path, value, "only what the job itself sets there", "Remove the label.")];
  return [...checkLabelKey(path, key), ...(typeof value === "string" ? checkLabelValue(path, value) : [])];
}
