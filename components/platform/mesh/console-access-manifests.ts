import { compact } from "../../internal";
import type { KubernetesObject } from "../../rendering";
import type { Console, ConsoleAccessArgs } from "./console-access-args";
import { CONSOLE_AUTHORIZER } from "./console-authorizer";
import { httpsGateway } from "./istio-manifests";
import { gatewayPrincipal } from "./mesh-facts";
import { gatewayOf } from "./oauth2-proxy-manifests";

const SECURITY = "security.istio.io/v1";
const NETWORKING = "networking.istio.io/v1";
/** Name of what all consoles share. */
const SHARED = "consoles";

/** Headers by which consoles know users, which no client may set. */
const USER_HEADERS = [
  "x-auth-request-user",
  "x-auth-request-email",
  "x-auth-request-groups",
  "x-auth-request-preferred-username",
  "x-forwarded-user",
  "x-forwarded-email",
  "x-forwarded-groups",
  "x-forwarded-preferred-username",
  "x-forwarded-access-token",
  "x-webauth-user",
];

/** Header with the verified user. */
export function userHeaderOf({ userHeader = "kubeflow-userid" }: ConsoleAccessArgs): string {
  return userHeader;
}

/** A host with and without a port behind it, as clients may send it. */
function hostsOf(consoles: Console[]): string[] {
  return consoles.flatMap(({ host }) => [host, `${host}:*`]);
}

/**
 * The rules and routes of the consoles, in the order in which a request meets them: headers that only the gateway may set
 * are taken off; the proxy is asked; the token is verified and names the user; the groups of the token decide.
 *
 * @see https://istio.io/latest/docs/tasks/security/authorization/authz-custom/ (1.30)
 */
export function consoleObjects(args: ConsoleAccessArgs): KubernetesObject[] {
  return [
    strippedHeaders(args),
    askingProxy(args),
    verifiedToken(args),
    ...args.consoles.map((console) => allowedGroups(args, console)),
    ...args.consoles.flatMap((console) => gatewayAlone(args, console)),
    ...certificate(args),
    sharedGateway(args),
    ...args.consoles.map((console) => route(args, console)),
  ];
}

function atGateway(args: ConsoleAccessArgs, apiVersion: string, kind: string, name: string, spec: object) {
  return { apiVersion, kind, metadata: { name, namespace: gatewayOf(args).namespace }, spec };
}

function selected(args: ConsoleAccessArgs) {
  return { selector: { matchLabels: gatewayOf(args).selector } };
}

/** @see https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/header_mutation_filter (1.38) */
function strippedHeaders(args: ConsoleAccessArgs): KubernetesObject {
  const headers = [...new Set([userHeaderOf(args), ...USER_HEADERS])];
  const type = "type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation";
  const connectionManager = { filter: { name: "envoy.filters.network.http_connection_manager" } };
  return atGateway(args, "networking.istio.io/v1alpha3", "EnvoyFilter", `${SHARED}-headers`, {
    workloadSelector: { labels: gatewayOf(args).selector },
    configPatches: [
      {
        applyTo: "HTTP_FILTER",
        match: { context: "GATEWAY", listener: { filterChain: connectionManager } },
        patch: {
          operation: "INSERT_FIRST",
          value: {
            name: "envoy.filters.http.header_mutation",
            typed_config: {
              "@type": type,
              mutations: { request_mutations: headers.map((remove) => ({ remove })) },
            },
          },
        },
      },
    ],
  });
}

function askingProxy(args: ConsoleAccessArgs): KubernetesObject {
  return atGateway(args, SECURITY, "AuthorizationPolicy", `${SHARED}-signed-in`, {
    ...selected(args),
    action: "CUSTOM",
    provider: { name: CONSOLE_AUTHORIZER },
    rules: [{ to: [{ operation: { hosts: hostsOf(args.consoles) } }] }],
  });
}

function verifiedToken(args: ConsoleAccessArgs): KubernetesObject {
  const { oidc, forwardToken = false } = args;
  const { issuer, clientId, jwksUri, userClaim = "email" } = oidc;
  return atGateway(args, SECURITY, "RequestAuthentication", SHARED, {
    ...selected(args),
    jwtRules: [
      compact({
        issuer,
        // Tokens that the provider has made for others are none for the platform.
        audiences: [clientId],
        jwksUri,
        forwardOriginalToken: forwardToken,
        outputClaimToHeaders: [{ header: userHeaderOf(args), claim: userClaim }],
      }),
    ],
  });
}

function allowedGroups(args: ConsoleAccessArgs, console: Console): KubernetesObject {
  const { oidc } = args;
  const { groupsClaim = "groups", issuer } = oidc;
  return atGateway(args, SECURITY, "AuthorizationPolicy", `console-${console.name}`, {
    ...selected(args),
    action: "ALLOW",
    rules: [
      {
        from: [{ source: { requestPrincipals: [`${issuer}/*`] } }],
        to: [{ operation: { hosts: hostsOf([console]) } }],
        when: [{ key: `request.auth.claims[${groupsClaim}]`, values: console.groups ?? args.allowedGroups }],
      },
    ],
  });
}

/** Pods of a console believe the header with the user, so none but the gateway may talk to that port. */
function gatewayAlone(args: ConsoleAccessArgs, console: Console): KubernetesObject[] {
  const { name, namespace, workload, podPort = console.port ?? 80 } = console;
  if (workload === undefined) return [];
  const ports = [String(podPort)];
  return [
    {
      apiVersion: SECURITY,
      kind: "AuthorizationPolicy",
      metadata: { name: `console-${name}`, namespace },
      spec: {
        selector: { matchLabels: workload },
        action: "ALLOW",
        rules: [
          {
            from: [{ source: { principals: [gatewayPrincipal(gatewayOf(args))] } }],
            to: [{ operation: { ports } }],
          },
          { to: [{ operation: { notPorts: ports } }] },
        ],
      },
    },
  ];
}

function certificate(args: ConsoleAccessArgs): KubernetesObject[] {
  const { clusterIssuer, tlsSecret, consoles } = args;
  if (clusterIssuer === undefined) return [];
  return [
    atGateway(args, "cert-manager.io/v1", "Certificate", tlsSecret, {
      secretName: tlsSecret,
      dnsNames: consoles.map(({ host }) => host),
      privateKey: { algorithm: "ECDSA", size: 256, rotationPolicy: "Always" },
      issuerRef: { kind: "ClusterIssuer", name: clusterIssuer, group: "cert-manager.io" },
    }),
  ];
}

function sharedGateway(args: ConsoleAccessArgs): KubernetesObject {
  const hosts = args.consoles.map(({ host }) => host);
  return atGateway(args, NETWORKING, "Gateway", SHARED, httpsGateway(gatewayOf(args).selector, hosts, args.tlsSecret));
}

function route(args: ConsoleAccessArgs, { name, host, namespace, service, port = 80 }: Console): KubernetesObject {
  const destination = { host: `${service}.${namespace}.svc.cluster.local`, port: { number: port } };
  return atGateway(args, NETWORKING, "VirtualService", `console-${name}`, {
    hosts: [host],
    gateways: [SHARED],
    http: [{ route: [{ destination }] }],
  });
}
