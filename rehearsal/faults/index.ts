import type { KubeConfig } from "@kubernetes/client-node";
import type { ControlPlane } from "../cluster/control-plane";
import type { FaultInjectors } from "../scenarios/fault";
import type { Aftermath } from "./aftermath";
import { clockInjector } from "./clock";
import { missingImageInjector } from "./missing-images";
import { interruptionInjector, nodeLossInjector, zoneLossInjector } from "./nodes";
import { Replacements } from "./replacements";
import { operatorInjector, processInjector } from "./processes";
import { webhookInjector } from "./webhooks";

/** What faults are made on. */
export interface FaultGround {
  /** The cluster, as its administrator reaches it. */
  config: KubeConfig;
  /** Its processes. */
  controlPlane: ControlPlane;
  /** Path of the program that lets time pass. */
  clock: () => Promise<string>;
  /** Brings about later what comes of faults. */
  aftermath: Aftermath;
}

/** Makes every kind of fault happen on a cluster. */
export function faultInjectors(ground: FaultGround): Required<FaultInjectors> {
  const replacements = new Replacements(ground);
  return {
    nodeLost: nodeLossInjector(ground, replacements),
    spotInterruption: interruptionInjector(ground, replacements),
    zoneDown: zoneLossInjector(ground, replacements),
    processKilled: processInjector(ground),
    operatorKilled: operatorInjector(ground),
    webhookUnreachable: webhookInjector(ground),
    imageMissing: missingImageInjector(ground),
    clockPassed: clockInjector(ground),
  };
}
