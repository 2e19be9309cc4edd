import { CHARTS } from "../../model/versions";
import { type ChartValues, withValues } from "../../rendering";
import { type ChartPartArgs, partResources, systemNodes } from "../part/part-args";

/** Namespace of the JobSet controller where nothing else is asked for, as upstream has it. */
export const JOB_SET_NAMESPACE = "jobset-system";

/**
 * Values of JobSet's chart. The chart in the repository points at a staging image, so the released one is named.
 *
 * @see https://github.com/kubernetes-sigs/jobset/blob/v0.12.0/charts/jobset/values.yaml
 */
export function jobSetValues(args: ChartPartArgs): ChartValues {
  const { platform = {}, replicas = 2, version = CHARTS.jobSet.version } = args;
  const own = {
    fullnameOverride: "jobset",
    image: { repository: "registry.k8s.io/jobset/jobset", tag: `v${version}`, pullPolicy: "IfNotPresent" },
    controller: {
      replicas,
      resources: partResources(args.resources, { cpu: "500m", memory: "512Mi" }),
      nodeSelector: systemNodes(platform),
      podDisruptionBudget: { enabled: replicas > 1, minAvailable: 1 },
    },
    certManager: { enable: platform.certManager ?? false },
    prometheus: { enable: platform.prometheus ?? false },
  };
  return withValues(own, args.values);
}
