import { isResourceType, type KubernetesObject, objectTitle, type Rendering } from "../../../../components/rendering";
import { adjustmentOf } from "../../../../components/rendering/rendered-objects";
import { type RenderCall, renderCall } from "../../../../components/rendering/source";
import { toYaml } from "../../../support/golden";
import { platformMirror } from "../../../support/platform-mirror";
import { renderedOnce } from "../../../support/rendering";

/** Renders for a mocked engine, without the resource types: megabytes that would be sent to and fro. */
export async function renderedWithoutTypes(call: RenderCall): Promise<{ result: KubernetesObject[] }> {
  const { result } = await renderedOnce(call);
  return { result: result.filter((object) => !isResourceType(object)) };
}

/** All objects that a rendering registers. */
export async function renderedObjectsOf(rendering: Rendering): Promise<KubernetesObject[]> {
  const mirror = await platformMirror();
  const answers = rendering.sources.map((source) => renderedOnce(renderCall(source, { chartMirror: mirror })));
  return adjustmentOf(rendering)((await Promise.all(answers)).flatMap(({ result }) => result));
}

interface Pod {
  nodeSelector?: object;
  priorityClassName?: string;
  securityContext?: object;
  containers: { image: string; args?: string[]; resources?: object; securityContext?: object }[];
}

/** What a part consists of, with what bears on safety and availability, and no more: a golden file to be read. */
export function summaryOf(objects: KubernetesObject[]): string {
  const titles = objects.map(objectTitle).sort();
  const controllers = objects.filter(({ kind }) => kind === "Deployment").map(controllerSummary);
  const webhooks = objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration")).flatMap(webhookSummary);
  return toYaml({ titles, controllers, webhooks });
}

function controllerSummary({ metadata, spec }: KubernetesObject) {
  const { replicas, template } = spec as { replicas: number; template: { spec: Pod } };
  const { nodeSelector, priorityClassName, securityContext, containers } = template.spec;
  return {
    name: metadata.name,
    replicas,
    nodeSelector,
    ...(priorityClassName === undefined ? {} : { priorityClassName }),
    securityContext,
    containers: containers.map((container) => ({
      image: container.image,
      args: container.args,
      resources: container.resources,
      securityContext: container.securityContext,
    })),
  };
}

function webhookSummary(object: KubernetesObject) {
  const webhooks = object["webhooks"] as { name: string; failurePolicy: string; clientConfig: { service: object } }[];
  return webhooks.map(({ name, failurePolicy, clientConfig }) => ({ name, failurePolicy, ...clientConfig.service }));
}

/** Titles of the objects of some kinds. */
export function titlesOf(objects: KubernetesObject[], ...kinds: string[]): string[] {
  return objects.filter(({ kind }) => kinds.includes(kind)).map(objectTitle);
}

/** Names of the resource types. */
export function typesOf(objects: KubernetesObject[]): string[] {
  return objects
    .filter(isResourceType)
    .map(({ metadata }) => metadata.name)
    .sort();
}

/** The object of a kind and name. */
export function find(objects: KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  if (found === undefined) throw new Error(`There is no ${kind} ${name}.`);
  return found;
}

/** Arguments of a Deployment's container. */
export function argsOf(objects: KubernetesObject[], deployment: string): string[] {
  const { spec } = find(objects, "Deployment", deployment);
  return (spec as { template: { spec: Pod } }).template.spec.containers[0]!.args!;
}
