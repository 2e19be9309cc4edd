import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { compact, nonEmpty } from "../../internal";
import { ncclEnvironment, NcclDebug } from "../../model";
import { JOB_LABEL, ROLE_LABEL } from "../object/labels";
import { Closeness, type TopologyArgs } from "../object/queue-args";
import { devicesOf, type Hardware, type HardwareFacts, hardwareOf } from "./hardware";
import { placementOf, TOPOLOGY_LABELS } from "./placement";
import type { PodArgs } from "./pod-args";
import type { ProgramArgs } from "./program-args";
import { volumeMountsOf, volumesOf } from "./volumes";

/** Name of a pod's container where its kind does not demand another. */
export const MAIN_CONTAINER = "main";

/** What a pod template follows from beside the pod's own arguments. */
export interface PodContext extends HardwareFacts {
  /** Labels of the workload, lineage included, and those by which its pods find each other. */
  labels: Record<string, pulumi.Input<string>>;
  /** Annotations of the workload that its pods carry too, lineage included. */
  annotations?: Record<string, pulumi.Input<string>>;
  /** Name of the workload's object. */
  objectName: string;
  /** Role of the pods; undefined where all pods of the workload are alike. */
  role?: string;
  /** Name of the container; `main` by default. */
  containerName?: string;
  /** How close to each other the pods of the workload run. */
  topology?: TopologyArgs | undefined;
  /** Restart policy; undefined for the kinds that set it themselves. */
  restartPolicy?: "Never" | "OnFailure" | undefined;
  /** Variables that the workload sets for its pods; those of its author win. */
  env?: Record<string, pulumi.Input<string>>;
  /** What the container has beside that, for example ports and probes. */
  container?: Partial<k8s.types.input.core.v1.Container>;
  /** Whether the pods run to their end, and are left in peace until then; false by default. */
  runsToEnd?: boolean;
  /** Whether the pod gets the token of its service account; false by default. */
  mountsToken?: boolean;
}

/** The pods of a workload, as every kind of it that holds pod templates spells them. */
export function podTemplate(pod: PodArgs, context: PodContext): PodTemplate {
  const { objectName, role, topology } = context;
  const { labels: ofRun, annotations: inPeace } = context.runsToEnd === true ? LEFT_IN_PEACE : NOTHING;
  const ofRole = role === undefined ? {} : { [ROLE_LABEL]: role };
  const labels = { ...ofRun, ...context.labels, [JOB_LABEL]: objectName, ...ofRole };
  const annotations = { ...inPeace, ...context.annotations, ...queueTopology(topology), ...pod.annotations };
  return {
    metadata: compact({ labels, annotations: Object.keys(annotations).length === 0 ? undefined : annotations }),
    spec: podSpec(pod, context),
  };
}

const NOTHING = { labels: {}, annotations: {} };

/**
 * What keeps others from pods that run to their end: a proxy of the mesh would go on when they have ended, and what makes
 * room on nodes would end them halfway.
 *
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/#controlling-the-injection-policy (Istio 1.29)
 * @see https://karpenter.sh/docs/concepts/disruption/#pod-level-controls (Karpenter v1.14)
 * @see https://github.com/kubernetes/autoscaler/blob/cluster-autoscaler-1.36.0/cluster-autoscaler/FAQ.md "What types of pods
 * can prevent CA from removing a node?"
 */
const LEFT_IN_PEACE = {
  labels: { "sidecar.istio.io/inject": "false" },
  annotations: { "karpenter.sh/do-not-disrupt": "true", "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" },
};

/** Metadata and spec of pods, both of which are always there. */
export interface PodTemplate {
  /** Labels and annotations. */
  metadata: k8s.types.input.meta.v1.ObjectMeta;
  /** The spec. */
  spec: k8s.types.input.core.v1.PodSpec;
}

function podSpec(pod: PodArgs, context: PodContext): k8s.types.input.core.v1.PodSpec {
  const hardware = hardwareOf(pod, context);
  const neighbours = { labels: { [JOB_LABEL]: context.objectName }, topology: topologyOf(hardware, context) };
  return compact({
    restartPolicy: context.restartPolicy,
    ...placementOf(pod, hardware, neighbours),
    priorityClassName: pod.priorityClassName,
    serviceAccountName: pod.serviceAccountName,
    automountServiceAccountToken: context.mountsToken ?? false,
    securityContext: podSecurityContext(pod),
    containers: [containerOf(pod, hardware, context)],
    volumes: nonEmpty(volumesOf(pod, hardware)),
  });
}

/** As whom a pod runs, and under which system calls. */
export function podSecurityContext({
  runAsUser,
  runAsNonRoot,
}: ProgramArgs): k8s.types.input.core.v1.PodSecurityContext {
  const seccompProfile = { type: "RuntimeDefault" };
  if (runAsUser === undefined) return runAsNonRoot ? { seccompProfile, runAsNonRoot } : { seccompProfile };
  // A fresh volume belongs to root. To hand over a large one at every start would take minutes.
  const group = { fsGroup: runAsUser, fsGroupChangePolicy: "OnRootMismatch" };
  return { seccompProfile, runAsNonRoot: true, runAsUser, ...group };
}

/** What every container is denied. */
export const CONTAINER_SECURITY = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** The variables of a program as a container has them: those of its workload first, where it does not set them itself. */
export function environmentOf(
  { env, secretEnv = {} }: ProgramArgs,
  ofWorkload: Record<string, pulumi.Input<string>> = {},
) {
  const isOwn = (key: string) => key in secretEnv;
  const plain = Object.entries({ ...ofWorkload, ...env }).filter(([key]) => !isOwn(key));
  return [
    ...plain.map(([name, value]) => ({ name, value })),
    ...Object.entries(secretEnv).map(([name, ref]) => ({ name, valueFrom: { secretKeyRef: ref } })),
  ];
}

function containerOf(pod: PodArgs, hardware: Hardware, context: PodContext): k8s.types.input.core.v1.Container {
  const { cpu, memory } = hardware;
  const devices = devicesOf(hardware);
  return compact({
    name: context.containerName ?? MAIN_CONTAINER,
    image: pod.image,
    command: pod.command,
    args: pod.args,
    env: nonEmpty(environmentOf(pod, { ...ncclVariables(hardware, context), ...context.env })),
    resources: { requests: { cpu, memory, ...devices }, limits: { memory, ...devices } },
    securityContext: CONTAINER_SECURITY,
    volumeMounts: nonEmpty(volumeMountsOf(pod, hardware)),
    ...context.container,
  });
}

/** Where the pool is not known, libfabric is left to find out itself whether its adapters reach GPU memory. */
function ncclVariables({ gpus, efa, pool, fitting }: Hardware, { pods }: PodContext): Record<string, string> {
  if (gpus === 0 || pods === 1) return {};
  const instanceType = (pool ?? fitting?.[0])?.instanceType ?? "";
  return { NCCL_DEBUG: NcclDebug.warn, ...ncclEnvironment({ instanceType, efaInterfaces: efa }) };
}

/** Elastic Fabric Adapters reach no further than their zone. */
function topologyOf({ efa }: Hardware, { pods, topology }: PodContext): TopologyArgs | undefined {
  return topology ?? (efa > 0 && pods > 1 ? { level: Closeness.zone, required: true } : undefined);
}

/**
 * How Kueue is asked to place all pods of a set close together.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/topology_aware_scheduling/#user-facing-apis (Kueue 0.19)
 */
function queueTopology(topology: TopologyArgs | undefined): Record<string, string> {
  if (topology?.byQueue !== true) return {};
  const how = topology.required === true ? "required" : "preferred";
  return { [`kueue.x-k8s.io/podset-${how}-topology`]: TOPOLOGY_LABELS[topology.level] };
}
