import { type Adjustment, edit, inTurn, type KubernetesObject } from "../../rendering";
import { withoutNamespaces } from "../part/part-namespace";
import { type IstioArgs, MeshDataPlane, type MtlsException } from "./istio-args";
import { excludedNamespaces, ISTIO_NAMESPACE, proxyImage } from "./istio-values";
import { meshGateway } from "./mesh-facts";

interface Webhook {
  failurePolicy?: string;
  namespaceSelector?: { matchExpressions?: object[] };
}

/** Some namespaces are never asked about, whatever labels they and their pods get. */
function withExclusions(args: IstioArgs): Adjustment {
  const values = excludedNamespaces(args);
  return edit("MutatingWebhookConfiguration", undefined, (object) => {
    for (const webhook of object["webhooks"] as Webhook[]) {
      const expressions = webhook.namespaceSelector?.matchExpressions ?? [];
      const excluded = { key: "kubernetes.io/metadata.name", operator: "NotIn", values };
      webhook.namespaceSelector = { ...webhook.namespaceSelector, matchExpressions: [...expressions, excluded] };
    }
  });
}

/**
 * Invalid configuration is refused from the start. The charts begin with `Ignore`, which istiod turns into `Fail`: each
 * update would turn it back.
 */
const withFailClosed: Adjustment = edit("ValidatingWebhookConfiguration", undefined, (object) => {
  for (const webhook of object["webhooks"] as Webhook[]) webhook.failurePolicy = "Fail";
});

/** What becomes of the objects of the charts `base` and `istiod`. */
export function controlAdjustment(args: IstioArgs): Adjustment {
  return inTurn(withoutNamespaces, withExclusions(args), withFailClosed);
}

/** The gateway's image by its exact tag, where the chart lets the injector choose. */
export function gatewayAdjustment(args: IstioArgs): Adjustment {
  const pinned = edit("Deployment", undefined, ({ spec }) => {
    const { containers } = (spec as { template: { spec: { containers: { image: string }[] } } }).template.spec;
    for (const container of containers) if (container.image === "auto") container.image = proxyImage(args);
  });
  // A load balancer is nobody's to make where nothing runs.
  const unawaited = edit("Service", undefined, ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, "pulumi.com/skipAwait": "true" };
  });
  return inTurn(withoutNamespaces, pinned, ...(args.platform?.simulated === true ? [unawaited] : []));
}

function object(apiVersion: string, kind: string, namespace: string, name: string, spec: object): KubernetesObject {
  return { apiVersion, kind, metadata: { name, namespace }, spec };
}

/**
 * What the mesh demands: mutual TLS but for the exceptions, and a permission for each request where that is asked for.
 *
 * @see https://istio.io/latest/docs/reference/config/security/peer_authentication/ (1.30)
 */
export function istioPolicies(args: IstioArgs): KubernetesObject[] {
  const { namespace = ISTIO_NAMESPACE, mtlsExceptions = [], defaultDeny = false } = args;
  const security = "security.istio.io/v1";
  const strict = object(security, "PeerAuthentication", namespace, "default", { mtls: { mode: "STRICT" } });
  return [
    strict,
    ...mtlsExceptions.map((exception) =>
      object(security, "PeerAuthentication", exception.namespace, exception.name, exceptionSpec(exception)),
    ),
    ...(defaultDeny ? [object(security, "AuthorizationPolicy", namespace, "default-deny", {})] : []),
  ];
}

function exceptionSpec({ workload, ports = [] }: MtlsException) {
  const permissive = { mode: "PERMISSIVE" };
  const selector = workload === undefined ? {} : { selector: { matchLabels: workload } };
  if (ports.length === 0) return { ...selector, mtls: permissive };
  const portLevelMtls = Object.fromEntries(ports.map((port) => [String(port), permissive]));
  return { ...selector, mtls: { mode: "STRICT" }, portLevelMtls };
}

/** Lets the gateway answer over TLS with its Secret, and send everybody there who comes without. */
export function istioHttpsGateway({ gateway = {} }: IstioArgs): KubernetesObject[] {
  const { tlsSecret, hosts = ["*"] } = gateway;
  if (tlsSecret === undefined) return [];
  const { namespace, selector } = meshGateway(gateway.namespace);
  return [object("networking.istio.io/v1", "Gateway", namespace, "https", httpsGateway(selector, hosts, tlsSecret))];
}

/** A Gateway that answers over TLS 1.2 and later, and sends those without TLS there. */
export function httpsGateway(selector: Record<string, string>, hosts: string[], credentialName: unknown) {
  const tls = { mode: "SIMPLE", credentialName, minProtocolVersion: "TLSV1_2" };
  return {
    selector,
    servers: [
      { port: { number: 443, name: "https", protocol: "HTTPS" }, hosts, tls },
      { port: { number: 80, name: "http", protocol: "HTTP" }, hosts, tls: { httpsRedirect: true } },
    ],
  };
}

/** Has the control plane and every proxy scraped; proxies give their numbers without mutual TLS. */
export function istioMonitors(args: IstioArgs): KubernetesObject[] {
  const { namespace = ISTIO_NAMESPACE, platform = {}, dataPlane } = args;
  if (platform.prometheus !== true) return [];
  const operator = "monitoring.coreos.com/v1";
  const path = "/stats/prometheus";
  return [
    object(operator, "ServiceMonitor", namespace, "istiod", {
      selector: { matchLabels: { istio: "pilot" } },
      endpoints: [{ port: "http-monitoring" }],
    }),
    object(operator, "PodMonitor", namespace, "proxies", {
      namespaceSelector: { any: true },
      selector: { matchExpressions: [{ key: "service.istio.io/canonical-name", operator: "Exists" }] },
      podMetricsEndpoints: [{ port: "http-envoy-prom", path }],
    }),
    ...(dataPlane === MeshDataPlane.ambient
      ? [
          object(operator, "PodMonitor", namespace, "ztunnel", {
            namespaceSelector: { any: true },
            selector: { matchLabels: { app: "ztunnel" } },
            podMetricsEndpoints: [{ port: "ztunnel-stats", path }],
          }),
        ]
      : []),
  ];
}
