import { KubernetesObjectApi, type KubeConfig, type KubernetesObject, PatchStrategy } from "@kubernetes/client-node";
import { parse } from "yaml";
import { unlessCode } from "../../cluster/api-errors";
import { asText, type Outputs } from "./outputs";
import { jsonPath } from "./fields";
import type { OutputParameter, ResourceTemplate, StepTemplate } from "./step";

/** An object with all that tells it from others. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

/** Object of a `resource` template as its manifest says; namespaced ones without a namespace are in that of the pod. */
export function objectOf({ manifest = "" }: ResourceTemplate, namespace: string): KubernetesObject {
  const object = parse(manifest, { version: "1.1" }) as KubernetesObject | null;
  if (object?.apiVersion === undefined || object.kind === undefined) {
    throw new Error("the manifest has no apiVersion or no kind");
  }
  object.metadata ??= {};
  object.metadata.namespace ??= namespace;
  return object;
}

type Action = (api: KubernetesObjectApi, object: KubernetesObject, template: ResourceTemplate) => Promise<unknown>;

const STRATEGIES: Record<string, PatchStrategy> = {
  strategic: PatchStrategy.StrategicMergePatch,
  merge: PatchStrategy.MergePatch,
};

/** What each action asks of the API server, which is what `kubectl` asks, so that missing rights show. */
const ACTIONS: Record<string, Action> = {
  create: (api, object) => api.create(object),
  apply: async (api, object) => {
    const existing = await api.read(referenceOf(object)).catch(unlessCode(404));
    if (existing === undefined) return api.create(object);
    return api.patch(object, undefined, undefined, "argoexec", true, PatchStrategy.ServerSideApply);
  },
  patch: (api, object, { mergeStrategy = "strategic" }) => {
    const strategy = STRATEGIES[mergeStrategy];
    if (strategy === undefined) throw new Error(`patches by the merge strategy ${mergeStrategy} are not simulated`);
    return api.patch(object, undefined, undefined, undefined, undefined, strategy);
  },
  get: (api, object) => api.read(referenceOf(object)),
  delete: (api, object) => api.delete(object).catch(unlessCode(404)),
};

/** Does to the object what the template says. @returns the object; undefined where it was deleted. */
export async function act(
  config: KubeConfig,
  template: ResourceTemplate,
  namespace: string,
): Promise<ObjectReference | undefined> {
  const { action, flags = [], manifestFrom } = template;
  const perform = ACTIONS[action];
  if (perform === undefined) throw new Error(`the action ${action} is not simulated`);
  if (flags.length > 0 || manifestFrom) throw new Error("flags and manifests from artifacts are not simulated");
  const object = await perform(KubernetesObjectApi.makeApiClient(config), objectOf(template, namespace), template);
  return action === "delete" ? undefined : referenceOf(object as KubernetesObject);
}

/** Reads an object as it is now. */
export function read(config: KubeConfig, reference: ObjectReference): Promise<KubernetesObject> {
  return KubernetesObjectApi.makeApiClient(config).read(reference);
}

/** Output parameters that a `resource` template reads from its object; those of a template without an object are defaults. */
export function outputsOfObject(object: KubernetesObject | undefined, { outputs }: StepTemplate): Outputs | undefined {
  const parameters = outputs?.parameters ?? [];
  if (parameters.length === 0) return undefined;
  return { parameters: parameters.map((each) => ({ name: each.name, value: valueOf(object, each) })) };
}

function valueOf(object: KubernetesObject | undefined, { name, value, valueFrom = {} }: OutputParameter): string {
  if (object === undefined) return asText(valueFrom.default ?? value ?? "");
  if (valueFrom.jsonPath !== undefined) return jsonPath(object, valueFrom.jsonPath);
  if (valueFrom.jqFilter === undefined) return asText(value ?? "");
  throw new Error(`the output parameter ${name} has a jqFilter, which is not simulated: a jsonPath is`);
}

function referenceOf({ apiVersion = "", kind = "", metadata = {} }: KubernetesObject): ObjectReference {
  const { name = "", namespace } = metadata;
  return { apiVersion, kind, metadata: { name, ...(namespace === undefined ? {} : { namespace }) } };
}
