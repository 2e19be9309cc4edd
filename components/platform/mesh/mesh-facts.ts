/** A gateway of the mesh, as those who route through it must know it. */
export interface MeshGateway {
  /** Namespace of the gateway's pods; certificates for it lie there. */
  namespace: string;
  /** Service account of the gateway's pods, by which workloads know it. */
  serviceAccount: string;
  /** Labels of the gateway's pods, by which routes and policies select it. */
  selector: Record<string, string>;
}

/** A service that the mesh asks whether a request may pass, over HTTP. */
export interface ExternalAuthorizer {
  /** Name that AuthorizationPolicies of the action `CUSTOM` call it by. */
  name: string;
  /** Host of the service, for example `oauth2-proxy.console-access.svc.cluster.local`. */
  service: string;
  /** Port of the service, from 1 to 65535. */
  port: number;
  /** Headers of the request that it is told, beside `Host`, method and path; none by default. */
  requestHeaders?: string[];
  /** Headers of its answer that go on with a request that may pass; none by default. */
  upstreamHeaders?: string[];
  /** Headers of its answer that go back to the client of a request that may not pass; none by default. */
  clientHeaders?: string[];
  /** Headers of its answer that go back to the client of a request that may pass; none by default. */
  passedClientHeaders?: string[];
}

/** Name of the gateway, and of its namespace where nothing else is asked for. */
const GATEWAY_RELEASE = "istio-ingress";

/** Domain of the identities of workloads. */
const TRUST_DOMAIN = "cluster.local";

/** The gateway that `Istio` makes, in a namespace. */
export function meshGateway(namespace = GATEWAY_RELEASE): MeshGateway {
  // The chart takes "istio-" off for this label.
  const selector = { app: GATEWAY_RELEASE, istio: GATEWAY_RELEASE.replace(/^istio-/, "") };
  return { namespace, serviceAccount: GATEWAY_RELEASE, selector };
}

/** Identity of a gateway, as AuthorizationPolicies spell it. */
export function gatewayPrincipal({ namespace, serviceAccount }: MeshGateway): string {
  return `${TRUST_DOMAIN}/ns/${namespace}/sa/${serviceAccount}`;
}
