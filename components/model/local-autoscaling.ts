import type { PinnedChart, SourceModule } from "./versions";

/** A chart that nobody publishes: only a Go module carries it, so only the local stack can have it. */
export interface ModuleChart extends PinnedChart {
  module: SourceModule & {
    /** Folder within the module that has resource types which the chart needs and does not bring; none by default. */
    types?: string;
  };
  /** Name of the image that its controller has, without a tag; nobody publishes that either. */
  image: string;
}

/**
 * What stands for autoscaling among the parts of the platform whose controllers can run. No configuration names it: it
 * follows from GPU pools on a cluster whose controllers run.
 */
export const AUTOSCALING = "autoscaling";

/**
 * Whether Karpenter starts the nodes of GPU pools on the embedded cluster: where its controllers run, and there is a pool. A
 * pool that is `simulated` by its own word has Node objects from the start all the same.
 *
 * @param controllers what the configuration says of the cluster's controllers.
 * @param backEnds what each GPU pool says of what makes its nodes; undefined for nothing.
 */
export function startsNodesLocally(controllers: unknown, backEnds: readonly unknown[]): boolean {
  return controllers === "processes" && backEnds.some((backEnd) => backEnd !== "simulated");
}

/**
 * Karpenter with the provider that it is tested with itself: machines are Node objects that KWOK keeps.
 *
 * @see https://github.com/kubernetes-sigs/karpenter/tree/v1.14.1/kwok
 */
export const KARPENTER_ON_KWOK = {
  chart: "karpenter-kwok",
  version: "1.14.1",
  image: "registry.example.com/mlstack/karpenter-kwok",
  module: {
    module: "sigs.k8s.io/karpenter",
    folder: "kwok/charts",
    types: "kwok/apis/crds",
    sum: "h1:GjqvOHLjl2+OXM0ti5VEZSQuvcitB0pETd8zdChXEtI=",
  },
} as const satisfies ModuleChart;

/**
 * Label in which the provider tells the price of a node in USD per hour.
 *
 * @see https://github.com/kubernetes-sigs/karpenter/blob/v1.14.1/kwok/apis/v1alpha1/labels.go "NodeViewerLabelKey"
 */
export const NODE_PRICE_LABEL = "eks-node-viewer/instance-price";

/** Price of machines of which no price is known, in USD per hour: above any other, so that they are taken last. */
export const UNKNOWN_USD_PER_HOUR = 1_000_000;
