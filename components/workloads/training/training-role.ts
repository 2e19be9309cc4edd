import { checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import type { Finding, PoolShape } from "../../model";
import { type ObjectArgs, scaleUpAdvice, type TopologyArgs, type WorkloadMetadata } from "../object";
import {
  checkProgram,
  checkVolumes,
  type HardwareFacts,
  type PodArgs,
  type PodContext,
  podTemplate,
  type PodTemplate,
  type ProgramArgs,
  type RoleArgs,
} from "../pods";
import { checkNodeHardware, checkProgramOptions, checkReserved, type Reserved } from "./job-checks";

/** Pods of a job that are alike. */
export interface TrainingRole {
  /** Name of the role as its object spells it, for example `Worker`. */
  type: string;
  /** Where its arguments lie, with a dot at its end, for example `workers.`. */
  path: string;
  /** What its author says of it. */
  given: RoleArgs;
  /** Its pods, once the workload's own words are filled in. */
  pod: PodArgs;
  /** How many there are. */
  replicas: number;
  /** What becomes of one whose program fails, where the object says so of each role. */
  restartPolicy?: string;
  /** GPUs of each where its author says nothing. */
  defaultGpus: number;
  /** Pods of the job that exchange data between their GPUs, these included; 1 where they do not. */
  peers: number;
}

/** What the pods of all roles of a job have in common. */
export interface JobContext {
  /** What object and pods are labelled and annotated with. */
  metadata: WorkloadMetadata;
  /** Pools that are known. */
  pools: PoolShape[] | undefined;
  /** How close to each other the pods run. */
  topology: TopologyArgs | undefined;
}

/** The arguments of a job that its pods' context follows from. */
export function jobContext(metadata: WorkloadMetadata, args: ObjectArgs & { topology?: TopologyArgs }): JobContext {
  return { metadata, pools: args.pools, topology: args.topology };
}

/** The number of pods of all roles. */
export function podsOf(roles: TrainingRole[]): number {
  return roles.reduce((pods, { replicas }) => pods + replicas, 0);
}

/** The pods of a role; they run to their end. */
export function roleTemplate(role: TrainingRole, context: JobContext, more: Partial<PodContext> = {}) {
  return podTemplate(role.pod, {
    ...context.metadata,
    ...factsOf(role, context.pools),
    role: role.type.toLowerCase(),
    topology: context.topology,
    runsToEnd: true,
    ...more,
  });
}

/** A role as jobs of the training operator and of the MPI operator spell it. */
export function replicaSpec({ replicas, restartPolicy }: TrainingRole, template: PodTemplate) {
  return { replicas, restartPolicy, template };
}

/** Checks a program and its roles, as far as they are known; what roles take over is checked where it was said. */
export function checkRoles(
  workload: ProgramArgs,
  roles: TrainingRole[],
  reserved: Reserved,
  pools: PoolShape[] | undefined,
): InputProblem[] {
  const problems = [
    ...checkProgram("", workload),
    ...checkReserved("", workload, reserved),
    ...roles.flatMap((role) => checkRole(role, reserved, factsOf(role, pools))),
  ];
  return [...new Map(problems.map((problem) => [problem.reason, problem])).values()];
}

/** Advice on the size of roles that have GPUs. */
export function rolesAdvice(object: string, roles: TrainingRole[], pools: PoolShape[] | undefined): Finding[] {
  return roles.flatMap(({ path, replicas, defaultGpus, pod }) => {
    const gpus = pod.gpus ?? defaultGpus;
    return scaleUpAdvice(
      object,
      { path, countArgument: "replicas", pods: replicas, gpus, gpuSharing: pod.gpuSharing },
      pools,
    );
  });
}

function factsOf({ peers, defaultGpus }: TrainingRole, pools: PoolShape[] | undefined): HardwareFacts {
  return { pods: peers, defaultGpus, pools };
}

function checkRole({ path, given, pod }: TrainingRole, reserved: Reserved, facts: HardwareFacts): InputProblem[] {
  return [
    ...checkWholeNumber(`${path}replicas`, given.replicas, { min: 1 }),
    ...checkProgramOptions(path, given),
    ...checkOverriding(path, given, pod),
    ...checkReserved(path, given, reserved),
    ...checkNodeHardware(path, pod, facts),
    ...checkVolumes(given.volumes === undefined ? "" : path, pod, facts),
  ];
}

/** Of two variables of one name, that from a Secret counts. */
function checkOverriding(path: string, given: RoleArgs, pod: PodArgs): InputProblem[] {
  const lost = Object.keys(given.env ?? {}).filter(
    (key) => key in (pod.secretEnv ?? {}) && !(key in (given.secretEnv ?? {})),
  );
  const allowed = "a variable that secretEnv of the job does not set";
  return lost.map((key) => inputProblem(`${path}env["${key}"]`, key, allowed, "Remove it from one of the two."));
}

/** Checks the number of pods of a role that has one pod; undefined passes. */
export function checkSingle(path: string, replicas: number | undefined, remedy: string): InputProblem[] {
  return replicas === undefined || replicas === 1 ? [] : [inputProblem(path, replicas, "1", remedy)];
}

/** Checks that there are workers; programs in languages without types may leave them out. */
export function checkWorkers(workers: RoleArgs | undefined): InputProblem[] {
  if (workers !== undefined) return [];
  return [inputProblem("workers", workers, "at least one worker", "Say what the workers are, for example {}.")];
}
