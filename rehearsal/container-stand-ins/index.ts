import { CONTROLLERS } from "../operators/controllers";
import type { PodPrograms } from "../operators/program-file";
import { ArgoExecutor } from "./argo-executor";
import { CertificatesStandIn } from "./certificates";
import type { ContainerStandIn, StandInContext, StandInKind } from "./container-stand-in";
import { MetricsServerStandIn } from "./metrics-server";
import { SparkDriver } from "./spark-driver";
import { TrialMetricsStandIn } from "./trial-metrics";

/** All stand-ins, one for each thing that only a container would do. */
const STAND_INS: readonly StandInKind[] = [
  // HorizontalPodAutoscalers are the controller manager's, which always runs.
  { isOnRealNodes: true, create: (context) => new MetricsServerStandIn(context) },
  { controller: "kserve", create: (context) => new CertificatesStandIn(context) },
  { controller: "katib-controller", create: (context) => new TrialMetricsStandIn(context) },
  { controller: "workflow-controller", create: (context) => new ArgoExecutor(context) },
  { controller: "spark-operator", create: (context) => new SparkDriver(context) },
];

/** Those whose controller is run, and for which there is nothing real; nobody asks the others. */
export function standInsFor({ images }: PodPrograms, context: StandInContext): ContainerStandIn[] {
  const running = new Set(CONTROLLERS.filter(({ image }) => image in images).map(({ name }) => name));
  const isAsked = ({ controller }: StandInKind) => controller === undefined || running.has(controller);
  const isNeeded = ({ isOnRealNodes = false }: StandInKind) => !(isOnRealNodes && context.hasRealNodes);
  return STAND_INS.filter((kind) => isAsked(kind) && isNeeded(kind)).map(({ create }) => create(context));
}
