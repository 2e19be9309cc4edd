import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import type { Others } from "./others";
import type { Placed } from "./parts";
import { patched } from "./patch";
import type { ServedModel } from "./kserve-runtime";

/** The container that fetches a model before it is served. */
const NAME = "storage-initializer";

/** Models that are mounted rather than fetched. */
const MOUNTED = /^(pvc|oci(\+\w+)?):\/\//;

/** Amounts of the container by their names in the configuration of KServe. */
const AMOUNTS: [field: string, side: string, resource: string][] = [
  ["cpuRequest", "requests", "cpu"],
  ["memoryRequest", "requests", "memory"],
  ["cpuLimit", "limits", "cpu"],
  ["memoryLimit", "limits", "memory"],
];

/**
 * The init container that KServe puts before a model server: what its configuration says, changed by the first
 * ClusterStorageContainer that fetches such models, or the one that the component names. Where neither is at hand it is
 * left out: with what KServe ships it asks for 100m of CPU and 100Mi of memory, less than any server beside it.
 *
 * A storage container that knows its models by a pattern is taken for all that begin with the pattern's plain start.
 *
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/webhook/admission/pod/storage_initializer_injector.go
 */
export function storageInitializer(model: ServedModel, others: Others): Placed | undefined {
  const { component, server, path } = model;
  const uris: Tree[] = [
    childAt(component[server], "storageUri"),
    ...arrayAt(component, "storageUris").map((entry) => childAt(entry, "uri")),
  ];
  const fetched = uris.filter((uri) => typeof uri === "string" && !MOUNTED.test(uri));
  const isStored = objectAt(component[server], "storage") !== undefined;
  const isWritten = arrayAt(component, "initContainers").some((container) => childAt(container, "name") === NAME);
  if (isWritten || (fetched.length === 0 && !isStored)) return undefined;
  const field = fetched.length === 0 ? `${path}.${server}.storage` : placeOfUri(model);
  const configured = configuredContainer(others);
  const chosen = storageContainer(component.storageContainerName, fetched[0], others);
  if (configured === undefined && chosen === undefined) return undefined;
  const value = patched(configured ?? {}, { ...chosen, name: NAME });
  return { value, place: `${field}#${chosen === undefined ? "data.storageInitializer" : "spec.container"}` };
}

function placeOfUri({ component, server, path }: ServedModel): string {
  return childAt(component[server], "storageUri") === undefined
    ? `${path}.storageUris`
    : `${path}.${server}.storageUri`;
}

function configuredContainer(others: Others): TreeObject | undefined {
  const text = childAt(objectAt(others.named("/ConfigMap", "inferenceservice-config"), "data"), "storageInitializer");
  const settings = typeof text === "string" ? parsed(text) : undefined;
  if (settings === undefined) return undefined;
  const resources: Record<string, TreeObject> = {};
  for (const [amount, side, resource] of AMOUNTS) {
    const value = settings[amount];
    if (typeof value === "string") resources[side] = { ...resources[side], [resource]: value };
  }
  return { ...(typeof settings.image === "string" ? { image: settings.image } : {}), resources };
}

function parsed(text: string): TreeObject | undefined {
  try {
    const settings = JSON.parse(text) as Tree;
    return isTreeObject(settings) ? settings : undefined;
  } catch {
    return undefined;
  }
}

function storageContainer(name: Tree, uri: Tree, others: Others): TreeObject | undefined {
  const candidates = others.all("serving.kserve.io/ClusterStorageContainer").filter((object) => {
    const spec = objectAt(object, "spec");
    const isNamed = typeof name !== "string" || name === "" || stringAt(objectAt(object, "metadata"), "name") === name;
    const isInit = (childAt(spec, "workloadType") ?? "initContainer") === "initContainer";
    return isNamed && isInit && object.disabled !== true && fetches(spec, uri);
  });
  return objectAt(objectAt(candidates[0], "spec"), "container");
}

function fetches(spec: Tree, uri: Tree): boolean {
  return (
    typeof uri === "string" &&
    arrayAt(spec, "supportedUriFormats").some((format) => {
      const prefix = stringAt(format, "prefix") ?? "";
      const start = prefix === "" ? plainStart(stringAt(format, "regex")) : prefix;
      return start !== undefined && uri.startsWith(start);
    })
  );
}

/** What every text begins with that a pattern matches; the last letter before a quantifier may be missing. */
function plainStart(pattern: string | undefined): string | undefined {
  if (pattern?.includes("|")) return "";
  return pattern === undefined ? undefined : /^\^?((?:[\w:/-](?![?*{]))*)/.exec(pattern)?.[1];
}
