/** Resource types of parts that the drain leaves alone. */
export interface TypesLeftAlone {
  /** API groups, or single types by their full name. */
  types: string[];
  /** Why, as a clause. */
  because: string;
}

/** What the drain leaves alone, with the reason. */
export const TYPES_LEFT_ALONE: TypesLeftAlone[] = [
  {
    types: ["profiles.kubeflow.org"],
    because: "with a Profile goes its namespace with all that is in it",
  },
  {
    types: ["extensions.istio.io", "networking.istio.io", "security.istio.io", "telemetry.istio.io"],
    because: "no controller has to let them go, and doors would open while something is behind them",
  },
  {
    types: ["monitoring.coreos.com"],
    because: "no controller has to let them go, and alarms are worth most while things go down",
  },
  {
    types: [
      "verticalpodautoscalercheckpoints.autoscaling.k8s.io",
      "localmodelnodes.serving.kserve.io",
      "nodefeatures.nfd.k8s-sigs.io",
    ],
    because: "controllers make them again as long as they live",
  },
  {
    types: [
      "localmodelnodegroups.serving.kserve.io",
      "metacontroller.k8s.io",
      "app.k8s.io",
      "nvidia.com",
      "nfd.k8s-sigs.io",
    ],
    because: "they configure parts, and only parts bring any",
  },
  {
    types: ["karpenter.sh", "karpenter.k8s.aws", "autoscaling.x-k8s.io"],
    because: "machines are drained in a step of their own",
  },
];
