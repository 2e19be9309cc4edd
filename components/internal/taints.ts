import { type Taint, TaintEffect } from "../model";
import { checkEnum, checkLabelKey, checkLabelValue } from "./checks";
import type { InputProblem } from "./inputs";

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
export function checkTaintSyntax(path: string, taints: (Taint | Toleration)[] = []): InputProblem[] {
  return taints.flatMap(({ key, value, effect }, index) => [
    ...checkLabelKey(`${path}[${index}].key`, key),
    ...checkLabelValue(`${path}[${index}].value`, value),
    ...checkEnum(`${path}[${index}].effect`, effect, TaintEffect),
  ]);
}
