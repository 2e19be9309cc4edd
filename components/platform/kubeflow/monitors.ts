import type { Adjustment, KubernetesObject, PlatformFacts } from "../../rendering";
import { added } from "./manifest-edits";

/** What Prometheus reads from a Service. */
export interface MonitoredService {
  /** Name of the Service and of its monitor. */
  name: string;
  namespace: string;
  /** Labels of the Service. */
  labels: Record<string, string>;
  /** Name of the Service's port. */
  port: string;
}

/** Adds a ServiceMonitor where the platform has Prometheus. */
export function monitored({ prometheus }: PlatformFacts, service: MonitoredService): Adjustment {
  if (prometheus !== true) return (objects) => objects;
  const { name, namespace, labels, port } = service;
  const monitor: KubernetesObject = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "ServiceMonitor",
    metadata: { name, namespace, labels },
    spec: { selector: { matchLabels: labels }, endpoints: [{ port, path: "/metrics" }] },
  };
  return added(monitor);
}
