import { checkWholeNumber, compact, type InputProblem, inputProblem } from "../../internal";
import type { Manifest } from "../object";
import type { RouteArgs } from "./route-args";

/** Gateway that Istio has with a TLS Secret. */
const HTTPS_GATEWAY = "istio-ingress/https";

/** What of a failed request may be tried again without doing anything twice. */
const RETRIED = "connect-failure,refused-stream,unavailable,cancelled";

/** A Service that requests go to. */
export interface Destination {
  /** Name of the Service, in the route's namespace. */
  service: string;
  /** Port of the Service. */
  port: number;
  /** Share of the requests, in percent; all by default. */
  weight?: number;
}

/** A rule of a VirtualService: which requests, and where they go. */
export interface RouteRule {
  /** What requests have; all by default. */
  match?: object[];
  /** Where they go. */
  destinations: Destination[];
}

/**
 * A VirtualService of Istio.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/virtual-service/ (1.30)
 */
export function virtualService(
  metadata: Manifest["metadata"],
  { hosts, gateways, timeoutSeconds, retries }: RouteArgs,
  rules: RouteRule[],
): Manifest {
  const common = compact({
    timeout: timeoutSeconds === undefined ? undefined : `${timeoutSeconds}s`,
    retries: retries === undefined ? undefined : retriesOf(retries),
  });
  return {
    apiVersion: "networking.istio.io/v1",
    kind: "VirtualService",
    metadata,
    spec: {
      hosts,
      gateways: gateways ?? [HTTPS_GATEWAY],
      http: rules.map(({ match, destinations }) => ({
        ...(match === undefined ? {} : { match }),
        route: destinations.map(destinationOf),
        ...common,
      })),
    },
  };
}

/** What requests that begin with a path have. */
export function pathMatch({ path }: Pick<RouteArgs, "path">): Pick<RouteRule, "match"> {
  return path === undefined ? {} : { match: [{ uri: { prefix: path } }] };
}

function retriesOf(attempts: number) {
  return attempts === 0 ? { attempts } : { attempts, retryOn: RETRIED };
}

function destinationOf({ service, port, weight }: Destination) {
  return compact({ destination: { host: service, port: { number: port } }, weight });
}

/** Checks how requests come in. */
export function checkRoute(path: string, route: RouteArgs | undefined): InputProblem[] {
  if (route === undefined) return [];
  const { gateways = [HTTPS_GATEWAY] } = route;
  const hosts = route.hosts ?? [];
  return [
    ...(hosts.length > 0 ? [] : [inputProblem(`${path}.hosts`, hosts, "at least one name", "Name a host.")]),
    ...hosts.flatMap((host, index) => checkHost(`${path}.hosts[${index}]`, host)),
    ...(gateways.length > 0
      ? []
      : [inputProblem(`${path}.gateways`, gateways, "at least one gateway", "Name one, or leave it out.")]),
    ...gateways.flatMap((gateway, index) => checkGateway(`${path}.gateways[${index}]`, gateway)),
    ...(route.path === undefined || route.path.startsWith("/")
      ? []
      : [inputProblem(`${path}.path`, route.path, "a path that begins with /", "Write it like /churn.")]),
    ...checkWholeNumber(`${path}.timeoutSeconds`, route.timeoutSeconds, { min: 1 }),
    ...checkWholeNumber(`${path}.retries`, route.retries, { min: 0 }),
  ];
}

const LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
const HOST = new RegExp(`^(\\*\\.)?(${LABEL}\\.)+${LABEL}$`);
const GATEWAY = new RegExp(`^${LABEL}/${LABEL}$`);

function checkHost(path: string, host: string): InputProblem[] {
  if (host.length <= 253 && HOST.test(host)) return [];
  return [inputProblem(path, host, "a full host name", "Write it like churn.example.com.")];
}

function checkGateway(path: string, gateway: string): InputProblem[] {
  if (GATEWAY.test(gateway)) return [];
  return [inputProblem(path, gateway, "a namespace, a slash and a name", "Write it like istio-ingress/https.")];
}
