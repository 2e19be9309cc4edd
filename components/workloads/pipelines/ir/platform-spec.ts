import { compact, nonEmpty } from "../../../internal";
import { workloadMetadata } from "../../object";
import { type JobVolume, hardwareOf, type PodArgs, placementOf, podTemplate, SHARED_MEMORY_VOLUME } from "../../pods";
import type { StepTemplate } from "../../workflows/definition";
import type { PipelineArgs } from "../pipeline-args";
import { executorName } from "./pipeline-spec";

/** An expression of node affinity as pods spell it. */
interface NodeTerms {
  requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: { matchExpressions: object[] }[] };
}

/**
 * Where and as whom the steps of a pipeline run: what Pipelines keep apart from what they run.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/kubernetes_platform/proto/kubernetes_executor_config.proto
 */
export function platformSpec(objectName: string, args: PipelineArgs) {
  const steps = args.definition.templates.filter(({ container }) => container !== undefined);
  const executors = steps.map((template) => [executorName(template), executorConfig(objectName, template, args)]);
  return { platforms: { kubernetes: { deploymentSpec: { executors: Object.fromEntries(executors) as object } } } };
}

function executorConfig(objectName: string, template: StepTemplate, args: PipelineArgs) {
  const pod = template.container!;
  const hardware = hardwareOf(pod, { pods: 1, defaultGpus: 0, pools: args.pools });
  const { nodeSelector, tolerations, affinity } = placementOf(pod, hardware);
  const terms = affinity?.nodeAffinity as NodeTerms | undefined;
  const { labels, annotations } = workloadMetadata(objectName, { ...args, objectName }, pod.image);
  const context = { labels, annotations, objectName, role: template.name, pods: 1, defaultGpus: 0, pools: args.pools };
  const { metadata } = podTemplate(pod, { ...context, runsToEnd: true });
  return compact({
    podMetadata: compact({ labels: metadata.labels, annotations: metadata.annotations }),
    nodeSelector: nodeSelector && { labels: nodeSelector },
    tolerations,
    nodeAffinity: terms?.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms,
    enabledSharedMemory:
      hardware.sharedMemory === undefined
        ? undefined
        : { volumeName: SHARED_MEMORY_VOLUME, size: hardware.sharedMemory },
    activeDeadlineSeconds: template.activeDeadlineSeconds,
    securityContext: securityContext(pod),
    secretAsEnv: nonEmpty(secretVariables(pod)),
    ...volumes(pod.volumes ?? []),
  });
}

function securityContext({ runAsUser, runAsNonRoot }: PodArgs) {
  if (runAsUser === undefined && runAsNonRoot === undefined) return undefined;
  return compact({ runAsUser, runAsNonRoot: runAsUser === undefined ? runAsNonRoot : true });
}

function secretVariables({ secretEnv = {} }: PodArgs) {
  return Object.entries(secretEnv).map(([envVar, { name, key }]) => ({
    secretNameParameter: named(name),
    keyToEnv: [{ secretKey: key, envVar }],
  }));
}

function volumes(all: JobVolume[]) {
  const of = <T>(pick: (volume: JobVolume) => T | undefined) =>
    nonEmpty(all.flatMap((volume) => pick(volume) ?? []) as T[]);
  return {
    pvcMount: of(({ persistentVolumeClaim: claim, mountPath }) =>
      claim === undefined ? undefined : { pvcNameParameter: named(claim), mountPath },
    ),
    configMapAsVolume: of(({ configMap, mountPath }) =>
      configMap === undefined ? undefined : { configMapNameParameter: named(configMap), mountPath },
    ),
    secretAsVolume: of(({ secret, mountPath }) =>
      secret === undefined ? undefined : { secretNameParameter: named(secret), mountPath },
    ),
    emptyDirMounts: of(({ name, scratch, mountPath }) =>
      scratch === undefined ? undefined : compact({ volumeName: name, mountPath, sizeLimit: scratch.sizeLimit }),
    ),
  };
}

function named(name: unknown) {
  return { runtimeValue: { constant: name } };
}
