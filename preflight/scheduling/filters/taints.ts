import { TaintEffect, type Taint } from "../../../components/model";
import type { SchedulableNode } from "../node";
import { ObstacleKind, type Obstacle } from "../obstacle";
import type { SchedulablePod, Toleration } from "../pod";

const CORDON: Taint = { key: "node.kubernetes.io/unschedulable", effect: TaintEffect.noSchedule };

/** A cordoned node takes only pods that tolerate the taint which marks it so. */
export function cordonObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  if (node.unschedulable !== true || isTolerated(CORDON, pod.tolerations)) return undefined;
  return { kind: ObstacleKind.unschedulable, message: "node(s) were unschedulable" };
}

/** A node takes only pods that tolerate each of its taints; the first that they do not is the subject. */
export function taintObstacle(pod: SchedulablePod, node: SchedulableNode): Obstacle | undefined {
  const taint = untoleratedTaint(pod, node);
  if (taint === undefined) return undefined;
  return { kind: ObstacleKind.taint, message: "node(s) had untolerated taint(s)", subject: taintText(taint) };
}

/** The first taint of a node that keeps a pod away; `PreferNoSchedule` keeps none away. */
export function untoleratedTaint(pod: SchedulablePod, node: SchedulableNode): Taint | undefined {
  return untoleratedBy(pod.tolerations, node.taints);
}

/** The first of some taints that keeps away whoever tolerates no more than this. */
export function untoleratedBy(tolerations: readonly Toleration[], taints: readonly Taint[]): Taint | undefined {
  for (const taint of taints) {
    if (taint.effect !== TaintEffect.preferNoSchedule && !isTolerated(taint, tolerations)) return taint;
  }
  return undefined;
}

/**
 * Whether any of the tolerations covers a taint. `Gt` and `Lt` cover none: they are behind the feature gate
 * TaintTolerationComparisonOperators, which is off by default.
 *
 * @see https://github.com/kubernetes/api/blob/v0.36.3/core/v1/toleration.go `ToleratesTaint`
 */
export function isTolerated(taint: Taint, tolerations: readonly Toleration[]): boolean {
  for (const { key, operator, value, effect } of tolerations) {
    if (effect !== "" && effect !== taint.effect) continue;
    if (key !== "" && key !== taint.key) continue;
    if (operator === "Exists" || (operator === "Equal" && value === (taint.value ?? ""))) return true;
  }
  return false;
}

/** A taint as `kubectl taint` takes it: `nvidia.com/gpu=present:NoSchedule`. */
export function taintText({ key, value, effect }: Taint): string {
  return value === undefined || value === "" ? `${key}:${effect}` : `${key}=${value}:${effect}`;
}
