import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../../internal";
import type { PoolShape } from "../../../model";
import { type ObjectArgs, workloadMetadata } from "../../object";
import { type PodArgs, podSecurityContext, podTemplate } from "../../pods";
import { RetryPolicy, type StepTemplate } from "../definition";
import { OUTPUTS_PATH, OUTPUTS_VOLUME } from "./paths";
import {
  argoInputs,
  type ArgoTemplate,
  type ArtifactLocation,
  containerOutputs,
  retryStrategy,
  synchronization,
} from "./template-parts";

/** What templates are made from beside themselves. */
export interface TemplateContext {
  /** Name of the workflow's object. */
  objectName: string;
  /** Labels and lineage of the workflow. */
  object: ObjectArgs;
  /** Pools that are known. */
  pools: PoolShape[] | undefined;
  /** Labels by which pods of programs wait in a queue. */
  queue: Record<string, pulumi.Input<string>>;
  /** Service account of pods that create objects. */
  resourceAccount: pulumi.Input<string> | undefined;
  /** Where artifacts are kept. */
  location: ArtifactLocation;
}

/** A template that runs a program. */
export function containerTemplate(template: StepTemplate, context: TemplateContext): ArgoTemplate {
  const pod = withOutputsVolume(template);
  const { metadata, spec } = stepPod(template.name, pod, context);
  const [main] = spec.containers as { name: string }[];
  const { name: _name, ...container } = main!;
  const { nodeSelector, tolerations, affinity, priorityClassName, serviceAccountName, volumes } = spec;
  return compact({
    name: template.name,
    inputs: argoInputs(template.inputs, context.location),
    outputs: containerOutputs(template, context.location),
    metadata: { ...metadata, labels: { ...metadata.labels, ...context.queue } },
    nodeSelector,
    tolerations,
    affinity,
    priorityClassName,
    serviceAccountName,
    // Where a step says nothing, the user that the cluster's administrator set for workflows holds.
    securityContext: saysUser(pod) ? podSecurityContext(pod) : undefined,
    container,
    volumes,
    activeDeadlineSeconds: template.activeDeadlineSeconds,
    retryStrategy: retryStrategy(template.retry, RetryPolicy.always),
    synchronization: synchronization(template),
  });
}

/** The pod of a step, which runs to its end and works alone. */
export function stepPod(step: string, pod: PodArgs, { objectName, object, pools }: TemplateContext) {
  const { labels, annotations } = workloadMetadata(objectName, { ...object, objectName }, pod.image);
  const context = { labels, annotations, objectName, pools, role: step, pods: 1, defaultGpus: 0, runsToEnd: true };
  return podTemplate(pod, context) as unknown as {
    metadata: { labels: Record<string, pulumi.Input<string>>; annotations: Record<string, pulumi.Input<string>> };
    spec: Record<string, unknown>;
  };
}

function saysUser({ runAsUser, runAsNonRoot }: PodArgs): boolean {
  return runAsUser !== undefined || runAsNonRoot !== undefined;
}

/** Outputs that name no path are written to a volume: programs need then no rights on the image's own files. */
function withOutputsVolume({ container, outputs = {} }: StepTemplate): PodArgs {
  const pod = container!;
  const all = [...(outputs.parameters ?? []), ...(outputs.artifacts ?? [])];
  if (all.every(({ path }) => path !== undefined)) return pod;
  const volume = { name: OUTPUTS_VOLUME, mountPath: OUTPUTS_PATH, scratch: {} };
  return { ...pod, volumes: [...(pod.volumes ?? []), volume] };
}
