import { describe, expect, it } from "vitest";
import { ALERT_NAMES, alertGroups, prometheusRule } from "../../../../components/platform/monitoring/alert-rules";
import { hasUpstream } from "../../../support/platform-mirror";
import { dcgmMetrics, knownMetrics, upstreamCounters } from "./known-metrics";
import { isBalanced, metricsOf } from "./promql";

const rules = alertGroups().flatMap((group) => group.rules);

describe("the metrics of a query", () => {
  it.each([
    ['sum by (a) (rate(m_total{x="y"}[5m])) > 0', ["m_total"]],
    ["a_b * on (node) group_left (c) d_e and on () count(f) == 0 or vector(0)", ["a_b", "d_e", "f"]],
    ["min_over_time(a_b[60m:1m]) > 0 unless max(c_d offset 60m) > 0", ["a_b", "c_d"]],
    ["histogram_quantile(0.5, sum by (le) (rate(h_bucket[1h])))", ["h_bucket"]],
  ])("%s", (query, metrics) => {
    expect(metricsOf(query)).toEqual(metrics);
  });
});

describe("the alerts", () => {
  it("have names of their own", () => {
    expect(new Set(ALERT_NAMES).size).toBe(ALERT_NAMES.length);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))("%s names only metrics that are there", (_, rule) => {
    expect(metricsOf(rule.expr)).not.toEqual([]);
    expect(metricsOf(rule.expr).filter((metric) => !knownMetrics.includes(metric))).toEqual([]);
    expect(isBalanced(rule.expr)).toBe(true);
  });

  it.each(rules.map((rule) => [rule.alert, rule] as const))("%s says what to do", (_, rule) => {
    expect(rule.summary).toMatch(/^[A-Z].*\.$/s);
    expect(rule.description).toContain("{{ $");
    expect(rule.runbook.length).toBeGreaterThan(40);
  });

  it("name no label of the exporter's that changes with its version", () => {
    expect(rules.filter(({ expr, description }) => /hostname/i.test(expr + description))).toEqual([]);
  });

  it.skipIf(!hasUpstream)("use counters that the exporter has on by default", () => {
    expect(dcgmMetrics.filter((metric) => !upstreamCounters().includes(metric))).toEqual([]);
  });

  it("are raised when the thresholds say so", () => {
    const groups = alertGroups({ idlePercent: 10, idleMinutes: 60, volumePercent: 80 });
    const all = groups.flatMap((group) => group.rules);
    expect(all.find(({ alert }) => alert === "GpuAllocatedButIdle")?.expr).toBe(
      'avg by (exported_namespace, exported_pod) (avg_over_time(DCGM_FI_DEV_GPU_UTIL{exported_pod!=""}[60m])) < 10 ' +
        'and on (exported_namespace, exported_pod) DCGM_FI_DEV_GPU_UTIL{exported_pod!=""} offset 60m',
    );
    expect(all.find(({ alert }) => alert === "VolumeNearlyFull")?.expr).toMatch(/> 80$/);
  });
});

describe("a PrometheusRule", () => {
  it("has the alerts of one group, without those that are left out", () => {
    const [, queues] = alertGroups();
    const rule = prometheusRule(queues!, "monitoring", ["QueueEvictsOften"]);
    expect(rule.metadata).toEqual({ name: "mlstack-queues", namespace: "monitoring" });
    const [group] = rule.spec.groups;
    expect(group?.rules.map(({ alert }) => alert)).toEqual(["QueueNotMoving", "QueueInactive"]);
    expect(group?.rules[1]).toMatchObject({
      for: "15m",
      labels: { severity: "critical" },
      annotations: { summary: "A queue admits nothing at all." },
    });
  });
});
