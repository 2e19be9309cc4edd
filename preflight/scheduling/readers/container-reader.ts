import { at, textOf, type Field } from "./field";

/**
 * Whether an init container is a sidecar, which runs as long as the pod does.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/ (v1.36)
 */
export function isSidecar(initContainer: Field): boolean {
  return textOf(at(initContainer, "restartPolicy")) === "Always";
}
