import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Dashboards of the part, by the names of their files. */
export const DASHBOARDS = ["gpu-overview", "workload-pods", "queues"];

/** Label, with its value, by which Grafana's sidecar finds dashboards. */
export const DASHBOARD_LABEL: Record<string, string> = { grafana_dashboard: "1" };

/** A dashboard as Grafana reads it. */
export function dashboardJson(name: string): string {
  return readFileSync(join(__dirname, "dashboards", `${name}.json`), "utf8");
}

/** The ConfigMap that Grafana's sidecar takes a dashboard from. */
export function dashboardConfigMap(name: string, namespace: unknown) {
  return {
    metadata: { name: `dashboard-${name}`, namespace, labels: DASHBOARD_LABEL },
    // Without its line ends it takes less room in the cluster and in Pulumi's state.
    data: { [`${name}.json`]: JSON.stringify(JSON.parse(dashboardJson(name))) },
  };
}
