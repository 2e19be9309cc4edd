import { isCustomResource, isResourceType, type KubernetesObject } from "./kubernetes-object";

/**
 * Objects that are created together. A later phase is created after an earlier one and deleted before it: what asks a
 * controller (webhooks), and what only a controller can delete (custom resources), never outlives it.
 */
export const PHASES = ["namespaces", "types", "ground", "controllers", "callbacks", "resources"] as const;
/** A name of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

const phaseOfKind: Record<string, Phase> = {
  Namespace: "namespaces",
  Deployment: "controllers",
  StatefulSet: "controllers",
  DaemonSet: "controllers",
  Job: "controllers",
  CronJob: "controllers",
  Pod: "controllers",
  // A Service is ready once pods stand behind it.
  Service: "controllers",
  ValidatingWebhookConfiguration: "callbacks",
  MutatingWebhookConfiguration: "callbacks",
  APIService: "callbacks",
};

/** Group of resources that controllers wait for before they start, as they mount the certificates. */
const CERTIFICATES = "cert-manager.io/";

/** The phase of an object: that of its kind, with RBAC, configuration and the like before controllers. */
export function phaseOf(object: KubernetesObject): Phase {
  if (isResourceType(object)) return "types";
  if (object.apiVersion.startsWith(CERTIFICATES)) return "ground";
  return isCustomResource(object) ? "resources" : (phaseOfKind[object.kind] ?? "ground");
}
