import { CONTROLLERS } from "../operators/controllers";
import type { PodPrograms } from "../operators/program-file";
import { ArgoExecutor } from "./argo-executor";
import { SparkDriver } from "./spark-driver";
import type { ContainerStandIn, StandInContext, StandInKind } from "./container-stand-in";

/** All stand-ins, one for each thing that only a container would do. */
export const STAND_INS: readonly StandInKind[] = [
  { controller: "workflow-controller", create: (context) => new ArgoExecutor(context) },
  { controller: "spark-operator", create: (context) => new SparkDriver(context) },
];

/** Those whose controller is run; nobody asks the others. */
export function standInsFor({ images }: PodPrograms, context: StandInContext): ContainerStandIn[] {
  const running = new Set(CONTROLLERS.filter(({ image }) => image in images).map(({ name }) => name));
  return STAND_INS.filter(({ controller }) => running.has(controller)).map(({ create }) => create(context));
}
