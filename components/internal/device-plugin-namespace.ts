import { POD_SECURITY_VERSION } from "../model/versions";
import { type InputProblem, inputProblem } from "./inputs";

/** Labels of the namespace of a device plugin, whose pods reach into the machine. */
export const privilegedNamespace = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/enforce-version": POD_SECURITY_VERSION,
};

/** Checks that a device plugin does not get a namespace of Kubernetes' own. */
export function checkOwnNamespace(namespace: string): InputProblem[] {
  if (namespace !== "default" && !namespace.startsWith("kube-")) return [];
  const remedy = "The namespace becomes privileged and is deleted with the plugin; give it one of its own.";
  return [inputProblem("namespace", namespace, "a namespace that is not Kubernetes' own", remedy)];
}
