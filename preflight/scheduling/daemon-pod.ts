import { arrayAt, childAt, isUnknown, TaintEffect, type PodTemplate, type TreeObject } from "../../components/model";
import type { SchedulablePod } from "./pod";
import { schedulablePod, type PodContext } from "./pod-reader";

/** Taints of nodes in trouble, which the controller of DaemonSets makes their pods tolerate. */
const TOLERATED: readonly (readonly [condition: string, effect: TaintEffect])[] = [
  ["not-ready", TaintEffect.noExecute],
  ["unreachable", TaintEffect.noExecute],
  ["disk-pressure", TaintEffect.noSchedule],
  ["memory-pressure", TaintEffect.noSchedule],
  ["pid-pressure", TaintEffect.noSchedule],
  ["unschedulable", TaintEffect.noSchedule],
];

/** Tolerated as well by pods that do without the network of pods. */
const NETWORK_UNAVAILABLE = ["network-unavailable", TaintEffect.noSchedule] as const;

/**
 * The pods of a DaemonSet as the scheduler sees them, without the node that each is made for.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations (v1.36)
 */
export function daemonPod(template: PodTemplate, context: PodContext): SchedulablePod {
  const { spec } = template;
  const network = childAt(spec, "hostNetwork");
  const onNodeNetwork = network === true || isUnknown(network);
  const conditions = onNodeNetwork ? [...TOLERATED, NETWORK_UNAVAILABLE] : TOLERATED;
  const added = conditions.map(([condition, effect]): TreeObject => ({
    key: `node.kubernetes.io/${condition}`,
    operator: "Exists",
    effect,
  }));
  const own = childAt(spec, "tolerations");
  const tolerations = isUnknown(own) ? own : [...arrayAt(spec, "tolerations"), ...added];
  const pod = schedulablePod({ ...template, spec: { ...spec, tolerations } }, context);
  const unknownPaths = isUnknown(network) ? new Set([...pod.unknownPaths, "spec.hostNetwork"]) : pod.unknownPaths;
  return { ...pod, unknownPaths: [...unknownPaths] };
}
