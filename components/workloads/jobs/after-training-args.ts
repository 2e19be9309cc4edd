import type { RoleArgs } from "../pods";
import type { ProbeArgs } from "../pods/probe-args";

/**
 * What serves once training has succeeded. Image, variables, account and user come from the workload where it does not say
 * them, and so do volumes, of which it may only read claims then. Program, arguments and annotations are its own.
 */
export interface AfterTrainingArgs extends RoleArgs {
  /** Pods, from 1; 2 by default, so that one may go, and 1 with GPUs, each of which costs money. */
  replicas?: number;
  /** Port that the program listens on, from 1 to 65535; 8080 by default. */
  port?: number;
  /** Port of the Service, from 1 to 65535; 80 by default. */
  servicePort?: number;
  /** When a pod gets requests, and may take the place of an old one: it can be connected to, by default. */
  readiness?: ProbeArgs;
}
