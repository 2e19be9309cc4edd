import { compact } from "../../internal";
import { GPU_RESOURCE, QUEUED_NAMESPACE_LABEL, TENANT_LABEL, type TenantQuota } from "../../model";
import type { KubernetesObject } from "../../rendering";
import { podSecurityLabels, PodSecurityLevel } from "../part/part-namespace";
import type { TenantArgs, TenantQueue } from "./tenant-args";
import { networkPolicies } from "./tenant-network";
import { rights, serviceAccounts } from "./tenant-rights";

/** Name of the LocalQueue in which jobs wait that name none. */
export const DEFAULT_QUEUE = "default";

/** Every object of a tenant, its namespace first. */
export function tenantManifests(name: string, args: TenantArgs): KubernetesObject[] {
  const { namespace = name, queues = [] } = args;
  return [
    namespaceManifest(name, namespace, args),
    quotaManifest(namespace, args),
    limitRangeManifest(namespace, args),
    ...networkPolicies(namespace, args),
    ...serviceAccounts(namespace, args),
    ...rights(namespace, args),
    ...queues.map((queue) => localQueueManifest(namespace, queue)),
  ];
}

/** What a tenant is to have, for a comparison with the queues that it waits in. */
export function tenantQuota(name: string, args: TenantArgs): TenantQuota {
  const { namespace = name, limits = {}, queues = [] } = args;
  return { namespace, gpus: limits.gpus ?? 0, clusterQueues: queues.map(({ clusterQueue }) => clusterQueue) };
}

function namespaceManifest(name: string, namespace: string, args: TenantArgs): KubernetesObject {
  const { podSecurity = PodSecurityLevel.restricted, queues = [], labels = {} } = args;
  const own = {
    ...podSecurityLabels(podSecurity),
    [TENANT_LABEL]: name,
    ...(queues.length > 0 ? { [QUEUED_NAMESPACE_LABEL]: "true" } : {}),
    ...(args.istioInjection === true ? { "istio-injection": "enabled" } : {}),
    ...(args.katibMetrics === true ? { "katib.kubeflow.org/metrics-collector-injection": "enabled" } : {}),
  };
  return { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, labels: { ...labels, ...own } } };
}

function quotaManifest(namespace: string, { limits = {} }: TenantArgs): KubernetesObject {
  const {
    gpus = 0,
    cpu,
    memory,
    pods = 200,
    storage = "1Ti",
    volumeClaims = 50,
    loadBalancers = 0,
    nodePorts = 0,
  } = limits;
  const hard = compact({
    [`requests.${GPU_RESOURCE}`]: String(gpus),
    "requests.cpu": cpu,
    "requests.memory": memory,
    pods: String(pods),
    "requests.storage": storage,
    persistentvolumeclaims: String(volumeClaims),
    "services.loadbalancers": String(loadBalancers),
    "services.nodeports": String(nodePorts),
    ...limits.further,
  });
  return { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "tenant", namespace }, spec: { hard } };
}

/** A quota refuses pods that say nothing of what it bounds, so containers always say something. */
function limitRangeManifest(namespace: string, { containerDefaults = {} }: TenantArgs): KubernetesObject {
  const { cpu = "100m", memory = "512Mi" } = containerDefaults;
  const limits = [{ type: "Container", defaultRequest: { cpu, memory }, default: { memory } }];
  return { apiVersion: "v1", kind: "LimitRange", metadata: { name: "tenant", namespace }, spec: { limits } };
}

function localQueueManifest(namespace: string, queue: TenantQueue): KubernetesObject {
  const { name = DEFAULT_QUEUE, clusterQueue, fairShareWeight } = queue;
  const fairSharing = fairShareWeight === undefined ? undefined : { weight: String(fairShareWeight) };
  return {
    apiVersion: "kueue.x-k8s.io/v1beta2",
    kind: "LocalQueue",
    metadata: { name, namespace },
    spec: compact({ clusterQueue, fairSharing }),
  };
}
