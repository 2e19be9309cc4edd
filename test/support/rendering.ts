import { type KubernetesObject, withCompactTypes } from "../../components/rendering";
import { adjustmentOf, type Rendering } from "../../components/rendering/rendered-objects";
import { type RenderCall, renderCall } from "../../components/rendering/source";
import { rendererOf } from "../../rehearsal/stand-ins/kubernetes/renderer";
import { platformMirror } from "./platform-mirror";
import { toolPath } from "./toolchain";

const renderer = rendererOf(() => toolPath("pulumi-resource-kubernetes"));

/** Renders charts and manifests by the real Kubernetes provider, as `pulumi up` does; needs no cluster. */
export async function rendered({ token, args }: RenderCall): Promise<{ result: KubernetesObject[] }> {
  return (await renderer(token, args)) as unknown as { result: KubernetesObject[] };
}

const known = new Map<string, Promise<{ result: KubernetesObject[] }>>();

/** The same, where nothing changes charts and manifests: what was rendered alike before is not rendered anew. */
export function renderedOnce(call: RenderCall): Promise<{ result: KubernetesObject[] }> {
  const key = JSON.stringify(call);
  const answer = known.get(key) ?? rendered(call);
  known.set(key, answer);
  return answer;
}

/** All objects that a rendering registers, from the charts and manifests that can be had offline. */
export async function objectsOf(rendering: Rendering): Promise<KubernetesObject[]> {
  const facts = { ...rendering.facts, chartMirror: await platformMirror() };
  const answers = await Promise.all(rendering.sources.map((source) => renderedOnce(renderCall(source, facts))));
  return adjustmentOf(rendering)(withCompactTypes(answers.flatMap(({ result }) => result)));
}
