import type {
  KubernetesObject,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ConfigMap,
  V1Deployment,
  V1Service,
  V1ServiceAccount,
} from "@kubernetes/client-node";
import { SERVICE_NAMESPACE as NAMESPACE, serviceDeployment, serviceProbes } from "./service-deployment";

/** Domain of the cluster's names; the kubelet is told of it as `clusterDomain`. */
export const CLUSTER_DOMAIN = "cluster.local";

const NAME = "coredns";
const ROLE = "system:coredns";
/** Label by which kubeadm's Service finds the pods too. */
const LABELS = { "k8s-app": "kube-dns" };
/** Ports within the pod; below 1024 a program that is not root would need a capability. */
const PORTS = { dns: 1053, health: 8080, ready: 8181 };
/** The image's own user. */
const USER = 65532;

/** How a server that is no pod differs from one that is. */
export interface CorefileOptions {
  /** Ports to listen on. */
  ports?: { dns: number; health: number; ready: number };
  /** Address to listen on; all that there are by default. */
  address?: string;
  /** Path of the kubeconfig by which it reaches the API server; a pod's own account by default. */
  kubeconfig?: string;
}

/**
 * What CoreDNS is told. Nothing is remembered: a name that is asked for before its pod is there would be unknown for seconds
 * after, and ranks of a training look for each other at once. Nothing is asked of others, as no way leads out of the cluster.
 *
 * @see https://coredns.io/plugins/kubernetes/ (1.15)
 */
export function corefile({ ports = PORTS, address = "", kubeconfig }: CorefileOptions = {}): string {
  const lines = [
    "errors",
    ...(address === "" ? [] : [`bind ${address}`]),
    `health ${address}:${ports.health}`,
    `ready ${address}:${ports.ready}`,
    `kubernetes ${CLUSTER_DOMAIN} in-addr.arpa ip6.arpa {`,
    "    pods insecure",
    ...(kubeconfig === undefined ? [] : [`    kubeconfig ${kubeconfig}`]),
    "}",
  ];
  return `.:${ports.dns} {\n${lines.map((line) => `    ${line}\n`).join("")}}\n`;
}

/**
 * CoreDNS on a real node, in the order in which its objects are applied: account, rights, settings, the pod, the Service.
 *
 * @param clusterIP Address of the Service, in the cluster's service network; the kubelet is told of it as `clusterDNS`.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.36.3/cmd/kubeadm/app/phases/addons/dns/manifests.go
 */
export function coreDnsObjects(clusterIP: string): KubernetesObject[] {
  const metadata = { name: NAME, namespace: NAMESPACE, labels: LABELS };
  const account: V1ServiceAccount = { apiVersion: "v1", kind: "ServiceAccount", metadata };
  const role: V1ClusterRole = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: ROLE },
    rules: [
      { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
    ],
  };
  const binding: V1ClusterRoleBinding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: ROLE },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: ROLE },
    subjects: [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }],
  };
  const settings: V1ConfigMap = { apiVersion: "v1", kind: "ConfigMap", metadata, data: { Corefile: corefile() } };
  const service: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "kube-dns", namespace: NAMESPACE, labels: LABELS },
    spec: {
      clusterIP,
      selector: LABELS,
      ports: [
        { name: "dns", port: 53, protocol: "UDP", targetPort: "dns" },
        { name: "dns-tcp", port: 53, protocol: "TCP", targetPort: "dns-tcp" },
      ],
    },
  };
  return [account, role, binding, settings, deployment(), service];
}

function deployment(): V1Deployment {
  return serviceDeployment({
    name: NAME,
    labels: LABELS,
    user: USER,
    container: {
      args: ["-conf", "/etc/coredns/Corefile"],
      ports: [
        { name: "dns", containerPort: PORTS.dns, protocol: "UDP" },
        { name: "dns-tcp", containerPort: PORTS.dns, protocol: "TCP" },
        { name: "health", containerPort: PORTS.health },
        { name: "ready", containerPort: PORTS.ready },
      ],
      // Every pod asks it first, and what is asked of processors beside it is many times what this machine has.
      resources: { requests: { cpu: "500m", memory: "70Mi" }, limits: { memory: "170Mi" } },
      ...serviceProbes({ ready: { path: "/ready", port: "ready" }, live: { path: "/health", port: "health" } }),
      volumeMounts: [{ name: "settings", mountPath: "/etc/coredns", readOnly: true }],
    },
    pod: {
      // It would ask itself otherwise.
      dnsPolicy: "Default",
      volumes: [{ name: "settings", configMap: { name: NAME } }],
    },
  });
}
