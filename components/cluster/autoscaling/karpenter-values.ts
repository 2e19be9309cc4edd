import type * as pulumi from "@pulumi/pulumi";
import { POOL_LABEL } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import { type ControllerArgs, controllerResources, DEFAULT_REPLICAS } from "./controller-args";

/** Name of Karpenter's release, service account and Deployment. */
export const KARPENTER_NAME = "karpenter";

/**
 * Values of Karpenter's chart.
 *
 * By itself the chart keeps Karpenter from nodes that Karpenter or Auto Mode has started, spreads it over machines and
 * zones, and gives it the priority of a cluster's own controllers.
 *
 * NodeOverlays are by what pools with EFA tell of their huge pages.
 *
 * @see https://github.com/aws/karpenter-provider-aws/blob/v1.14.1/charts/karpenter/values.yaml
 */
export function karpenterValues(args: ControllerArgs, interruptionQueue: pulumi.Input<string>): ChartValues {
  const { eks, systemPool, replicas = DEFAULT_REPLICAS, resources } = args;
  const own = {
    replicas,
    serviceAccount: { name: KARPENTER_NAME },
    nodeSelector: { "kubernetes.io/os": "linux", ...(systemPool === undefined ? {} : { [POOL_LABEL]: systemPool }) },
    controller: { resources: controllerResources(resources) },
    settings: {
      clusterName: eks.clusterName,
      interruptionQueue,
      featureGates: { nodeOverlay: true },
      ...(eks.isolated === true ? { isolatedVPC: true } : {}),
    },
  };
  return withValues(own, args.values);
}
