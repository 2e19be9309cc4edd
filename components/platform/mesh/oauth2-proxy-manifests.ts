import { bareVersion } from "../../model";
import { IMAGES } from "../../model/images";
import { partResources, systemNodes } from "../part/part-args";
import type { ConsoleAccessArgs, ConsoleSecretKey } from "./console-access-args";
import { OAUTH2_PROXY, OAUTH2_PROXY_PORT } from "./console-authorizer";
import { type MeshGateway, meshGateway } from "./mesh-facts";

/** User of the image. @see https://github.com/oauth2-proxy/oauth2-proxy/blob/v7.15.4/Dockerfile */
const USER = 65532;

/** Secret with the key of session cookies. */
export const COOKIE_SECRET = "oauth2-proxy-cookie";
/** Key of {@link COOKIE_SECRET}. */
export const COOKIE_KEY = "secret";
/** Secret with the client's secret, where it is given as such. */
export const CLIENT_SECRET: ConsoleSecretKey = { name: "oauth2-proxy-client", key: "secret" };

const labels = { "app.kubernetes.io/name": OAUTH2_PROXY };

/** The gateway that consoles are behind. */
export function gatewayOf({ gateway = meshGateway() }: ConsoleAccessArgs): MeshGateway {
  return gateway;
}

/**
 * What the proxy is told. It serves no console itself: the mesh asks it about each request, and it answers with 200 and the
 * user's token, or with the way to the provider.
 *
 * @see https://oauth2-proxy.github.io/oauth2-proxy/configuration/overview (7.15)
 */
export function oauth2ProxyFlags(args: ConsoleAccessArgs): string[] {
  const { oidc, sessionHours = 12 } = args;
  const { scopes = ["openid", "email", "profile", "groups"], groupsClaim = "groups" } = oidc;
  return [
    `--http-address=0.0.0.0:${OAUTH2_PROXY_PORT}`,
    "--provider=oidc",
    `--oidc-issuer-url=${oidc.issuer}`,
    `--client-id=${oidc.clientId}`,
    `--scope=${scopes.join(" ")}`,
    `--oidc-groups-claim=${groupsClaim}`,
    "--code-challenge-method=S256",
    // On whichever console's host the user comes back.
    "--redirect-url=/oauth2/callback",
    ...args.emailDomains.map((domain) => `--email-domain=${domain}`),
    ...args.allowedGroups.map((group) => `--allowed-group=${group}`),
    "--upstream=static://200",
    "--set-authorization-header=true",
    "--skip-provider-button=true",
    // A host's own: no other host can set or read it.
    "--cookie-name=__Host-console",
    "--cookie-secure=true",
    "--cookie-httponly=true",
    "--cookie-samesite=lax",
    `--cookie-expire=${sessionHours}h`,
    // Tokens of some providers last for five minutes only; the mesh refuses old ones.
    "--cookie-refresh=4m",
    "--cookie-csrf-per-request=true",
    "--silence-ping-logging=true",
  ];
}

/** The proxy. */
export function oauth2ProxyDeployment(namespace: string, cookieSecret: string, args: ConsoleAccessArgs) {
  const { replicas = 2, version, platform, resources, oidc } = args;
  const fromSecret = ({ name, key }: ConsoleSecretKey) => ({ secretKeyRef: { name, key } });
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, periodSeconds: 10 });
  return {
    metadata: { name: OAUTH2_PROXY, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          nodeSelector: systemNodes(platform),
          securityContext: { runAsNonRoot: true, runAsUser: USER, seccompProfile: { type: "RuntimeDefault" } },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "ScheduleAnyway",
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [
            {
              name: OAUTH2_PROXY,
              image:
                version === undefined
                  ? IMAGES.oauth2Proxy
                  : `quay.io/oauth2-proxy/oauth2-proxy:v${bareVersion(version)}`,
              args: oauth2ProxyFlags(args),
              env: [
                {
                  name: "OAUTH2_PROXY_CLIENT_SECRET",
                  valueFrom: fromSecret(oidc.clientSecretFrom ?? CLIENT_SECRET),
                },
                { name: "OAUTH2_PROXY_COOKIE_SECRET", valueFrom: fromSecret({ name: cookieSecret, key: COOKIE_KEY }) },
              ],
              ports: [{ name: "http", containerPort: OAUTH2_PROXY_PORT }],
              resources: partResources(resources, { cpu: "100m", memory: "128Mi" }),
              readinessProbe: probe("/ready"),
              livenessProbe: probe("/ping"),
              securityContext: {
                allowPrivilegeEscalation: false,
                readOnlyRootFilesystem: true,
                capabilities: { drop: ["ALL"] },
              },
            },
          ],
        },
      },
    },
  };
}

/** Where the mesh finds the proxy. */
export function oauth2ProxyService(namespace: string) {
  return {
    metadata: { name: OAUTH2_PROXY, namespace, labels },
    spec: { selector: labels, ports: [{ name: "http", port: OAUTH2_PROXY_PORT, targetPort: "http" }] },
  };
}

/** Keeps the proxy there through drains; with one pod there is nothing to keep. */
export function oauth2ProxyBudget(namespace: string, { replicas = 2 }: ConsoleAccessArgs) {
  if (replicas === 1) return undefined;
  return {
    metadata: { name: OAUTH2_PROXY, namespace, labels },
    spec: { minAvailable: 1, selector: { matchLabels: labels } },
  };
}

/** Only the gateway asks the proxy. */
export function oauth2ProxyNetworkPolicy(namespace: string, args: ConsoleAccessArgs) {
  const gateway = gatewayOf(args);
  const from = [
    {
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": gateway.namespace } },
      podSelector: { matchLabels: gateway.selector },
    },
  ];
  return {
    metadata: { name: OAUTH2_PROXY, namespace, labels },
    spec: {
      podSelector: { matchLabels: labels },
      policyTypes: ["Ingress"],
      ingress: [{ from, ports: [{ protocol: "TCP", port: OAUTH2_PROXY_PORT }] }],
    },
  };
}
