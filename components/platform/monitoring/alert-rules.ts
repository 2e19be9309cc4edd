import { type AlertThresholds, DEFAULT_THRESHOLDS } from "./alert-thresholds";
import { clusterAlerts } from "./cluster-alerts";
import { gpuAlerts } from "./gpu-alerts";
import { queueAlerts } from "./queue-alerts";

/** How much an alert matters. */
export type AlertSeverity = "critical" | "warning" | "info";

/** An alert, as data. */
export interface AlertRule {
  /** Name of the alert, one for the whole platform. */
  alert: string;
  /** PromQL that is true of what is the matter, for each thing that it is the matter with. */
  expr: string;
  /** Minutes for which it must be true. */
  minutes: number;
  severity: AlertSeverity;
  /** What is the matter, in one line. */
  summary: string;
  /** The same with the thing's own names. */
  description: string;
  /** What to look at, and what to do. */
  runbook: string;
}

/** Alerts that belong together. */
export interface AlertGroup {
  /** Name of the group, and of its PrometheusRule. */
  name: string;
  rules: AlertRule[];
}

/** All alerts of the part, by what they are about. */
export function alertGroups(thresholds: AlertThresholds = {}): AlertGroup[] {
  const all = { ...DEFAULT_THRESHOLDS, ...thresholds };
  return [
    { name: "gpu", rules: gpuAlerts(all) },
    { name: "queues", rules: queueAlerts(all) },
    { name: "cluster", rules: clusterAlerts(all) },
  ];
}

/** Names of all alerts of the part. */
export const ALERT_NAMES = alertGroups().flatMap(({ rules }) => rules.map(({ alert }) => alert));

/** A group of alerts as the Prometheus operator has it, without those that are left out. */
export function prometheusRule({ name, rules }: AlertGroup, namespace: unknown, disabled: string[] = []) {
  const kept = rules.filter(({ alert }) => !disabled.includes(alert));
  return {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "PrometheusRule",
    metadata: { name: `mlstack-${name}`, namespace },
    spec: { groups: [{ name: `mlstack-${name}`, rules: kept.map(ruleEntry) }] },
  };
}

function ruleEntry({ alert, expr, minutes, severity, summary, description, runbook }: AlertRule) {
  return {
    alert,
    expr,
    for: `${minutes}m`,
    labels: { severity },
    annotations: { summary, description, runbook },
  };
}
