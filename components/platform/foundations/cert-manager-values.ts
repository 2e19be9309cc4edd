import { type ChartValues, withValues } from "../../rendering";
import { type ChartPartArgs, partResources, systemNodes } from "../part/part-args";

/** Namespace of cert-manager where nothing else is asked for, as upstream has it. */
export const CERT_MANAGER_NAMESPACE = "cert-manager";

/** Seconds that the API server waits for cert-manager's webhook: a tenth of a minute rather than half of one, upstream's. */
const WEBHOOK_TIMEOUT = 10;

/**
 * Values of cert-manager's chart: three programs, each with a second pod. The check that Helm runs after an installation is
 * a hook, and of no use here: to wait for the part is to wait for its webhook.
 *
 * @see https://github.com/cert-manager/cert-manager/blob/v1.21.1/deploy/charts/cert-manager/values.yaml
 */
export function certManagerValues(args: ChartPartArgs): ChartValues {
  const { platform = {}, namespace = CERT_MANAGER_NAMESPACE, replicas = 2 } = args;
  const program = (resources: ReturnType<typeof partResources>) => ({
    replicaCount: replicas,
    podDisruptionBudget: { enabled: replicas > 1 },
    nodeSelector: systemNodes(platform),
    resources,
  });
  const resources = partResources(args.resources, { cpu: "50m", memory: "512Mi" });
  const own = {
    ...program(resources),
    crds: { enabled: true, keep: true },
    // By default the election is held in `kube-system`, where it needs rights of its own.
    global: { leaderElection: { namespace } },
    webhook: {
      ...program(partResources(undefined, { cpu: "50m", memory: "128Mi" })),
      timeoutSeconds: WEBHOOK_TIMEOUT,
    },
    // It keeps every Secret and every webhook of the cluster in memory, as the controller does.
    cainjector: program(resources),
    startupapicheck: { enabled: false },
    prometheus: { enabled: true, servicemonitor: { enabled: platform.prometheus ?? false } },
  };
  return withValues(own, args.values);
}
