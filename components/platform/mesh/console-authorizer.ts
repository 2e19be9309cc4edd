import type { ExternalAuthorizer } from "./mesh-facts";

/** Namespace of the proxy that signs users in, where nothing else is asked for. */
export const CONSOLE_ACCESS_NAMESPACE = "console-access";
/** Name of the proxy's objects. */
export const OAUTH2_PROXY = "oauth2-proxy";
/** Port of the proxy. */
export const OAUTH2_PROXY_PORT = 4180;
/** Name that the mesh calls the proxy by. */
export const CONSOLE_AUTHORIZER = "console-access";

/**
 * The authorizer that `ConsoleAccess` brings. `Istio` knows that of the default namespace already; where the namespace is
 * another one, give this to `Istio` as one of its `authorizers`.
 *
 * @see https://oauth2-proxy.github.io/oauth2-proxy/configuration/integrations/ (7.15)
 */
export function consoleAuthorizer(namespace = CONSOLE_ACCESS_NAMESPACE): ExternalAuthorizer {
  return {
    name: CONSOLE_AUTHORIZER,
    service: `${OAUTH2_PROXY}.${namespace}.svc.cluster.local`,
    port: OAUTH2_PROXY_PORT,
    requestHeaders: ["cookie", "user-agent", "accept"],
    // The token that the mesh verifies takes the place of whatever the client sent.
    upstreamHeaders: ["authorization"],
    clientHeaders: ["content-type", "set-cookie", "location", "cache-control"],
    // The cookie of a session whose token was renewed on the way.
    passedClientHeaders: ["set-cookie"],
  };
}
