import { connect, type Socket } from "node:net";
import type { V1Pod, V1Service } from "@kubernetes/client-node";
import { connectInto } from "./gateway";

/** A pod that runs, and the folder through which it is reached. */
export interface RunningPod {
  pod: V1Pod;
  /** Its address, which nothing on this machine has. */
  ip: string;
  gateway: string;
}

/** What the router looks at; both lists may change at any time. */
export interface Surroundings {
  services: () => Iterable<V1Service>;
  pods: () => Iterable<RunningPod>;
  /** Port of the API server on loopback. */
  apiServerPort: number;
  /** Leads to real nodes, their pods and the Services behind which these are; nowhere by default. */
  realNodes?: (address: string) => Socket | undefined;
}

/** Name of a Service with its namespace, whatever domain of the cluster follows. */
const SERVICE_NAME = /^([-a-z0-9]+)\.([-a-z0-9]+)(?:\.svc(?:\.cluster\.local)?)?\.?$/;

/** What a Service without an address of its own has in place of it. */
const HEADLESS = "None";

/** Leads connections to pods, and those to Services to a pod behind them, as kube-proxy does. */
export class Router {
  private readonly hosted = new Map<string, () => Socket>();

  constructor(private readonly surroundings: Surroundings) {}

  /** Has somebody answer for a Service, known as `web.shop.svc`, while no running pod is behind it. */
  host(service: string, connectTo: () => Socket): void {
    this.hosted.set(service, connectTo);
  }

  /** Connects to an address as `10.0.0.1:443`; undefined where nobody is behind it. */
  readonly connect = (address: string): Socket | undefined =>
    this.connectOutside(address) ?? this.surroundings.realNodes?.(address);

  /**
   * The same for what comes out of a real node, which knows itself what is in there: led back in, it would come out again, and
   * so on, while Services and pods are not known here yet.
   */
  readonly connectOutside = (address: string): Socket | undefined => {
    const [ip = "", port = ""] = address.split(":");
    const service = this.serviceAt(ip);
    if (service === undefined) return this.connectToPod(ip, Number(port));
    const { name, namespace } = service.metadata ?? {};
    if (name === "kubernetes" && namespace === "default") return connect(this.surroundings.apiServerPort, "127.0.0.1");
    const target = service.spec?.ports?.find((each) => each.port === Number(port))?.targetPort ?? Number(port);
    for (const { pod, gateway } of this.surroundings.pods()) {
      if (!isBehind(service, pod)) continue;
      const number = portOf(pod, target);
      if (number !== undefined) return connectInto(gateway, number);
    }
    return this.hosted.get(`${name}.${namespace}.svc`)?.();
  };

  /** Addresses, as `198.51.100.7:9443`, that Services lead to and programs answer at. */
  targets(): string[] {
    const pods = [...this.surroundings.pods()];
    return [...this.surroundings.services()].flatMap((service) =>
      pods
        .filter(({ pod }) => isBehind(service, pod))
        .flatMap(({ pod, ip }) =>
          (service.spec?.ports ?? []).flatMap(({ port, targetPort = port }) => {
            const number = portOf(pod, targetPort);
            return number === undefined ? [] : [`${ip}:${number}`];
          }),
        ),
    );
  }

  /** Address and ports of a Service by the names that pods have for it, such as `web.shop` and `web.shop.svc.cluster.local`. */
  readonly lookUp = (name: string): { address: string; ports: number[] } | undefined => {
    const [, service, namespace] = SERVICE_NAME.exec(name.toLowerCase()) ?? [];
    for (const { metadata, spec } of this.surroundings.services()) {
      if (metadata?.name !== service || metadata?.namespace !== namespace) continue;
      const address = spec?.clusterIP;
      if (!address || address === HEADLESS) return undefined;
      return { address, ports: (spec.ports ?? []).map(({ port }) => port) };
    }
    return undefined;
  };

  private connectToPod(address: string, port: number): Socket | undefined {
    for (const { ip, gateway } of this.surroundings.pods()) if (ip === address) return connectInto(gateway, port);
    return undefined;
  }

  private serviceAt(ip: string): V1Service | undefined {
    for (const service of this.surroundings.services()) if (service.spec?.clusterIP === ip) return service;
    return undefined;
  }
}

function isBehind({ metadata, spec }: V1Service, pod: V1Pod): boolean {
  const selector = Object.entries(spec?.selector ?? {});
  if (selector.length === 0 || metadata?.namespace !== pod.metadata?.namespace) return false;
  return selector.every(([key, value]) => pod.metadata?.labels?.[key] === value);
}

/** Number of the port that a Service leads to in a pod. */
function portOf(pod: V1Pod, target: string | number): number | undefined {
  return typeof target === "number" ? target : namedPort(pod, target);
}

/** Number of a port of a pod's containers by its name, or by its digits. */
export function namedPort(pod: V1Pod, name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name);
  const ports = pod.spec?.containers.flatMap((container) => container.ports ?? []) ?? [];
  return ports.find((port) => port.name === name)?.containerPort;
}
