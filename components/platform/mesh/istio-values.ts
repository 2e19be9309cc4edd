import { compact, renderToleration } from "../../internal";
import { CHARTS } from "../../model/versions";
import { type ChartValues, withValues } from "../../rendering";
import { partResources, systemNodes } from "../part/part-args";
import { consoleAuthorizer } from "./console-authorizer";
import { GatewayExposure, type IstioArgs, type IstioGatewayArgs, MeshDataPlane } from "./istio-args";
import type { ExternalAuthorizer } from "./mesh-facts";

/** Namespace of the control plane where nothing else is asked for, as upstream has it; also the root namespace. */
export const ISTIO_NAMESPACE = "istio-system";
/** Namespace of what reaches into nodes where nothing else is asked for. */
export const ISTIO_NODE_NAMESPACE = "istio-cni";

const HUB = "registry.istio.io/release";
/** Images without shell and package manager. */
const VARIANT = "distroless";

/** The image of the gateway's proxy, which the chart leaves to the injector under the name `auto`. */
export function proxyImage({ hub = HUB, version = CHARTS.istiod.version }: IstioArgs): string {
  return `${hub}/proxyv2:${version}-${VARIANT}`;
}

/** Tells whether the mesh works without proxies in pods. */
export function isAmbient({ dataPlane }: IstioArgs): boolean {
  return dataPlane === MeshDataPlane.ambient;
}

function images({ hub = HUB, version = CHARTS.istiod.version }: IstioArgs) {
  return { hub, tag: version, variant: VARIANT };
}

/** Namespaces whose pods never get a proxy. */
export function excludedNamespaces(args: IstioArgs): string[] {
  const { namespace = ISTIO_NAMESPACE, nodeNamespace = ISTIO_NODE_NAMESPACE, excludedNamespaces: more = [] } = args;
  return [...new Set(["kube-system", "kube-public", "kube-node-lease", namespace, nodeNamespace, ...more])].sort();
}

/** Values of the chart `base`. @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/base/values.yaml */
export function istioBaseValues({ namespace = ISTIO_NAMESPACE, baseValues }: IstioArgs): ChartValues {
  return withValues({ defaultRevision: "default", global: { istioNamespace: namespace } }, baseValues);
}

/**
 * Values of the chart `istiod`.
 *
 * @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-control/istio-discovery/values.yaml
 */
export function istiodValues(args: IstioArgs): ChartValues {
  const { namespace = ISTIO_NAMESPACE, nodeNamespace = ISTIO_NODE_NAMESPACE, platform, replicas = 2 } = args;
  const { cpu = "100m", memory = "128Mi", memoryLimit = "1Gi" } = args.sidecarResources ?? {};
  const ambient = isAmbient(args);
  const own = compact({
    autoscaleEnabled: false,
    replicaCount: replicas,
    resources: partResources(args.resources, { cpu: "500m", memory: "2Gi" }),
    nodeSelector: systemNodes(platform),
    seccompProfile: { type: "RuntimeDefault" },
    cni: { enabled: true },
    // Sidecars that end with their pod, without which Jobs never finish.
    env: { ENABLE_NATIVE_SIDECARS: "true", ...(ambient ? { PILOT_ENABLE_AMBIENT: "true" } : {}) },
    trustedZtunnelNamespace: ambient ? nodeNamespace : undefined,
    meshConfig: {
      extensionProviders: [consoleAuthorizer(), ...(args.authorizers ?? [])]
        // One of the user's own takes the place of that of the same name.
        .filter(({ name }, index, all) => all.findLastIndex((other) => other.name === name) === index)
        .map(extensionProvider),
      ...(ambient ? { defaultConfig: { proxyMetadata: { ISTIO_META_ENABLE_HBONE: "true" } } } : {}),
    },
    global: {
      istioNamespace: namespace,
      ...images(args),
      defaultPodDisruptionBudget: { enabled: replicas > 1 },
      proxy: {
        seccompProfile: { type: "RuntimeDefault" },
        resources: { requests: { cpu, memory }, limits: { memory: memoryLimit } },
      },
    },
  });
  return withValues(own, args.values);
}

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/ "EnvoyExternalAuthorizationHttpProvider" (1.30) */
function extensionProvider(authorizer: ExternalAuthorizer) {
  const { name, service, port, requestHeaders, upstreamHeaders, clientHeaders, passedClientHeaders } = authorizer;
  return {
    name,
    envoyExtAuthzHttp: compact({
      service,
      port,
      includeRequestHeadersInCheck: requestHeaders,
      headersToUpstreamOnAllow: upstreamHeaders,
      headersToDownstreamOnDeny: clientHeaders,
      headersToDownstreamOnAllow: passedClientHeaders,
    }),
  };
}

/** Values of the chart `cni`. @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/istio-cni/values.yaml */
export function istioCniValues(args: IstioArgs): ChartValues {
  const { cniBinDirectory = "/opt/cni/bin", cniConfigDirectory = "/etc/cni/net.d", nodeTolerations } = args;
  const own = compact({
    cniBinDir: cniBinDirectory,
    cniConfDir: cniConfigDirectory,
    excludeNamespaces: excludedNamespaces(args),
    ambient: { enabled: isAmbient(args) },
    resources: partResources(args.cniResources, { cpu: "100m", memory: "256Mi" }),
    seccompProfile: { type: "RuntimeDefault" },
    tolerations: nodeTolerations?.map(renderToleration),
    global: images(args),
  });
  return withValues(own, args.cniValues);
}

/** Values of the chart `ztunnel`. @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/ztunnel/values.yaml */
export function ztunnelValues(args: IstioArgs): ChartValues {
  const { namespace = ISTIO_NAMESPACE, nodeTolerations } = args;
  const own = compact({
    istioNamespace: namespace,
    resources: partResources(args.ztunnelResources, { cpu: "200m", memory: "512Mi" }),
    tolerations: nodeTolerations?.map(renderToleration),
    ...images(args),
  });
  return withValues(own, args.ztunnelValues);
}

/** Values of the chart `gateway`. @see https://github.com/istio/istio/blob/1.30.3/manifests/charts/gateway/values.yaml */
export function istioGatewayValues(args: IstioArgs): ChartValues {
  const { gateway = {}, platform } = args;
  const { replicas = 2, resources } = gateway;
  const own = {
    replicaCount: replicas,
    autoscaling: { enabled: false },
    podDisruptionBudget: replicas > 1 ? { minAvailable: 1 } : {},
    resources: partResources(resources, { cpu: "250m", memory: "512Mi" }),
    nodeSelector: systemNodes(platform),
    securityContext: {
      sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: "kubernetes.io/hostname",
        whenUnsatisfiable: "ScheduleAnyway",
        labelSelector: { matchLabels: { app: "istio-ingress" } },
      },
    ],
    service: serviceValues(gateway),
  };
  return withValues(own, args.gatewayValues);
}

const HTTP = { name: "http2", port: 80, protocol: "TCP", targetPort: 80 };
const HTTPS = { name: "https", port: 443, protocol: "TCP", targetPort: 443 };

/**
 * Annotations by which AWS makes a network load balancer, whichever of its controllers does: the older words and the newer
 * ones say the same.
 *
 * @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/ (2.14)
 */
const loadBalancers: Record<string, Record<string, string>> = {
  internal: {
    "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internal",
    "service.beta.kubernetes.io/aws-load-balancer-internal": "true",
  },
  public: {
    "service.beta.kubernetes.io/aws-load-balancer-type": "nlb",
    "service.beta.kubernetes.io/aws-load-balancer-scheme": "internet-facing",
  },
};

function serviceValues(gateway: IstioGatewayArgs) {
  const { exposure = GatewayExposure.none, sourceRanges = [], annotations = {}, loadBalancerClass } = gateway;
  if (exposure === GatewayExposure.none) return { type: "ClusterIP", ports: [HTTP, HTTPS], annotations };
  return compact({
    type: "LoadBalancer",
    ports: exposure === GatewayExposure.public ? [HTTPS] : [HTTP, HTTPS],
    annotations: { ...loadBalancers[exposure], ...annotations },
    loadBalancerSourceRanges: sourceRanges,
    loadBalancerClass,
  });
}
