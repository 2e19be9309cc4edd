import type {
  KubernetesObject,
  V1APIService,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1Deployment,
  V1RoleBinding,
  V1Service,
  V1ServiceAccount,
} from "@kubernetes/client-node";
import { REAL_NODE } from "../../components/model/real-node";
import { SERVICE_NAMESPACE as NAMESPACE, serviceDeployment, serviceProbes } from "./service-deployment";

const NAME = "metrics-server";
const LABELS = { "k8s-app": NAME };
const RBAC = "rbac.authorization.k8s.io";
/** Port within the pod. */
const PORT = 10_250;
/** The image's own user is nobody; this one is upstream's of the pod. */
const USER = 1000;
/** Authority that certificates of kubelets are of: in every pod's token volume, as kubelet and API server have the same one. */
const AUTHORITY = "/var/run/secrets/kubernetes.io/serviceaccount/ca.crt";

/**
 * Seconds between two readings, of which the first two make the first number. Kubelets measure every 10 s, so that less often
 * than that nothing new is read.
 */
const RESOLUTION_SECONDS = 10;

/** Seconds that a kubelet may take to answer; the server refuses to start where that is not less than the time between readings. */
const REQUEST_SECONDS = 5;

/**
 * Arguments of the server. Only real nodes are asked: nobody answers at the address of a simulated one. Their kubelets' certificates
 * are of the cluster's authority and name the node's address, so that they are checked.
 *
 * @param more Further arguments, for a server that is no pod; none by default.
 * @see https://github.com/kubernetes-sigs/metrics-server/blob/v0.9.0/manifests/base/deployment.yaml
 */
export function metricsServerArguments(authority: string = AUTHORITY, more: string[] = []): string[] {
  return [
    "--kubelet-preferred-address-types=InternalIP",
    "--kubelet-use-node-status-port",
    `--kubelet-certificate-authority=${authority}`,
    `--metric-resolution=${RESOLUTION_SECONDS}s`,
    `--kubelet-request-timeout=${REQUEST_SECONDS}s`,
    `--node-selector=${REAL_NODE.key}=${REAL_NODE.value}`,
    ...more,
  ];
}

/**
 * The metrics server on a real node, in the order in which its objects are applied: account, rights, the pod, its Service, and the
 * API that it serves, `metrics.k8s.io`. A cluster has one server of that API.
 *
 * @see https://github.com/kubernetes-sigs/metrics-server/tree/v0.9.0/manifests/base
 */
export function metricsServerObjects(): KubernetesObject[] {
  const metadata = { name: NAME, namespace: NAMESPACE, labels: LABELS };
  const account: V1ServiceAccount = { apiVersion: "v1", kind: "ServiceAccount", metadata };
  const service: V1Service = {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: LABELS, ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: "https" }] },
  };
  return [account, ...rights(), deployment(), service, apiService()];
}

/** Kubernetes comes with the roles by which a server asks who its callers are, and what they may. */
function rights(): KubernetesObject[] {
  const subjects = [{ kind: "ServiceAccount", name: NAME, namespace: NAMESPACE }];
  const reader: V1ClusterRole = {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: {
      name: "system:aggregated-metrics-reader",
      labels: {
        "rbac.authorization.k8s.io/aggregate-to-view": "true",
        "rbac.authorization.k8s.io/aggregate-to-edit": "true",
        "rbac.authorization.k8s.io/aggregate-to-admin": "true",
      },
    },
    rules: [{ apiGroups: ["metrics.k8s.io"], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] }],
  };
  const role: V1ClusterRole = {
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRole",
    metadata: { name: "system:metrics-server" },
    rules: [
      { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
      { apiGroups: [""], resources: ["pods", "nodes"], verbs: ["get", "list", "watch"] },
    ],
  };
  const clusterBinding = (name: string, granted: string): V1ClusterRoleBinding => ({
    apiVersion: `${RBAC}/v1`,
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: granted },
    subjects,
  });
  const authentication: V1RoleBinding = {
    apiVersion: `${RBAC}/v1`,
    kind: "RoleBinding",
    metadata: { name: "metrics-server-auth-reader", namespace: NAMESPACE },
    roleRef: { apiGroup: RBAC, kind: "Role", name: "extension-apiserver-authentication-reader" },
    subjects,
  };
  return [
    reader,
    role,
    clusterBinding("system:metrics-server", "system:metrics-server"),
    clusterBinding("metrics-server:system:auth-delegator", "system:auth-delegator"),
    authentication,
  ];
}

function deployment(): V1Deployment {
  const at = (path: string) => ({ path, port: "https", scheme: "HTTPS" });
  return serviceDeployment({
    name: NAME,
    labels: LABELS,
    user: USER,
    container: {
      // It makes a certificate for itself there.
      args: metricsServerArguments(undefined, ["--cert-dir=/tmp", `--secure-port=${PORT}`]),
      ports: [{ name: "https", containerPort: PORT }],
      resources: { requests: { cpu: "50m", memory: "100Mi" }, limits: { memory: "200Mi" } },
      ...serviceProbes({ ready: at("/readyz"), live: at("/livez") }),
      volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
    },
    pod: { volumes: [{ name: "scratch", emptyDir: {} }] },
  });
}

function apiService(): V1APIService {
  return {
    apiVersion: "apiregistration.k8s.io/v1",
    kind: "APIService",
    metadata: { name: "v1beta1.metrics.k8s.io", labels: LABELS },
    spec: {
      group: "metrics.k8s.io",
      version: "v1beta1",
      service: { name: NAME, namespace: NAMESPACE, port: 443 },
      // Its certificate is of its own making, and nothing but pods' use of CPU and memory comes this way.
      insecureSkipTLSVerify: true,
      groupPriorityMinimum: 100,
      versionPriority: 100,
    },
  };
}
