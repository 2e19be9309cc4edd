import type { TreeObject } from "../../components/model";
import type { PlannedResource } from "../../preflight/planned-resource";

/** What a Kubernetes object is told by. */
export interface ObjectName {
  apiVersion: string;
  kind: string;
  name: string;
  /** Absent for objects of the whole cluster. */
  namespace?: string;
  labels?: Record<string, string>;
}

/** A Kubernetes object as the engine registers it. */
export function generatedObject({ apiVersion, kind, ...metadata }: ObjectName, spec: TreeObject): PlannedResource {
  const { name, namespace } = metadata;
  const type = `kubernetes:${apiVersion}:${kind}`;
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return {
    type,
    name,
    urn: `urn:pulumi:bench::mlstack::${type}::${path}`,
    properties: { apiVersion, kind, metadata, spec },
  };
}
