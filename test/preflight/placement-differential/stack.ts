import type { TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";

/** A Kubernetes object as a stack declares it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  [field: string]: unknown;
}

/** A stack of Kubernetes objects: its nodes, what runs on all of them, and workloads. */
export interface DeclaredStack {
  /** `Node` objects in their order; those that are equal but for their names are one pool. */
  nodes: Manifest[];
  /** Workloads in the order in which the scheduler meets their pods. */
  workloads: Manifest[];
  /** What else the stack declares: DaemonSets, and objects that its pods name. */
  others: Manifest[];
}

/** Objects as the resources of a preview. */
export function resourcesOf({ nodes, workloads, others }: DeclaredStack): PlannedResource[] {
  return [...others, ...nodes, ...workloads].map((manifest) => {
    const { apiVersion, kind, metadata } = manifest;
    const type = `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
    const { name, namespace = "" } = metadata;
    return { type, name, urn: `${type}::${namespace}/${name}`, properties: manifest as unknown as TreeObject };
  });
}
