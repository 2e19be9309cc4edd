import { parseAllDocuments } from "yaml";
import { isTreeObject, objectAt, stringAt, type Tree, type TreeObject } from "../../components/model";
import { Subject } from "./subject";

/** A resource outside Pulumi: what a YAML document says, with the type token that Pulumi gives it. */
export interface WrittenResource {
  type: string;
  name: string;
  properties: TreeObject;
  /** Absent outside Pulumi. */
  urn?: string;
  /** Whether Pulumi refuses to delete it; absent where nothing is told of that. */
  isProtected?: boolean;
}

/**
 * Reads a stream of YAML in which each document is a Kubernetes object or, as in Pulumi YAML, a resource with `type` and
 * `properties` (and perhaps `name`). Documents that are neither are passed over.
 *
 * @throws {YAMLParseError} when a document is no YAML.
 */
export function resourcesIn(yaml: string): WrittenResource[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    if ("errors" in document && document.errors[0] !== undefined) throw document.errors[0];
    const tree = document.toJS() as Tree;
    const resource = writtenResourceOf(tree);
    return resource === undefined ? [] : [resource];
  });
}

/** The resource that a document describes; undefined where it describes none. */
export function writtenResourceOf(document: Tree): WrittenResource | undefined {
  if (!isTreeObject(document)) return undefined;
  const [apiVersion, kind, type] = ["apiVersion", "kind", "type"].map((field) => stringAt(document, field));
  if (apiVersion !== undefined && kind !== undefined) {
    const name = stringAt(objectAt(document, "metadata"), "name") ?? "";
    const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
    return { type: `kubernetes:${version}:${kind}`, name, properties: document };
  }
  const properties = objectAt(document, "properties");
  if (type === undefined || properties === undefined) return undefined;
  return { type, name: stringAt(document, "name") ?? "example", properties };
}

/** A resource as rules see it. */
export function subjectOf(resource: WrittenResource, urn: string, others: readonly Tree[] = []): Subject {
  const { type, name, properties, isProtected } = resource;
  return new Subject(
    { type, name, urn, props: properties, ...(isProtected === undefined ? {} : { isProtected }) },
    others,
  );
}

/** Several resources as rules see them, each beside the others, told apart by their number. */
export function subjectsOf(resources: WrittenResource[]): Subject[] {
  const trees = resources.map(({ properties }) => properties);
  return resources.map((resource, index) =>
    subjectOf(resource, resource.urn ?? `${index}:${resource.type}::${resource.name}`, trees),
  );
}
