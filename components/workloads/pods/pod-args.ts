import type * as pulumi from "@pulumi/pulumi";
import type { HardwareArgs } from "./hardware-args";
import type { ProgramArgs, ProgramOptions } from "./program-args";

/** What the pods of a workload run, and on what. */
export interface PodArgs extends ProgramArgs, HardwareArgs {}

/**
 * One role of a workload whose pods are not alike, for example its workers. What a program has and the role does not say
 * comes from the workload; variables are added to the workload's, and hardware is each role's own.
 */
export interface RoleArgs extends ProgramOptions, HardwareArgs {
  /** Container image, with a tag or digest; the workload's by default. */
  image?: pulumi.Input<string>;
  /** Pods of the role, from 1; 1 by default. */
  replicas?: number;
}

/** The pods of a role: its own words, and the workload's where it has none. */
export function podOfRole(workload: ProgramArgs, { replicas: _replicas, ...role }: RoleArgs): PodArgs {
  const { image, command, args, env, secretEnv, volumes, annotations } = workload;
  const { priorityClassName, serviceAccountName, runAsUser, runAsNonRoot } = workload;
  const identity = { priorityClassName, serviceAccountName, runAsUser, runAsNonRoot };
  const given = Object.entries({ image, command, args, volumes, ...identity }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    image,
    ...Object.fromEntries(given),
    ...role,
    env: { ...env, ...role.env },
    secretEnv: { ...secretEnv, ...role.secretEnv },
    annotations: { ...annotations, ...role.annotations },
  };
}
