import { checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../internal";
import { GPU_RESOURCE } from "../../model";
import { type HardwareFacts, hardwareOf } from "../pods/hardware";
import { checkHardware } from "../pods/hardware-validation";
import type { PodArgs } from "../pods/pod-args";
import type { SparkApplicationArgs } from "./spark-args";
import { LEAST_HEAP_MIB, sparkMemory, wholeMib } from "./spark-memory";
import { SparkLanguage } from "./spark-option-args";
import { driverFacts, driverPod, executorFacts, executorPod } from "./spark-pods";

/** Checks what driver and executors ask for. */
export function checkSparkPods(args: SparkApplicationArgs): InputProblem[] {
  const { driver = {}, executor = {}, language } = args;
  return [
    ...checkSize("driver.", driverPod(args), driver, language, driverFacts(args)),
    ...checkSize("executor.", executorPod(args), executor, language, executorFacts(args)),
    ...checkExecutors(args),
    ...checkGpus(args),
    ...(executor.efa === undefined || executor.efa === 0
      ? []
      : [inputProblem("executor.efa", executor.efa, "0", "Executors exchange data over sockets; leave it out.")]),
  ];
}

/** What a role says of itself in Spark's words. */
interface SparkSize {
  cores?: number;
  memoryOverhead?: string;
}

function checkSize(
  path: string,
  pod: PodArgs,
  { cores, memoryOverhead }: SparkSize,
  language: SparkLanguage = SparkLanguage.python,
  facts: HardwareFacts,
): InputProblem[] {
  const problems = [
    ...checkHardware(path, pod, facts),
    ...checkWholeNumber(`${path}cores`, cores, { min: 1 }),
    ...(memoryOverhead === undefined ? [] : checkMib(`${path}memoryOverhead`, memoryOverhead, "1Gi")),
  ];
  if (problems.length > 0) return problems;
  const { memory } = hardwareOf(pod, facts);
  const indivisible = checkMib(`${path}memory`, memory, "4Gi");
  if (indivisible.length > 0) return indivisible;
  const { heapMib, overheadMib } = sparkMemory(memory, memoryOverhead, language)!;
  if (heapMib >= LEAST_HEAP_MIB) return [];
  const allowed = `at least ${LEAST_HEAP_MIB + overheadMib}Mi: ${LEAST_HEAP_MIB}Mi for Java's heap beside the overhead`;
  return [inputProblem(`${path}memory`, memory, allowed, "Ask for more memory, or for less of it as overhead.")];
}

function checkMib(path: string, quantity: string, example: string): InputProblem[] {
  if ((wholeMib(quantity) ?? 0) > 0) return [];
  return [inputProblem(path, quantity, "a whole number of MiB, in which Spark counts", `Write it like "${example}".`)];
}

function checkExecutors({ executor = {}, dynamicAllocation }: SparkApplicationArgs): InputProblem[] {
  const replicas = checkWholeNumber("executor.replicas", executor.replicas, { min: 1 });
  if (dynamicAllocation === undefined) return replicas;
  const { minExecutors = 0, initialExecutors, maxExecutors } = dynamicAllocation;
  const most = checkMaxExecutors("dynamicAllocation.maxExecutors", maxExecutors);
  const max = most.length === 0 ? maxExecutors : Infinity;
  const least = checkWholeNumber("dynamicAllocation.minExecutors", minExecutors, { min: 0, max });
  const min = least.length === 0 ? minExecutors : 0;
  return [
    ...(executor.replicas === undefined
      ? []
      : [problemAt("executor.replicas", "given together with dynamicAllocation", "one of the two", "Leave one out.")]),
    ...most,
    ...least,
    ...checkWholeNumber("dynamicAllocation.initialExecutors", initialExecutors, { min, max }),
  ];
}

function checkMaxExecutors(path: string, maxExecutors: number | undefined): InputProblem[] {
  if (maxExecutors !== undefined) return checkWholeNumber(path, maxExecutors, { min: 1 });
  return [inputProblem(path, maxExecutors, "a whole number from 1", "Say how many executors there may be.")];
}

/** Spark counts whole GPUs only. */
function checkGpus(args: SparkApplicationArgs): InputProblem[] {
  const { gpusPerTask, gpuDiscoveryScript } = args.executor ?? {};
  const { gpus, gpuResource } = hardwareOf(executorPod(args), executorFacts(args));
  if (gpuResource !== GPU_RESOURCE) {
    return Object.entries({ gpusPerTask, gpuDiscoveryScript }).flatMap(([key, value]) => {
      if (value === undefined) return [];
      const remedy = "Ask for whole GPUs with gpus, or leave it out.";
      return [inputProblem(`executor.${key}`, value, "nothing without whole GPUs", remedy)];
    });
  }
  return [
    ...checkGpusPerTask(gpusPerTask, gpus),
    ...(gpuDiscoveryScript === undefined || gpuDiscoveryScript.startsWith("/")
      ? []
      : [
          inputProblem(
            "executor.gpuDiscoveryScript",
            gpuDiscoveryScript,
            "an absolute path",
            "Write it like /opt/gpus.sh.",
          ),
        ]),
  ];
}

/**
 * @see https://spark.apache.org/docs/4.0.1/configuration.html `spark.task.resource.{resourceName}.amount`
 */
function checkGpusPerTask(gpusPerTask: number | undefined, gpus: number): InputProblem[] {
  if (gpusPerTask === undefined) return [];
  const isShare = gpusPerTask > 0 && gpusPerTask <= 0.5;
  const isWhole = Number.isInteger(gpusPerTask) && gpusPerTask >= 1 && gpusPerTask <= gpus;
  if (isShare || isWhole) return [];
  const allowed = `a whole number from 1 to ${gpus}, or above 0 and at most 0.5`;
  return [inputProblem("executor.gpusPerTask", gpusPerTask, allowed, "Set it to what one task takes of a GPU.")];
}
