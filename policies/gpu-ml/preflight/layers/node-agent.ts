import { childAt, isTreeObject, UNKNOWN, type Tree } from "../../../../components/model";
import type { PodGroup } from "../../../engine/pods";
import type { Subject } from "../../../engine/subject";
import { allOf, anyOf, not, type Truth } from "../../../engine/truth";
import { repels } from "../../taint";
import { isTolerated } from "../../toleration";
import { taintsOf } from "./flavors";
import { isSelected } from "../../stack/node-selection";
import type { StackPool, StackPools } from "../../stack/node-labels";

/** Something that runs on nodes to make their devices known, with its pods. */
export interface NodeAgent {
  subject: Subject;
  /** Whether it is there and switched on. */
  isOn: Truth;
  spec: Tree;
  /** Where its pods say which nodes they run on, and what they tolerate. */
  selectionPath: string;
  tolerationsPath: string;
}

/** Whether an agent runs on the nodes of a pool, and what keeps it off. */
export interface Reach {
  agent: NodeAgent;
  isSelected: Truth;
  /** The first taint that keeps it off for certain. */
  taint: Tree;
  reaches: Truth;
}

/** Tells whether an agent runs on the nodes of a pool, where it is switched on. */
export function reachOf(agent: NodeAgent, pool: StackPool, stack: StackPools): Reach {
  const tolerations = childAt(agent.spec, "tolerations");
  const taints = taintsOf(pool).map((taint): { taint: Tree; keepsOff: Truth } => ({
    taint,
    keepsOff: allOf([repels(taint), not(isTolerated(tolerations, taint))]),
  }));
  const selected = isSelected(podsWith(agent.spec), pool, stack);
  return {
    agent,
    isSelected: selected,
    taint: taints.find(({ keepsOff }) => keepsOff === true)?.taint,
    reaches: allOf([agent.isOn, selected, not(anyOf(taints.map(({ keepsOff }) => keepsOff)))]),
  };
}

/** The agent of a DaemonSet. */
export function agentOf(subject: Subject, isOn: Truth, pods: PodGroup | undefined): NodeAgent {
  const path = pods?.path ?? "spec.template";
  return {
    subject,
    isOn,
    spec: pods?.spec ?? UNKNOWN,
    selectionPath: `${path}.spec.${hasAffinity(pods) ? "affinity" : "nodeSelector"}`,
    tolerationsPath: `${path}.spec.tolerations`,
  };
}

function hasAffinity(pods: PodGroup | undefined): boolean {
  return isTreeObject(childAt(pods?.spec, "affinity"));
}

/** Pods of an agent that have this spec. */
export function podsWith(spec: Tree): PodGroup {
  return { path: "", count: undefined, minCount: 1, template: { metadata: {}, spec: {} }, spec };
}
