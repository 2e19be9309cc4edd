import { DEFAULT_DEADLINE_SECONDS } from "../object/deadline";
import type * as k8s from "@pulumi/kubernetes";
import { compact, nonEmpty } from "../../internal";
import { parseQuantity } from "../../model";
import type { WorkloadMetadata } from "../object/metadata";
import { devicesOf, type HardwareFacts, hardwareOf } from "../pods/hardware";
import type { PodArgs } from "../pods/pod-args";
import { podTemplate } from "../pods/pod-template";
import type { JobVolume, ProgramArgs } from "../pods/program-args";
import { volumesOf } from "../pods/volumes";
import type { SparkApplicationArgs } from "./spark-args";
import { sparkMemory } from "./spark-memory";
import { SparkLanguage } from "./spark-option-args";
import type { SparkDriverArgs, SparkExecutorArgs } from "./spark-pod-args";

/** Service account of drivers where nothing else is said; the SparkOperator makes it in each namespace that it is told. */
const SERVICE_ACCOUNT = "spark";

/** Nanos of one CPU. */
const NANO_PER_CPU = 1_000_000_000n;

/** Properties that the operator overwrites unless it is told of them in the field of their pod. */
export const JAVA_OPTIONS = {
  driver: "spark.driver.extraJavaOptions",
  executor: "spark.executor.extraJavaOptions",
} as const;

/** What the hardware of a driver follows from. */
export function driverFacts({ pools }: SparkApplicationArgs): HardwareFacts {
  return { pods: 1, defaultGpus: 0, pools };
}

/** What the hardware of executors follows from: they exchange data over sockets, so they get no adapters for NCCL. */
export function executorFacts({ pools }: SparkApplicationArgs): HardwareFacts {
  return { pods: 1, defaultGpus: 0, pools };
}

/** The program of a driver's pod, and what it asks for. */
export function driverPod(args: SparkApplicationArgs): PodArgs {
  const { driver = {}, executor = {} } = args;
  const { cpu, memory, pool, tolerations } = driver;
  const architecture = driver.architecture ?? executor.architecture;
  const asked = compact({ cpu, memory, pool, tolerations, architecture });
  return { ...programOf(args), ...asked, gpus: 0, volumes: mountedBy(args, driver) };
}

/** The program of an executor's pod, and what it asks for. */
export function executorPod(args: SparkApplicationArgs): PodArgs {
  const { executor = {} } = args;
  return { ...programOf(args), ...executor, volumes: mountedBy(args, executor) };
}

/** What every pod of an application has; images of Spark start what they are told to by themselves. */
function programOf({ image, env, secretEnv, annotations, priorityClassName, ...args }: SparkApplicationArgs) {
  const identity = compact({ runAsUser: args.runAsUser, runAsNonRoot: args.runAsNonRoot });
  return { image, ...compact({ env, secretEnv, annotations, priorityClassName }), ...identity } satisfies ProgramArgs;
}

function mountedBy({ volumes = [] }: SparkApplicationArgs, role: SparkDriverArgs | SparkExecutorArgs): JobVolume[] {
  return [...volumes, ...(role.volumes ?? [])];
}

/** The driver, as a SparkApplication spells it. */
export function driverSpec(args: SparkApplicationArgs, metadata: WorkloadMetadata) {
  const { driver = {}, serviceAccountName = SERVICE_ACCOUNT, attemptDeadlineSeconds } = args;
  const pod = driverPod(args);
  return compact({
    ...sizeOf(pod, driver, args, driverFacts(args)),
    serviceAccount: serviceAccountName,
    javaOptions: args.sparkConf?.[JAVA_OPTIONS.driver],
    ...podFields(pod, "driver", metadata, driverFacts(args)),
    template: {
      spec: {
        activeDeadlineSeconds: attemptDeadlineSeconds ?? DEFAULT_DEADLINE_SECONDS,
        automountServiceAccountToken: true,
        containers: [{ name: "spark-kubernetes-driver" }],
      },
    },
  });
}

/** The executors, as a SparkApplication spells them. */
export function executorSpec(args: SparkApplicationArgs, metadata: WorkloadMetadata) {
  const { executor = {}, serviceAccountName = SERVICE_ACCOUNT, executorServiceAccountName, dynamicAllocation } = args;
  const pod = executorPod(args);
  const [gpu] = Object.entries(devicesOf(hardwareOf(pod, executorFacts(args))));
  return compact({
    instances: dynamicAllocation === undefined ? (executor.replicas ?? 1) : undefined,
    ...sizeOf(pod, executor, args, executorFacts(args)),
    gpu: gpu && { name: gpu[0], quantity: Number(gpu[1]) },
    serviceAccount: executorServiceAccountName ?? serviceAccountName,
    javaOptions: args.sparkConf?.[JAVA_OPTIONS.executor],
    ...podFields(pod, "executor", metadata, executorFacts(args)),
    template: { spec: { automountServiceAccountToken: false, containers: [{ name: "spark-kubernetes-executor" }] } },
  });
}

/** Every volume of an application once; roles say which of them they mount. */
export function applicationVolumes(args: SparkApplicationArgs) {
  const { driver = {}, executor = {}, volumes = [] } = args;
  const all = [...volumes, ...(driver.volumes ?? []), ...(executor.volumes ?? [])];
  return nonEmpty(volumesOf({ volumes: all }, hardwareOf(executor, executorFacts(args))));
}

/** CPU and memory in the words of Spark. */
function sizeOf(
  pod: PodArgs,
  { cores, memoryOverhead }: SparkDriverArgs | SparkExecutorArgs,
  { language = SparkLanguage.python }: SparkApplicationArgs,
  facts: HardwareFacts,
) {
  const { cpu, memory } = hardwareOf(pod, facts);
  const parts = sparkMemory(memory, memoryOverhead, language);
  return {
    cores: cores ?? wholeCpus(cpu),
    coreRequest: cpu,
    memory: parts && `${parts.heapMib}m`,
    memoryOverhead: parts && `${parts.overheadMib}m`,
  };
}

function wholeCpus(cpu: string): number {
  return Math.max(1, Number(parseQuantity(cpu) / NANO_PER_CPU));
}

/**
 * What a pod of a SparkApplication has of a pod template. The operator's webhook lays it over what Spark asks for.
 *
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/internal/webhook/sparkpod_defaulter.go
 */
function podFields(pod: PodArgs, role: string, workload: WorkloadMetadata, facts: HardwareFacts) {
  const { metadata, spec } = podTemplate(pod, { ...workload, ...facts, role, runsToEnd: true });
  const [container] = spec.containers as k8s.types.input.core.v1.Container[];
  const { env, volumeMounts, securityContext } = container!;
  const { nodeSelector, tolerations, affinity, priorityClassName } = spec;
  return {
    labels: metadata.labels,
    annotations: metadata.annotations,
    env,
    volumeMounts,
    nodeSelector,
    tolerations,
    affinity,
    priorityClassName,
    podSecurityContext: spec.securityContext,
    securityContext,
  };
}
