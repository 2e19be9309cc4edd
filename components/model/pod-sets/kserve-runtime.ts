import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import type { Others } from "./others";

/** The runtime that serves a model. */
export interface ServingRuntime {
  object: TreeObject;
  spec: TreeObject;
  /** Where its object stands, seen from the service: behind the field that names it or lets KServe choose it. */
  place: string;
}

/** The part of an InferenceService that says which model is served. */
export interface ServedModel {
  /** The component, for example the predictor. */
  component: TreeObject;
  /** The field of the component that has the model: `model`, or an older one that is named like its format. */
  server: string;
  /** Path of the component. */
  path: string;
  /** The namespace of the service; absent where it is not known. */
  namespace?: string | undefined;
}

/** Whether something holds; undefined where a value that is not known yet decides. */
type Truth = boolean | undefined;

/** The protocol that a model speaks which says none, by the field that has it or by its format; others speak v1. */
const PROTOCOLS = new Map([
  ["triton", "v2"],
  ["onnx", "v2"],
  ["huggingface", "v2"],
]);
const PROTOCOLS_OF_FORMATS = new Map([
  ["triton", "v2"],
  ["vLLM", "v2"],
]);

/** KServe prefers the runtimes of which the first of these is one that they speak. */
const PREFERRED_PROTOCOLS = ["v1", "v2", "grpc-v1", "grpc-v2"];

const NAMESPACED = "serving.kserve.io/ServingRuntime";
const CLUSTER = "serving.kserve.io/ClusterServingRuntime";

/**
 * The runtime that KServe 0.20 takes for a model: the one that the model names, or the best of those that choose
 * themselves for its format, of the namespace before those of the whole cluster. Of two that are equally good KServe takes
 * the newer one; as that is not known here, the names decide then, as they do for KServe among runtimes of one age.
 *
 * @returns undefined where none is at hand that KServe would take, or where values that are not known yet decide.
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/apis/serving/v1beta1/predictor_model.go
 */
export function servingRuntime(model: ServedModel, others: Others): ServingRuntime | undefined {
  const { component, server, path, namespace } = model;
  const runtime = server === "model" ? (childAt(component.model, "runtime") ?? "") : "";
  const at = `${path}.${server}`;
  if (runtime !== "") {
    const named = others.named(NAMESPACED, runtime, namespace) ?? others.named(CLUSTER, runtime);
    if (named === undefined || mayServe(named, model, true) === false) return undefined;
    return servingRuntimeAt(named, `${at}.runtime`);
  }
  for (const kind of [NAMESPACED, CLUSTER]) {
    const candidates = others
      .all(kind, namespace)
      .map((object) => ({ object, serves: mayServe(object, model, false) }));
    if (candidates.some(({ serves }) => serves === undefined)) return undefined;
    const [best] = candidates
      .filter(({ serves }) => serves)
      .map(({ object }) => object)
      .sort(byPreference(formatOf(model)));
    if (best !== undefined) return servingRuntimeAt(best, server === "model" ? `${at}.modelFormat` : at);
  }
  return undefined;
}

/** Tells whether KServe lets a runtime serve a model that names it. */
export function isServedBy(model: ServedModel, { object }: ServingRuntime): boolean {
  return mayServe(object, model, true) !== false;
}

function servingRuntimeAt(object: TreeObject, field: string): ServingRuntime {
  return { object, spec: objectAt(object, "spec") ?? {}, place: `${field}#` };
}

function mayServe(runtime: TreeObject, model: ServedModel, isNamed: boolean): Truth {
  const spec = childAt(runtime, "spec");
  const speaks = isNamed ? givenProtocol(model) : (givenProtocol(model) ?? "v1");
  const always = [not(flag(spec, "disabled")), supportsProtocol(spec, speaks), supportsFormat(spec, model, isNamed)];
  if (isNamed) return all(always);
  const hasWorkers = isThere(childAt(spec, "workerSpec"));
  const isSpread = isThere(childAt(model.component, "workerSpec"));
  return all([...always, not(flag(spec, "multiModel")), equal(hasWorkers, isSpread)]);
}

function formatOf({ component, server }: ServedModel): Tree {
  return server === "model" ? childAt(childAt(component.model, "modelFormat"), "name") : server;
}

function givenProtocol(model: ServedModel): Tree {
  const { component, server } = model;
  const format = formatOf(model);
  const byFormat = typeof format === "string" ? PROTOCOLS_OF_FORMATS.get(format) : undefined;
  return childAt(component[server], "protocolVersion") ?? PROTOCOLS.get(server) ?? byFormat;
}

/** Runtimes that name no protocol speak any. */
function supportsProtocol(spec: Tree, protocol: Tree): Truth {
  const spoken = childAt(spec, "protocolVersions");
  if (isUnknown(spoken)) return undefined;
  if (protocol === undefined || !Array.isArray(spoken) || spoken.length === 0) return true;
  return any(spoken.map((version) => equal(version, protocol)));
}

/** A model that names a version wants exactly this one; without it any will do. */
function supportsFormat(spec: Tree, model: ServedModel, isNamed: boolean): Truth {
  const formats = childAt(spec, "supportedModelFormats");
  if (isUnknown(formats)) return undefined;
  const version = model.server === "model" ? childAt(childAt(model.component.model, "modelFormat"), "version") : null;
  return any(
    (Array.isArray(formats) ? formats : []).map((format) =>
      all([
        isNamed || flag(format, "autoSelect"),
        equal(childAt(format, "name"), formatOf(model)),
        (version ?? undefined) === undefined || equal(childAt(format, "version"), version),
      ]),
    ),
  );
}

/** The best one first: by the priority that it gives itself for the format, by protocol, by name. */
function byPreference(format: Tree): (a: TreeObject, b: TreeObject) => number {
  const rankOf = (runtime: TreeObject): [priority: number, protocol: number, name: string] => {
    const spec = childAt(runtime, "spec");
    const own = arrayAt(spec, "supportedModelFormats").find((other) => childAt(other, "name") === format);
    const priority = childAt(own, "priority");
    const spoken = arrayAt(spec, "protocolVersions").map((version) =>
      PREFERRED_PROTOCOLS.findIndex((protocol) => protocol === version),
    );
    const known = spoken.filter((index) => index !== -1);
    return [
      typeof priority === "number" ? -priority : Infinity,
      Math.min(PREFERRED_PROTOCOLS.length, ...known),
      stringAt(childAt(runtime, "metadata"), "name") ?? "",
    ];
  };
  return (a, b) => {
    const [ranksOfA, ranksOfB] = [rankOf(a), rankOf(b)];
    const differs = ranksOfA.findIndex((rank, index) => rank !== ranksOfB[index]);
    return differs === -1 ? 0 : ranksOfA[differs]! < ranksOfB[differs]! ? -1 : 1;
  };
}

function isThere(node: Tree): Tree {
  return isUnknown(node) ? node : isTreeObject(node);
}

function flag(node: Tree, key: string): Truth {
  const value = childAt(node, key);
  return isUnknown(value) ? undefined : value === true;
}

function equal(a: Tree, b: Tree): Truth {
  return isUnknown(a) || isUnknown(b) ? undefined : a === b;
}

function not(truth: Truth): Truth {
  return truth === undefined ? undefined : !truth;
}

function all(truths: Truth[]): Truth {
  if (truths.includes(false)) return false;
  return truths.includes(undefined) ? undefined : true;
}

function any(truths: Truth[]): Truth {
  if (truths.includes(true)) return true;
  return truths.includes(undefined) ? undefined : false;
}
