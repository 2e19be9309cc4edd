import { existsSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { withCompactTypes } from "./compact-types";
import type { KubernetesObject } from "./kubernetes-object";
import { RenderCache } from "./render-cache";
import { renderCall, type Source, sourceFolder, sourceTitle } from "./source";
import type { PlatformFacts } from "./platform-facts";

/**
 * Renders a chart or manifests by the Kubernetes provider of a resource, which needs no cluster for it; what was rendered
 * from a mirror before is taken from there.
 *
 * @throws pulumi.RunError when the source cannot be had or rendered.
 */
export async function render(
  source: Source,
  facts: PlatformFacts,
  parent: pulumi.Resource,
): Promise<KubernetesObject[]> {
  const objects = await renderedOnce(source, facts, parent);
  return facts.fullTypes === true ? objects : withCompactTypes(objects);
}

async function renderedOnce(source: Source, facts: PlatformFacts, parent: pulumi.Resource) {
  const { chartMirror: mirror } = facts;
  const call = renderCall(source, facts);
  const folder = sourceFolder(source, mirror);
  // What a stand-in makes up for a source that a mirror lacks is not kept: later runs would take it for the source's own.
  const cache = folder === undefined || !existsSync(folder) ? undefined : new RenderCache(mirror!, folder, call);
  const kept = cache?.read();
  if (kept !== undefined) return kept;
  const answer = (await pulumi.runtime.invoke(call.token, call.args, { parent }).catch((error: unknown) => {
    const problem = new pulumi.RunError(renderProblem(source, mirror, error as Error));
    // The language host prints where an error comes from, if it says so; that is here, and of no use to anybody.
    problem.stack = "";
    throw problem;
  })) as { result?: KubernetesObject[] };
  const objects = answer.result ?? [];
  // A stand-in may render nothing, and there is no chart without objects.
  if (objects.length > 0) cache?.write(objects);
  return objects;
}

function renderProblem(source: Source, mirror: string | undefined, { message }: Error): string {
  const title = sourceTitle(source);
  const folder = sourceFolder(source, mirror);
  if (folder !== undefined && !existsSync(folder)) {
    return `${title} is not in the mirror ${mirror}. Fill it with \`mlstack charts pull --to ${mirror}\`.`;
  }
  // A registry that is a mirror has charts only.
  const isMirrored = folder !== undefined || (mirror !== undefined && "chart" in source);
  const from = isMirrored ? `the mirror ${mirror}` : "its publisher";
  const remedy = isMirrored
    ? "Check what is in the mirror; `mlstack charts pull` fills one anew."
    : "Check that this machine reaches the publisher, or fill a mirror with `mlstack charts pull` where it does.";
  return `${title} from ${from} could not be rendered: ${cause(message)}. ${remedy}`;
}

/** What the engine, its protocol and the provider put before the reason, and the message here says already. */
const wrapping =
  /^(\d+ [A-Z_]+: |rpc error: code = \w+ desc = |invocation of \S+ returned an error: |failed to generate YAML for specified Helm chart: )*/;

function cause(message: string): string {
  return message.replace(wrapping, "").trim().replace(/\.$/, "");
}
