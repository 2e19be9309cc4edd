import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { without } from "./finder";
import { COMPONENT_FIELDS, MODEL_FIELDS, SERVER } from "./kserve-fields";
import { spreadModel, withGpus, type SpreadModel } from "./kserve-nodes";
import type { ServedModel, ServingRuntime } from "./kserve-runtime";
import { storageInitializer } from "./kserve-storage";
import type { Others } from "./others";
import { merged, mergedMetadata, picked, present } from "./parts";
import { patched, placesOfMerge } from "./patch";
import { joinPaths, type PodSet } from "./pod-set";
import { together } from "./sizes";

/** A model with the runtime that serves it. */
export interface Serving extends ServedModel {
  runtime: ServingRuntime;
  /** The metadata of the service, of which pods take labels and annotations. */
  metadata: Tree;
}

/** Containers of a runtime that are merged with those of a service, by their names. */
const TRANSFORMER = "transformer-container";
const WORKER = "worker-container";

/** Fields of a runtime that go into the pods beside its containers. */
const RUNTIME_POD_FIELDS = ["nodeSelector", "affinity", "tolerations", "volumes", "imagePullSecrets", "schedulerName"];

/** A spec of the runtime and what the service changes in it, with the places of both. */
interface Sides {
  base: TreeObject;
  /** For example `spec.predictor.model.runtime#spec`. */
  basePlace: string;
  change: TreeObject;
  changePlace: string;
}

/** One container of the pods, with the places of what is in it by the path of the container. */
interface PlacedContainer {
  value: TreeObject;
  places: (at: string) => Record<string, string>;
}

/**
 * The pods of a model server, and of the further nodes that it is spread over: those of the runtime with the changes of
 * the service. What a container of the runtime takes from the service by a placeholder stands as it is written, and the
 * variables and tags of images that KServe adds by itself are left out, as nothing of that decides where pods run.
 *
 * @param head the pods as the service describes them.
 * @param workers the same of further nodes, where it has any.
 * @returns undefined where KServe would refuse the runtime for this service, or too little of them is known.
 * @see https://github.com/kserve/kserve/blob/v0.20.0/pkg/controller/v1beta1/inferenceservice/components/predictor.go
 */
export function servedPods(
  serving: Serving,
  head: PodSet,
  workers: PodSet | undefined,
  others: Others,
): PodSet[] | undefined {
  const { component, server, path, runtime } = serving;
  const sides: Sides = {
    base: runtime.spec,
    basePlace: joinPaths(runtime.place, "spec"),
    change: without(component, COMPONENT_FIELDS),
    changePlace: path,
  };
  const containers = serverContainers(sides, component[server], `${path}.${server}`);
  if (containers === undefined) return undefined;
  const whole = withInitializer(podSet(head, sides, containers, serving), serving, others);
  return workers === undefined ? [whole] : spreadPods(serving, whole, workers);
}

/** The pods of the head and of the workers, each with the GPUs that KServe gives them. */
function spreadPods(serving: Serving, head: PodSet, workers: PodSet): PodSet[] | undefined {
  const { component, path, runtime } = serving;
  const own = objectAt(component, "workerSpec") ?? {};
  const sides: Sides = {
    base: objectAt(runtime.spec, "workerSpec") ?? {},
    basePlace: joinPaths(runtime.place, "spec.workerSpec"),
    change: without(own, ["pipelineParallelSize", "tensorParallelSize"]),
    changePlace: `${path}.workerSpec`,
  };
  const [change] = arrayAt(own, "containers");
  const container = mergedContainer(sides, WORKER, change ?? {}, `${path}.workerSpec.containers[0]`);
  const [main] = arrayAt(head.template.spec, "containers");
  if (container === undefined || !isTreeObject(main)) return undefined;
  const spread = spreadModel(runtime.spec, own, main, container.value);
  return spread && [withHeadGpus(head, spread), workerPods(serving, workers, sides, container, spread)];
}

function withHeadGpus(head: PodSet, { headGpus }: SpreadModel): PodSet {
  const containers = arrayAt(head.template.spec, "containers").map((container, index) =>
    index === 0 && isTreeObject(container) ? withGpus(container, headGpus) : container,
  );
  return { ...head, template: { ...head.template, spec: { ...head.template.spec, containers } } };
}

/** KServe makes the workers of one replica, however many heads there are. */
function workerPods(
  serving: Serving,
  workers: PodSet,
  sides: Sides,
  container: PlacedContainer,
  { nodes, workerGpus }: SpreadModel,
): PodSet {
  const value = withGpus(container.value, workerGpus);
  return {
    ...podSet(workers, sides, [{ ...container, value }], serving, "-worker"),
    ...together(Math.max(0, nodes - 1)),
  };
}

/** The pods with everything that both sides say, and with nothing left to another object. */
function podSet(set: PodSet, sides: Sides, containers: PlacedContainer[], serving: Serving, suffix = ""): PodSet {
  const { completedBy: _, ...rest } = set;
  const base = picked(sides.base, RUNTIME_POD_FIELDS);
  const change = present(without(sides.change, ["containers"]));
  const spec = patched(base, change) as TreeObject;
  const placesInside = containers.map(({ places }, index) => places(`spec.containers[${index}]`));
  return {
    ...rest,
    template: {
      metadata: metadataOf(serving, sides.base, suffix),
      spec: { ...spec, containers: containers.map(({ value }) => value) },
    },
    places: Object.assign(
      { spec: sides.changePlace, metadata: serving.path },
      placesOfMerge(base, change, "spec", { base: sides.basePlace, patch: sides.changePlace }),
      ...placesInside,
    ) as Record<string, string>,
  };
}

/** The server first, then what transforms for it, then whatever else the runtime and the component have. */
function serverContainers(sides: Sides, model: Tree, place: string): PlacedContainer[] | undefined {
  if (!isTreeObject(model)) return undefined;
  const server = mergedContainer(sides, SERVER, without(model, MODEL_FIELDS), place);
  if (server === undefined) return undefined;
  const own = arrayAt(sides.change, "containers");
  const transforming = own.findIndex((container) => childAt(container, "name") === TRANSFORMER);
  const transformer =
    mergedContainer(sides, TRANSFORMER, own[transforming], `${sides.changePlace}.containers[${transforming}]`) ??
    writtenContainers(own, sides.changePlace)[transforming];
  return [
    { ...server, value: withVersion(server.value, childAt(model, "runtimeVersion")) },
    ...(transformer === undefined ? [] : [transformer]),
    ...writtenContainers(arrayAt(sides.base, "containers"), sides.basePlace).filter(
      (container) => !isNamed(container, SERVER) && !isNamed(container, TRANSFORMER),
    ),
    ...writtenContainers(own, sides.changePlace).filter((container) => !isNamed(container, TRANSFORMER)),
  ];
}

/** What stands in a list of containers may be anything. */
function isNamed({ value }: PlacedContainer, name: string): boolean {
  return childAt(value, "name") === name;
}

function writtenContainers(containers: Tree[], place: string): PlacedContainer[] {
  return containers.map((container, index) => ({
    value: container as TreeObject,
    places: (at) => ({ [at]: `${place}.containers[${index}]` }),
  }));
}

/** A container of the runtime with changes, of which the arguments come behind its own; as it is where there are none. */
function mergedContainer(
  { base, basePlace }: Sides,
  name: string,
  changes: Tree,
  place: string,
): PlacedContainer | undefined {
  const containers = arrayAt(base, "containers");
  const index = containers.findIndex((container) => childAt(container, "name") === name);
  const container = containers[index];
  if (!isTreeObject(container)) return undefined;
  if (changes === undefined) return writtenContainers(containers, basePlace)[index];
  if (!isTreeObject(changes)) return undefined;
  const written = `${basePlace}.containers[${index}]`;
  const change = present(changes);
  const value = patched(container, change.name === "" ? without(change, ["name"]) : change) as TreeObject;
  const args = joinedArguments(container.args, change.args);
  return {
    value: args === undefined ? value : { ...value, args },
    places: (at) => ({
      [at]: place,
      ...placesOfMerge(container, change, at, { base: written, patch: place }),
    }),
  };
}

function joinedArguments(base: Tree, change: Tree): Tree {
  if (isUnknown(base) || isUnknown(change)) return UNKNOWN;
  const lists = [base, change].filter((list) => Array.isArray(list));
  return lists.length === 0 ? undefined : lists.flat();
}

/** A version of the runtime takes the place of the image's tag, but for images that are named by their digest. */
function withVersion(container: TreeObject, version: Tree): TreeObject {
  const { image } = container;
  if ((version ?? undefined) === undefined || typeof image !== "string" || image.includes("@sha256:")) return container;
  return {
    ...container,
    image: typeof version === "string" ? `${image.replace(/:[\w.-]*$/, "")}:${version}` : UNKNOWN,
  };
}

/** Labels and annotations of the runtime, the service and its component, and what KServe finds its pods by. */
function metadataOf({ metadata, component }: Serving, runtimeSpec: TreeObject, suffix: string): TreeObject {
  const name = stringAt(metadata, "name");
  const own = stringAt(component, "name") ?? "";
  const workload = [name, own, "predictor"].filter((part) => part !== "").join("-");
  const labels: TreeObject = {
    "serving.kserve.io/inferenceservice": name ?? UNKNOWN,
    component: "predictor",
    app: name === undefined ? UNKNOWN : `isvc.${workload}${suffix}`,
  };
  return merged([mergedMetadata(runtimeSpec, metadata, component, { labels })]);
}

function withInitializer(set: PodSet, serving: Serving, others: Others): PodSet {
  const initializer = storageInitializer(serving, others);
  const { spec } = set.template;
  if (initializer === undefined || isUnknown(spec.initContainers)) return set;
  const initContainers: Tree[] = [...arrayAt(spec, "initContainers"), initializer.value];
  return {
    ...set,
    template: { ...set.template, spec: { ...spec, initContainers } },
    places: { ...set.places, [`spec.initContainers[${initContainers.length - 1}]`]: initializer.place ?? "" },
  };
}
