import { type Adjustment, inTurn, type KubernetesObject, type PlatformFacts, withoutKinds } from "../../rendering";
import { type PartResources, partResources, systemNodes } from "../part/part-args";
import { withoutNamespaces } from "../part/part-namespace";
import { editedWorkloads, isNamed, isWorkload, type ManifestContainer, type ManifestPod } from "./manifest-edits";

/** How a part's workloads run. */
export interface Hardening {
  platform: PlatformFacts;
  /** What containers ask for, by their names; those not named keep what upstream gives, or get the default. */
  resources?: Record<string, Required<PartResources>>;
  /** Pods of each workload, by its name; 1 by default. */
  replicas?: Record<string, number>;
}

/** What a container asks for of which upstream says nothing. */
const defaultResources = { cpu: "20m", memory: "256Mi" };

/** What a pod and its containers must say to run under the Pod Security Standards' `restricted` level. */
const podSecurity = { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } };
const containerSecurity = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

/** The same for a container of a pod that says nothing itself, as controllers make them. */
export const restrictedContainer = { ...podSecurity, ...containerSecurity };

/**
 * Puts workloads on the nodes of controllers, with requests, memory limits and the security contexts of the `restricted`
 * level, and spreads those with several pods: a PodDisruptionBudget keeps one. Certificates are left out where nobody
 * would issue them.
 */
export function hardened({ platform, resources = {}, replicas = {} }: Hardening): Adjustment {
  return inTurn(
    withoutNamespaces,
    ...(platform.simulated === true && platform.runsControllers !== true
      ? [withoutKinds("Certificate", "Issuer")]
      : []),
    editedWorkloads((pod, { metadata }) => {
      pod.nodeSelector = { ...systemNodes(platform), ...pod.nodeSelector };
      pod.securityContext = { ...podSecurity, ...pod.securityContext };
      pod.containers = pod.containers.map((container) => hardenedContainer(container, resources));
      if ((replicas[metadata.name] ?? 1) > 1) spread(pod, metadata.name);
    }),
    withReplicas(replicas),
    withLateClaims,
  );
}

function hardenedContainer(
  container: ManifestContainer,
  given: Record<string, Required<PartResources>>,
): ManifestContainer {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const asked = given[container.name];
  const { cpu = defaultResources.cpu, memory = limits["memory"] ?? requests["memory"] ?? defaultResources.memory } =
    requests;
  const resources =
    asked === undefined
      ? { requests: { ...requests, cpu, memory }, limits: { ...limits, memory: limits["memory"] ?? twice(memory) } }
      : partResources(undefined, asked);
  return {
    ...container,
    // Tags are exact, so what a node has is what is meant.
    ...(container.imagePullPolicy === undefined ? {} : { imagePullPolicy: "IfNotPresent" }),
    resources,
    securityContext: { ...containerSecurity, ...container.securityContext },
  };
}

/** Leaves room above the request that upstream measured; what is no whole number stays as it is. */
function twice(memory: string): string {
  return memory.replace(/^(\d+)(?=[A-Za-z]*$)/, (amount) => String(Number(amount) * 2));
}

function spread(pod: ManifestPod, name: string): void {
  const constraint = {
    maxSkew: 1,
    topologyKey: "kubernetes.io/hostname",
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: { [SPREAD_LABEL]: name } },
  };
  Object.assign(pod, { topologySpreadConstraints: [constraint] });
}

/** Label of pods that are spread and kept by a budget; upstream's labels are shared by several workloads. */
const SPREAD_LABEL = "mlstack.dev/workload";

function withReplicas(replicas: Record<string, number>): Adjustment {
  return (objects) =>
    objects.flatMap((object) => {
      const [, count] = Object.entries(replicas).find(([name]) => isWorkload(object) && isNamed(object, name)) ?? [];
      if (count === undefined) return [object];
      const spec = object["spec"] as { template: { metadata: { labels: Record<string, string> } } };
      const { labels, ...others } = spec.template.metadata;
      const own = { ...labels, [SPREAD_LABEL]: object.metadata.name };
      const metadata = { ...others, labels: count > 1 ? own : labels };
      const scaled = { ...object, spec: { ...spec, replicas: count, template: { ...spec.template, metadata } } };
      return count > 1 ? [scaled, budget(object)] : [scaled];
    });
}

function budget({ metadata }: KubernetesObject): KubernetesObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: metadata.name, ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }) },
    spec: { minAvailable: 1, selector: { matchLabels: { [SPREAD_LABEL]: metadata.name } } },
  };
}

/** A claim is bound once a pod wants it, and pods come after claims: nobody waits for it. */
const withLateClaims: Adjustment = (objects) =>
  objects.map((object) => {
    if (object.kind !== "PersistentVolumeClaim") return object;
    const annotations = { ...object.metadata.annotations, "pulumi.com/skipAwait": "true" };
    return { ...object, metadata: { ...object.metadata, annotations } };
  });
