import {
  arrayAt,
  childAt,
  isTreeObject,
  isUnknown,
  joinPaths,
  nodeAt,
  UNKNOWN,
  type Tree,
} from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { anyOf, isOneOf, type Truth } from "../../engine/truth";
import { asksForGpu } from "../gpu-resource";
import { MODEL_SERVERS } from "./model-sources";
import { objectsOf, type NestedObject } from "./nested-objects";

const ROLES = ["predictor", "transformer", "explainer"];
const MODE = "serving.kserve.io/deploymentMode";

/** One predictor, transformer or explainer of an InferenceService. */
export interface ServiceComponent {
  path: string;
  tree: Tree;
  /** Whether Knative serves it, as far as the annotations of the service say; else KServe's settings decide. */
  isKnative: Truth;
  /** Path of the annotation that says so. */
  modePath: string;
}

/** The inference services that a resource is or creates. */
export function inferenceServicesOf(subject: Subject): NestedObject[] {
  return objectsOf(subject).filter(({ kind }) => kind === "serving.kserve.io/InferenceService");
}

/** The components of all inference services of a resource. */
export function componentsOf(subject: Subject): ServiceComponent[] {
  return inferenceServicesOf(subject).flatMap((service) => {
    const annotations = nodeAt(service.tree, "metadata.annotations");
    const isKnative = isOneOf(childAt(annotations, MODE), "Knative", "Serverless");
    const modePath = joinPaths(service.path, `metadata.annotations["${MODE}"]`);
    return ROLES.flatMap((role) => {
      const tree = nodeAt(service.tree, `spec.${role}`) ?? undefined;
      return tree === undefined ? [] : [{ path: joinPaths(service.path, `spec.${role}`), tree, isKnative, modePath }];
    });
  });
}

/** Whether a component asks for GPUs in any of its containers, or in the server that KServe makes one of. */
export function hasGpus(component: Tree): Truth {
  const servers = MODEL_SERVERS.map((server) => childAt(component, server));
  return anyOf(
    [...arrayAt(component, "containers"), ...servers].map((container) => {
      if (isUnknown(container)) return UNKNOWN;
      return isTreeObject(container) && asksForGpu({ path: "", container });
    }),
  );
}
