import type { ClusterObject } from "./cluster-objects";
import { isDeleted, propertiesOf, type StateResource } from "./state";

/** Type of CustomResourceDefinitions in a state. */
const DEFINITION_TYPE = /^kubernetes:apiextensions\.k8s\.io\/[^:]+:CustomResourceDefinition$/;

/** A CustomResourceDefinition in a state. */
export interface HeldDefinition {
  name: string;
  /** Whether it stays on the cluster when the stack is destroyed. */
  kept: boolean;
}

/** The CustomResourceDefinitions that a stack brought to its cluster. */
export function definitionsIn(resources: StateResource[]): HeldDefinition[] {
  return resources
    .filter((resource) => DEFINITION_TYPE.test(resource.type) && isDeleted(resource))
    .flatMap((resource) => {
      const name = metadataOf(resource).name ?? resource.id;
      return name === undefined ? [] : [{ name, kept: resource.retainOnDelete === true }];
    });
}

/** The Kubernetes objects that are in a state, each by {@link keyOf}. */
export function keysOfHeld(resources: StateResource[]): Set<string> {
  return new Set(resources.filter((resource) => resource.type.startsWith("kubernetes:")).flatMap(keysOfResource));
}

/** What makes an object one and the same, in all versions of its type. */
export function keyOf({ apiVersion, kind, metadata }: ClusterObject): string {
  const { namespace = "", name = "" } = metadata ?? {};
  return keyFrom(groupOf(apiVersion), kind, namespace, name);
}

/** The API group of an `apiVersion`; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
}

/** The id says where an object is whose program left its namespace, or its name, to the provider. */
function keysOfResource(resource: StateResource): string[] {
  const [, apiVersion = "", kind = ""] = resource.type.split(":");
  const group = apiVersion.startsWith("core/") ? "" : groupOf(apiVersion);
  const { name, namespace = "" } = metadataOf(resource);
  const [first = "", second] = (resource.id ?? "").split("/");
  return [
    ...(name === undefined ? [] : [keyFrom(group, kind, namespace, name)]),
    second === undefined ? keyFrom(group, kind, "", first) : keyFrom(group, kind, first, second),
  ];
}

function keyFrom(...parts: string[]): string {
  return parts.join("/");
}

function metadataOf(resource: StateResource): { name?: string; namespace?: string } {
  const { metadata } = propertiesOf(resource);
  return typeof metadata === "object" && metadata !== null ? metadata : {};
}
