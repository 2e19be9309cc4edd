import * as pulumi from "@pulumi/pulumi";
import type { KubernetesObject } from "./kubernetes-object";
import { renderCall, type Source, sourceTitle } from "./source";
import type { PlatformFacts } from "./platform-facts";

/**
 * Renders a chart or manifests by the Kubernetes provider of a resource, which needs no cluster for it.
 *
 * @throws pulumi.RunError when the source cannot be had or rendered.
 */
export async function render(
  source: Source,
  facts: PlatformFacts,
  parent: pulumi.Resource,
): Promise<KubernetesObject[]> {
  const { chartMirror } = facts;
  const { token, args } = renderCall(source, facts);
  const answer = (await pulumi.runtime.invoke(token, args, { parent }).catch((error: unknown) => {
    throw new pulumi.RunError(renderProblem(source, chartMirror, error as Error));
  })) as { result?: KubernetesObject[] };
  return answer.result ?? [];
}

function renderProblem(source: Source, mirror: string | undefined, { message }: Error): string {
  const from = mirror === undefined ? "its publisher" : `the mirror ${mirror}`;
  const remedy =
    mirror === undefined
      ? "Check that this machine reaches the publisher, or fill a mirror with `mlstack charts pull` where it does."
      : "Fill the mirror with `mlstack charts pull`.";
  return `${sourceTitle(source)} from ${from} could not be rendered: ${cause(message)}. ${remedy}`;
}

/** The engine wraps what the provider says in its own words. */
function cause(message: string): string {
  return message
    .replace(/^.*?: (failed to|rpc error: code = \w+ desc = )/s, "$1")
    .replace(/^rpc error: code = \w+ desc = /, "")
    .trim()
    .replace(/\.$/, "");
}
