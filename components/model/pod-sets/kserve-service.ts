import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown, UNKNOWN } from "../unknown";
import { spotsAt, unknownPods, without, type Search } from "./finder";
import { COMPONENT_FIELDS, MODEL_FIELDS, MODEL_SERVERS, SERVER } from "./kserve-fields";
import { servedPods, type Serving } from "./kserve-model";
import { isServedBy, servingRuntime, type ServedModel, type ServingRuntime } from "./kserve-runtime";
import { namespaceOf } from "./others";
import { completedElsewhere, mergedMetadata } from "./parts";
import { patched } from "./patch";
import type { PodSet } from "./pod-set";
import { alone, countAt, scaled, together } from "./sizes";

/** A component of a service: what it is, and what it is completed by. */
interface Component {
  tree: Tree;
  path: string;
  role: string;
  count: number | undefined;
  /** The pods of its model server, as the runtime completes them; undefined where that is not at hand. */
  served?: (model: ServedModel, head: PodSet, workers: PodSet | undefined) => PodSet[] | undefined;
}

/**
 * The pods of an InferenceService. Those of a model server come from a runtime: where KServe would take one that is at
 * hand, they are those of the runtime with the changes of the service; else all that is known is what the service says.
 */
export function inferenceServicePods(object: Tree, { others }: Search): PodSet[] {
  const metadata = childAt(object, "metadata");
  const mode = stringAt(childAt(metadata, "annotations"), "serving.kserve.io/deploymentMode") ?? "";
  const isKnative = ["Knative", "Serverless"].includes(mode);
  const spec = childAt(object, "spec");
  const stable = childAt(spec, "predictor");
  let ofStable: ServingRuntime | undefined;

  const servedBy =
    (choose: (model: ServedModel) => ServingRuntime | undefined): Component["served"] =>
    (model, head, workers) => {
      const runtime = choose({ ...model, namespace: namespaceOf(object) });
      const serving: Serving = { ...model, metadata, runtime: runtime! };
      return runtime && servedPods(serving, head, workers, others);
    };
  const chosen = (model: ServedModel) => (ofStable = servingRuntime(model, others));
  // A canary that names no runtime has the one that was taken for the predictor.
  const chosenBefore = (model: ServedModel) => {
    const names = (childAt(model.component.model, "runtime") ?? "") !== "";
    return names || ofStable === undefined || !isServedBy(model, ofStable) ? servingRuntime(model, others) : ofStable;
  };

  const components = ["predictor", "transformer", "explainer"].flatMap((role) => {
    const tree = childAt(spec, role);
    const served = role === "predictor" ? { served: servedBy(chosen)! } : {};
    return componentPods({ tree, path: `spec.${role}`, role, count: replicasOf(tree, isKnative), ...served });
  });
  const canaries = spotsAt(object, "spec.canary[]").flatMap(({ node, path }) => {
    // A canary is the predictor on one node with some changes, and never scales by itself.
    const base = isTreeObject(stable) ? without(stable, ["maxReplicas", "minReplicas", "workerSpec"]) : {};
    const tree = patched(base, childAt(node, "predictor"));
    const count = canaryReplicas(node, stable);
    return componentPods({ tree, path: `${path}.predictor`, role: "canary", count, served: servedBy(chosenBefore)! });
  });
  return [...components, ...canaries];
}

function componentPods({ tree, path, role, count, served }: Component): PodSet[] {
  if (isUnknown(tree)) return [unknownPods(path)];
  if (!isTreeObject(tree)) return [];
  const server = MODEL_SERVERS.find((name) => (tree[name] ?? undefined) !== undefined);
  const spec = without(tree, COMPONENT_FIELDS);
  const template = {
    metadata: mergedMetadata(tree),
    spec: server === undefined ? spec : withServer(tree, server),
  };
  const containers = arrayAt(template.spec, "containers").length;
  const hasWorkers = objectAt(tree, "workerSpec") !== undefined;
  const head: PodSet = {
    path,
    role,
    ...alone(count),
    ...(hasWorkers ? { gang: path } : {}),
    template,
    ...(server === undefined ? {} : { completedBy: `${path}.${server}` }),
    places: {
      spec: path,
      metadata: path,
      ...(server === undefined ? {} : { [`spec.containers[${containers - 1}]`]: `${path}.${server}` }),
    },
  };
  const workers = workerPods(tree, path);
  const whole = server === undefined ? undefined : served?.({ component: tree, server, path }, head, workers);
  return whole ?? [head, ...(workers === undefined ? [] : [workers])];
}

/** Pods of further nodes that a model is spread over, of which there are those of one replica however many it has. */
function workerPods(component: TreeObject, path: string): PodSet | undefined {
  const workers = objectAt(component, "workerSpec");
  if (workers === undefined) return undefined;
  const nodes = countAt(workers, "pipelineParallelSize", undefined);
  return {
    path: `${path}.workerSpec`,
    role: "worker",
    ...together(nodes === undefined ? undefined : Math.max(0, nodes - 1)),
    gang: path,
    template: {
      metadata: {},
      spec: completedElsewhere(without(workers, ["pipelineParallelSize", "tensorParallelSize"])),
    },
    completedBy: `${path}.model.runtime`,
    places: { spec: `${path}.workerSpec` },
  };
}

/** The server is a container beside those that are written out; its image comes from the runtime. */
function withServer(component: TreeObject, server: string): TreeObject {
  const fields = objectAt(component, server);
  const container: Tree = fields && { resources: UNKNOWN, ...without(fields, MODEL_FIELDS), name: SERVER };
  const spec = completedElsewhere(without(component, COMPONENT_FIELDS));
  return { ...spec, containers: [...arrayAt(component, "containers"), container ?? UNKNOWN] };
}

/** How many pods a component may have at once; with Knative, a maximum of 0 is none. */
export function replicasOf(component: Tree, isKnative: boolean): number | undefined {
  const isUnlimited = isKnative && (countAt(component, "maxReplicas", 0) ?? 0) === 0;
  return isUnlimited ? undefined : scaled(component, "minReplicas", "maxReplicas");
}

function canaryReplicas(canary: Tree, stable: Tree): number | undefined {
  const predictor = childAt(canary, "predictor");
  if (childAt(predictor, "minReplicas") !== undefined) return countAt(predictor, "minReplicas", undefined);
  const [replicas, percent] = [countAt(stable, "minReplicas", 1), countAt(canary, "trafficPercent", undefined)];
  return replicas === undefined || percent === undefined ? undefined : Math.ceil((replicas * percent) / 100);
}
