import { getVersion } from "@pulumi/kubernetes/utilities";
import * as pulumi from "@pulumi/pulumi";
import { isResourceType, type KubernetesObject } from "./kubernetes-object";

/** How the objects of a rendering are registered. */
export interface RegistrationOptions {
  parent: pulumi.Resource;
  /** Namespace that is left out of resource names. */
  namespace: string;
  /** Whether no controller runs, so that nothing is to be waited for that only a controller does. */
  simulated: boolean;
  /** Whether somebody answers the API server, and so writes certificates. */
  callsBack: boolean;
  /** Puts outputs where their marks are. */
  fill: (object: KubernetesObject) => KubernetesObject;
}

/** Annotation that makes the Kubernetes provider wait for a condition or a field of an object. */
const WAIT_FOR = "pulumi.com/waitFor";

/** Registers an object as the resource type that the Kubernetes provider has for it. */
export function registerObject(
  name: string,
  object: KubernetesObject,
  options: RegistrationOptions,
  dependsOn: pulumi.Resource[],
): pulumi.CustomResource {
  const { parent, fill } = options;
  const awaited = withWaiting(object, options);
  const filled = fill(awaited);
  const isSecret = object.kind === "Secret";
  const inputs = isSecret ? secretInputs(filled) : filled;
  return new KubernetesResource(typeToken(object), resourceName(name, object, options.namespace), inputs, {
    parent,
    dependsOn,
    version: getVersion(),
    ...(isSecret ? { additionalSecretOutputs: ["data", "stringData"] } : {}),
    ...(isResourceType(object) ? { retainOnDelete: true } : {}),
  });
}

class KubernetesResource extends pulumi.CustomResource {}

/** The provider names the core group, which the API leaves out. */
function typeToken({ apiVersion, kind }: KubernetesObject): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}

function resourceName(prefix: string, { kind, metadata }: KubernetesObject, namespace: string): string {
  const words = kind.replace(/([a-z])([A-Z])/g, "$1-$2").toLowerCase();
  const elsewhere = metadata.namespace === undefined || metadata.namespace === namespace ? [] : [metadata.namespace];
  return [prefix, words, ...elsewhere, metadata.name].join("-");
}

/** Controllers fill Secrets that are empty at first: what is theirs is not written at all, or it would be taken back. */
function secretInputs({ data, stringData, ...rest }: KubernetesObject): pulumi.Inputs {
  const values = Object.entries({ data: data as unknown, stringData: stringData as unknown });
  const given = values.filter(
    ([, value]) => typeof value === "object" && value !== null && Object.keys(value).length > 0,
  );
  return { ...rest, ...Object.fromEntries(given.map(([key, value]) => [key, pulumi.secret(value)])) };
}

/** Annotation that makes the Kubernetes provider not wait for an object. */
const SKIP_AWAIT = "pulumi.com/skipAwait";

/**
 * Types must be established before resources of them come; webhooks have their certificate once a controller wrote it.
 * Behind a Service of simulated pods there is nobody to wait for, and the provider watches each one for ten seconds.
 */
function withWaiting(
  object: KubernetesObject,
  { simulated, callsBack }: Pick<RegistrationOptions, "simulated" | "callsBack">,
): KubernetesObject {
  const awaited = isResourceType(object)
    ? { [WAIT_FOR]: "condition=Established" }
    : simulated && object.kind === "Service"
      ? { [SKIP_AWAIT]: "true" }
      : callsBack && object.kind.endsWith("WebhookConfiguration")
        ? { [WAIT_FOR]: "jsonpath={.webhooks[0].clientConfig.caBundle}" }
        : undefined;
  if (awaited === undefined) return object;
  const { annotations } = object.metadata;
  return { ...object, metadata: { ...object.metadata, annotations: { ...annotations, ...awaited } } };
}
