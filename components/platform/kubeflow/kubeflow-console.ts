import { type InputProblem, inputProblem } from "../../internal";
import { type Adjustment, inTurn, type KubernetesObject } from "../../rendering";
import { edited } from "./manifest-edits";
import { withTexts } from "./relocation";

/** Header in which Kubeflow's web applications are told who asks, where nothing else is agreed upon. */
const USER_HEADER = "kubeflow-userid";

/**
 * A gateway of Istio's that lets in only who has signed in, and tells the web applications who it is. They trust the header
 * blindly, so without such a gateway none of them is installed.
 */
export interface KubeflowConsole {
  /** Istio Gateway as `namespace/name`. */
  gateway: string;
  /** Service account of the gateway's pods as `namespace/name`: nobody else may ask the web applications. */
  serviceAccount: string;
  /** Host name that routes are for; every host of the gateway by default. */
  host?: string;
  /** Header that the gateway sets to the user's name; `kubeflow-userid` by default, as everywhere in Kubeflow. */
  userHeader?: string;
}

/** Checks the way to web applications. */
export function checkKubeflowConsole(path: string, access: KubeflowConsole | undefined): InputProblem[] {
  if (access === undefined) return [];
  const { gateway, serviceAccount, userHeader = USER_HEADER } = access;
  const pairs = [
    ["gateway", gateway],
    ["serviceAccount", serviceAccount],
  ] as const;
  const wrong = pairs.filter(([, value]) => !/^[a-z0-9][-a-z0-9]*\/[a-z0-9][-.a-z0-9]*$/.test(value));
  const remedy = "Name its namespace too.";
  return [
    ...wrong.map(([key, value]) => inputProblem(`${path}.${key}`, value, "a namespace, a slash and a name", remedy)),
    ...(/^[-A-Za-z0-9]+$/.test(userHeader)
      ? []
      : [inputProblem(`${path}.userHeader`, userHeader, "the name of an HTTP header", "Use letters and hyphens.")]),
  ];
}

/** The header that tells who asks. */
export function userHeader(access: KubeflowConsole | undefined): string {
  return access?.userHeader ?? USER_HEADER;
}

/** Namespace of the gateway's pods. */
export function gatewayNamespace({ serviceAccount }: KubeflowConsole): string {
  return serviceAccount.slice(0, serviceAccount.indexOf("/"));
}

/** The gateway's identity in the mesh. */
export function gatewayPrincipal({ serviceAccount }: KubeflowConsole): string {
  return `cluster.local/ns/${gatewayNamespace({ gateway: "", serviceAccount })}/sa/${serviceAccount.slice(serviceAccount.indexOf("/") + 1)}`;
}

/** Identity that upstream's manifests give the gateway. */
const UPSTREAM_PRINCIPAL = "cluster.local/ns/istio-system/sa/istio-ingressgateway-service-account";

/** Routes requests of the console's gateway, and of nobody else, to web applications. */
export function behindConsole(access: KubeflowConsole): Adjustment {
  const { gateway, host = "*" } = access;
  return inTurn(
    edited("VirtualService", undefined, (service) => {
      const spec = service["spec"] as { gateways: string[]; hosts: string[] };
      spec.gateways = [gateway];
      spec.hosts = [host];
    }),
    withTexts((text) => (text === UPSTREAM_PRINCIPAL ? gatewayPrincipal(access) : text), isAuthorization),
    withTexts((text) => (text === "istio-system" ? gatewayNamespace(access) : text), isNetworkPolicy),
    withTexts((text) => text.replaceAll(`[${USER_HEADER}]`, `[${userHeader(access)}]`), isAuthorization),
  );
}

function isAuthorization({ kind }: KubernetesObject): boolean {
  return kind === "AuthorizationPolicy" || kind === "ConfigMap";
}

function isNetworkPolicy({ kind }: KubernetesObject): boolean {
  return kind === "NetworkPolicy";
}

/**
 * Lets pods without Istio's proxy, steps of pipelines and training jobs for example, call ports of a workload that has one,
 * in a mesh that demands mutual TLS. NetworkPolicies say who may.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/ (1.30)
 */
export function openToProxyless(
  name: string,
  namespace: string,
  matchLabels: Record<string, string>,
  ports: number[],
): KubernetesObject {
  const portLevelMtls = Object.fromEntries(ports.map((port) => [String(port), { mode: "PERMISSIVE" }]));
  return {
    apiVersion: "security.istio.io/v1",
    kind: "PeerAuthentication",
    metadata: { name, namespace },
    spec: { selector: { matchLabels }, mtls: { mode: "STRICT" }, portLevelMtls },
  };
}

/** Kinds of Istio's, which only a mesh has. */
const meshKinds = ["VirtualService", "DestinationRule", "AuthorizationPolicy", "Gateway", "PeerAuthentication"];

/** Leaves out what only a mesh understands. */
export const withoutMesh: Adjustment = (objects) => objects.filter(({ kind }) => !meshKinds.includes(kind));
