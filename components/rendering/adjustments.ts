import { type Adjustment, CRD_KIND, type KubernetesObject } from "./kubernetes-object";

/** Annotation of what Helm runs at certain moments of a release, and Pulumi does not. */
const HOOK_ANNOTATION = "helm.sh/hook";

/** Does one adjustment after the other. */
export function inTurn(...adjustments: Adjustment[]): Adjustment {
  return (objects) => adjustments.reduce((given, adjust) => adjust(given), objects);
}

/** Leaves out what a test says. */
export function without(test: (object: KubernetesObject) => boolean): Adjustment {
  return (objects) => objects.filter((object) => !test(object));
}

/** Leaves out all objects of some kinds. */
export function withoutKinds(...kinds: string[]): Adjustment {
  return without(({ kind }) => kinds.includes(kind));
}

/** Changes each object of a kind; with a name, that one only. What it is given is a copy, which it may change. */
export function edit(kind: string, name: string | undefined, change: (object: KubernetesObject) => void): Adjustment {
  return (objects) =>
    objects.map((object) => {
      if (object.kind !== kind || (name !== undefined && object.metadata.name !== name)) return object;
      const copy = structuredClone(object);
      change(copy);
      return copy;
    });
}

/** Tells whether an object is run by Helm at certain moments of a release, and so belongs to no release. */
export function isHook({ metadata }: KubernetesObject): boolean {
  return metadata.annotations?.[HOOK_ANNOTATION] !== undefined;
}

/**
 * Leaves out what Helm alone would run, at moments that only Helm has. What a hook would have done is done by the part
 * itself, or not needed; its documentation page says which.
 */
export const withoutHooks: Adjustment = without(isHook);

/** Kinds that make the API server ask a program of the platform. */
const askingKinds = ["ValidatingWebhookConfiguration", "MutatingWebhookConfiguration", "APIService"];

/**
 * Leaves out what makes the API server ask a controller, for clusters on which no controller runs: each request would wait
 * for an answer and then fail.
 */
export const withoutCallbacks: Adjustment = inTurn(
  withoutKinds(...askingKinds),
  edit(CRD_KIND, undefined, ({ spec }) => {
    const conversion = spec as { conversion?: { strategy?: string } };
    if (conversion.conversion?.strategy === "Webhook") delete conversion.conversion;
  }),
);

/**
 * Leaves out empty certificates and what only a cluster itself writes, so that what controllers write at run time is theirs
 * and is not taken back by the next update.
 */
export const withoutRuntimeFields: Adjustment = (objects) =>
  objects.map((object) => {
    const copy = structuredClone(object);
    delete copy["status"];
    delete (copy.metadata as { creationTimestamp?: unknown }).creationTimestamp;
    for (const webhook of (copy["webhooks"] ?? []) as { clientConfig?: { caBundle?: string } }[]) {
      if (isBlank(webhook.clientConfig?.caBundle)) delete webhook.clientConfig?.caBundle;
    }
    return copy;
  });

/** Some charts write a line feed or `Cg==`, its Base64, where a certificate will be. */
function isBlank(bundle: string | undefined): boolean {
  return bundle !== undefined && ["", "Cg=="].includes(bundle.trim());
}
