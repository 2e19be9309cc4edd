import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dashboardConfigMap, dashboardJson, DASHBOARDS } from "../../../../components/platform/monitoring/dashboards";
import { knownMetrics } from "./known-metrics";
import { isBalanced, metricsOf } from "./promql";

interface Panel {
  id: number;
  type: string;
  title: string;
  description?: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { expr: string; datasource: { uid: string } }[];
}

interface Dashboard {
  uid: string;
  title: string;
  panels: Panel[];
  templating: { list: { name: string; type: string; definition?: string }[] };
}

const read = (name: string) => JSON.parse(dashboardJson(name)) as Dashboard;
const folder = join(__dirname, "..", "..", "..", "..", "components", "platform", "monitoring", "dashboards");

/** Queries of panels, and the metrics that variables take their values from. */
function queriesOf({ panels, templating }: Dashboard): string[] {
  const variables = templating.list.flatMap(({ definition }) => definition ?? []);
  const sources = variables.map((definition) => /^label_values\((.*), \w+\)$/.exec(definition)?.[1] ?? "");
  return [...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)), ...sources];
}

function overlaps(a: Panel["gridPos"], b: Panel["gridPos"]): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

it("every file is a dashboard that is registered", () => {
  expect(readdirSync(folder).sort()).toEqual(DASHBOARDS.map((name) => `${name}.json`).sort());
});

it("dashboards have addresses of their own", () => {
  const uids = DASHBOARDS.map((name) => read(name).uid);
  expect(new Set(uids).size).toBe(uids.length);
});

describe.each(DASHBOARDS)("the dashboard %s", (name) => {
  const dashboard = read(name);
  const { panels } = dashboard;

  it("numbers its panels, each once", () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it("lays no panel over another", () => {
    const clashes = panels.flatMap((panel, index) =>
      panels.slice(index + 1).flatMap((other) => (overlaps(panel.gridPos, other.gridPos) ? [panel.title] : [])),
    );
    expect(clashes).toEqual([]);
    expect(panels.filter(({ gridPos }) => gridPos.x + gridPos.w > 24)).toEqual([]);
  });

  it("says of each panel what it shows", () => {
    expect(panels.filter(({ type, description }) => type !== "row" && !description)).toEqual([]);
  });

  it("names only metrics that are there, in queries that are whole", () => {
    const queries = queriesOf(dashboard);
    const unknown = queries.flatMap(metricsOf).filter((metric) => !knownMetrics.includes(metric));
    expect(unknown).toEqual([]);
    expect(queries.filter((query) => !isBalanced(query))).toEqual([]);
    expect(queries.filter((query) => query === "")).toEqual([]);
  });

  it("uses the variables that it has, and asks the data source that was chosen", () => {
    const used = queriesOf(dashboard).flatMap((query) =>
      [...query.matchAll(/\$(\w+)/g)].map(([, variable]) => variable!),
    );
    const own = dashboard.templating.list.map((variable) => variable.name);
    expect(used.filter((variable) => !own.includes(variable) && !variable.startsWith("__"))).toEqual([]);
    const sources = panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid));
    expect(new Set(sources)).toEqual(new Set(["${datasource}"]));
  });

  it("names no label of the exporter's that changes with its version", () => {
    expect(dashboardJson(name)).not.toMatch(/hostname/i);
  });

  it("is a ConfigMap that Grafana's sidecar finds, and small enough for one", () => {
    const { metadata, data } = dashboardConfigMap(name, "monitoring");
    expect(metadata).toEqual({
      name: `dashboard-${name}`,
      namespace: "monitoring",
      labels: { grafana_dashboard: "1" },
    });
    const text = data[`${name}.json`]!;
    expect(JSON.parse(text)).toEqual(dashboard);
    expect(text.length).toBeLessThan(256 * 1024);
  });
});
