import { checkEnum, checkLabelKey, checkLabelValue } from "./checks";
import type { InputProblem } from "./inputs";

/** What a taint does to pods that do not tolerate it. */
export const TaintEffect = {
  /** Keeps new pods away. */
  noSchedule: "NoSchedule",
  /** Keeps new pods away where there is room elsewhere. */
  preferNoSchedule: "PreferNoSchedule",
  /** Keeps new pods away and evicts running ones. */
  noExecute: "NoExecute",
} as const;
/** What a taint does to pods that do not tolerate it. */
export type TaintEffect = (typeof TaintEffect)[keyof typeof TaintEffect];

/** A taint that every node of a pool carries, in Kubernetes spelling. */
export interface PoolTaint {
  /** Label key, for example `example.com/team`. */
  key: string;
  /** Label value; none by default. */
  value?: string;
  /** What happens to pods that do not tolerate the taint. */
  effect: TaintEffect;
}

/** Lets pods onto nodes that carry a taint. */
export interface Toleration {
  /** Key of the tolerated taint. */
  key: string;
  /** Value of the tolerated taint; every value of the key by default. */
  value?: string;
  /** Effect of the tolerated taint; every effect by default. */
  effect?: TaintEffect;
}

/** A toleration as pod specs spell it. */
export function renderToleration(toleration: Toleration) {
  return { ...toleration, operator: toleration.value === undefined ? "Exists" : "Equal" };
}

/** Checks the syntax of taints and tolerations alike. */
export function checkTaintSyntax(path: string, taints: (PoolTaint | Toleration)[] = []): InputProblem[] {
  return taints.flatMap(({ key, value, effect }, index) => [
    ...checkLabelKey(`${path}[${index}].key`, key),
    ...checkLabelValue(`${path}[${index}].value`, value),
    ...checkEnum(`${path}[${index}].effect`, effect, TaintEffect),
  ]);
}
