import { buffer } from "node:stream/consumers";
import type { PlannedResource } from "../../preflight/planned-resource";
import { Problem } from "../../rehearsal/problem";
import { positionOf } from "../check/document";
import { readInput } from "../check/input";
import { resourcesOfState } from "../check/state";
import type { Environment } from "../environment";
import type { Tree } from "../../components/model";

/** Resources to judge, and where they are from. */
export interface PlannedStack {
  resources: PlannedResource[];
  /** What was said while they were read, such as that a chart is not rendered; each a line. */
  remarks: string[];
}

/**
 * Resources of files, folders and the standard input (`-`): manifests, rendered charts, exported states.
 *
 * @throws {Problem} when one cannot be read, or there is no resource in them.
 */
export async function resourcesOfFiles(paths: string[]): Promise<PlannedStack> {
  const { documents, hints, empty } = await readInput(paths, () => buffer(process.stdin));
  if (documents.length === 0) {
    throw new Problem([...hints, ...empty].join("\n"), "Name manifests, or what `pulumi stack export` printed.");
  }
  const resources = documents.map((document, index) => {
    const { resource, file } = document;
    return {
      ...resource,
      urn: resource.urn ?? `${index}:${resource.type}::${resource.name}`,
      source: `${file}:${positionOf(document, "").line}`,
    };
  });
  return { resources, remarks: [...hints, ...empty] };
}

/** The resources of a stack as they were last deployed; undefined where it never was, or no state can be asked. */
export async function deployedResources({ pulumi, stack }: Environment): Promise<PlannedResource[] | undefined> {
  const { code, output } = await pulumi.captured(["stack", "export", "--stack", stack.name]);
  if (code !== 0) return undefined;
  const resources = resourcesOfState(JSON.parse(output) as Tree).map(({ resource }) => resource);
  return resources.length === 0 ? undefined : resources;
}
