import fc from "fast-check";
import type { GangArgs, ObjectArgs, ProgramArgs, RoleArgs, RunArgs } from "../../../../components";
import { CleanPodPolicy, type TrainingRunArgs } from "../../../../components/workloads/training";
import {
  gangArgs,
  hardwareArgs,
  joined,
  objectArgs,
  programArgs,
  roleArgs,
  someOf,
} from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import type { Flaw } from "../../../support/workloads/workload-case";

/** What is wrong with arguments, each with the path that a problem has for it. */
export type Wrongs = typeof FLAWS.program;

const seconds = fc.integer({ min: 1, max: 2 ** 31 - 1 });

const waiting: fc.Arbitrary<RunArgs> = fc.oneof(
  someOf<RunArgs>({ waitForCompletion: fc.boolean() } as never),
  seconds.map((waitSeconds): RunArgs => ({ waitForCompletion: true, waitSeconds })),
);

/** How jobs that have a deadline end, and how they are waited for. */
export const endArgs = joined(waiting, someOf<{ activeDeadlineSeconds?: number }>({ activeDeadlineSeconds: seconds }));

/** What jobs with a run policy can be given of it. */
export const runArgs: fc.Arbitrary<TrainingRunArgs & { backoffLimit?: number }> = joined(
  endArgs,
  someOf<TrainingRunArgs>({
    ttlSecondsAfterFinished: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    cleanPodPolicy: fc.constantFrom(...Object.values(CleanPodPolicy)),
    backoffLimit: fc.integer({ min: 0, max: 99 }),
  } as never),
);

/** What every training job can be given: its object, and how it waits and is placed. */
export const jobArgs: fc.Arbitrary<ObjectArgs & GangArgs> = joined(objectArgs, gangArgs);

/** The same with a program. */
export const programJobArgs: fc.Arbitrary<ProgramArgs & ObjectArgs & GangArgs> = joined(programArgs, jobArgs);

/** A role of one pod, without GPUs of its own unless there is a least number of them. */
export function singleRole(minGpus?: number): fc.Arbitrary<RoleArgs> {
  const program = roleArgs(1).map(({ image, command, env, replicas }): RoleArgs => {
    return { ...(image && { image }), ...(command && { command }), ...(env && { env }), ...(replicas && { replicas }) };
  });
  const size = someOf<RoleArgs>({
    cpu: fc.constantFrom("500m", "4"),
    memory: fc.constantFrom("512Mi", "4Gi"),
  } as never);
  return joined(program, minGpus === undefined ? size : (hardwareArgs(minGpus) as fc.Arbitrary<RoleArgs>));
}

/** What is wrong with the end of a job. */
export const WRONG_END: Wrongs = [
  ["activeDeadlineSeconds", { activeDeadlineSeconds: 0 }],
  ["waitSeconds", { waitForCompletion: true, waitSeconds: 0 }],
  ["waitSeconds", { waitForCompletion: false, waitSeconds: 60 }],
];

/** What is wrong with a run policy. */
export const WRONG_RUN: Wrongs = [
  ...WRONG_END,
  ["backoffLimit", { backoffLimit: -1 }],
  ["ttlSecondsAfterFinished", { ttlSecondsAfterFinished: 0.5 }],
  ["cleanPodPolicy", { cleanPodPolicy: "None" }],
];

/** What is wrong with the object of a job, and with how it waits. */
export const WRONG_JOB: Wrongs = [...FLAWS.object, ...FLAWS.gang, ["objectName", { objectName: "2nd" }]];

/** What is wrong with a role. */
export const WRONG_ROLE: Wrongs = [...FLAWS.program, ...FLAWS.hardware, ["replicas", { replicas: 0 }]];

/** Valid arguments with one thing wrong, at the top or in one of the roles. */
export function flawedRoles<Args extends object>(
  args: fc.Arbitrary<Args>,
  wrongs: Wrongs,
  roles: Record<string, Wrongs>,
): fc.Arbitrary<Flaw<Args>> {
  const ofRoles = Object.entries(roles).map(([role, wrong]) => flawed(args, [...WRONG_ROLE, ...wrong], role));
  return fc.oneof({ weight: 2, arbitrary: flawed(args, [...FLAWS.program, ...wrongs]) }, ...ofRoles);
}
