import { checkDnsLabel, type InputProblem, inputProblem } from "../../../internal";
import type { LockArgs } from "../definition";

/** Checks what must be free before something starts. */
export function checkLocks(path: string, { mutexes = [], semaphores = [] }: LockArgs): InputProblem[] {
  const at = path === "" ? "" : `${path}.`;
  return [
    ...mutexes.flatMap((name, index) => checkDnsLabel(`${at}mutexes[${index}]`, name)),
    ...semaphores.flatMap(({ configMap, key }, index) => [
      ...checkDnsLabel(`${at}semaphores[${index}].configMap`, configMap),
      ...(/^[-._A-Za-z0-9]+$/.test(key)
        ? []
        : [inputProblem(`${at}semaphores[${index}].key`, key, "a key of the ConfigMap", "Name the key.")]),
    ]),
  ];
}
