import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { childAt, stringAt, type TreeObject } from "../../../components/model";
import type { PlannedResource } from "../../../preflight/planned-resource";

/** A document of a written stack: a Kubernetes object, or a resource as Pulumi registers it. */
interface Written extends TreeObject {
  resource?: string;
  type?: string;
  name?: string;
  parent?: string;
  dependencies?: string[];
}

/**
 * The resources that a YAML stream describes: Kubernetes objects as they are, and others with `resource` (or `type`),
 * `name` and `inputs` (or `properties`). Their URN is `type::name`; `parent` and `dependencies` name other URNs.
 */
export function stackOf(yaml: string): PlannedResource[] {
  return parseAllDocuments(yaml)
    .map((document) => document.toJS() as Written | null)
    .filter((written) => written !== null)
    .map(resourceOf);
}

/** The resources of a golden file. */
export function goldenStack(name: string): PlannedResource[] {
  return stackOf(readFileSync(join(__dirname, "../../golden", `${name}.yaml`), "utf8"));
}

function resourceOf(written: Written): PlannedResource {
  const { kind, apiVersion, parent, dependencies } = written;
  const links = {
    ...(parent === undefined ? {} : { parent }),
    ...(dependencies === undefined ? {} : { dependencies }),
  };
  if (typeof kind === "string" && typeof apiVersion === "string") {
    const version = apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`;
    const name = stringAt(childAt(written, "metadata"), "name") ?? "unnamed";
    const properties = Object.fromEntries(
      Object.entries(written).filter(([key]) => key !== "parent" && key !== "dependencies"),
    );
    return named(`kubernetes:${version}:${kind}`, name, properties, links);
  }
  const properties = (written.inputs ?? written.properties ?? {}) as TreeObject;
  return named(written.resource ?? written.type ?? "", written.name ?? "unnamed", properties, links);
}

function named(
  type: string,
  name: string,
  properties: TreeObject,
  links: Pick<PlannedResource, "parent" | "dependencies">,
): PlannedResource {
  return { type, name, urn: `${type}::${name}`, properties, ...links };
}
