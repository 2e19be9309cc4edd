import { Monitoring } from "../../../../components/platform/monitoring";
import { monitoringValues } from "../../../../components/platform/monitoring/monitoring-values";
import type { PartCase } from "../../../support/part-case";

/** The part for monitoring. */
export const cases: PartCase[] = [
  {
    part: "Monitoring",
    create: (name, args) => new Monitoring(name, args),
    options: {
      platform: [undefined, { certManager: true, prometheus: true, systemPool: "system" }, { simulated: true }],
      namespace: [undefined, "observability"],
      replicas: [undefined, 2],
      resources: [undefined, { memory: "8Gi" }],
      retention: [undefined, "30d"],
      storage: [undefined, { size: "500Gi", className: "gp3" }],
      alertmanagerConfig: [undefined, "route: { receiver: none }\nreceivers: [{ name: none }]\n"],
      grafana: [undefined, false],
      passwordRotation: [undefined, "2"],
      alerts: [undefined, false],
      disabledAlerts: [undefined, ["GpuTooHot"]],
      thresholds: [undefined, { idleMinutes: 60 }],
      controlPlaneTargets: [undefined, true],
    },
    charts: [
      {
        values: (args) => monitoringValues(args, { grafanaAdmin: "grafana-admin", alertmanagerConfig: undefined }),
        upstream: "kube-prometheus-stack/chart/values.yaml",
        open: [
          // Charts within the chart have values of their own.
          "grafana",
          "kube-state-metrics",
          "prometheus-node-exporter",
          "prometheusOperator.nodeSelector",
          "prometheusOperator.resources",
          "prometheusOperator.prometheusConfigReloader.resources",
          "prometheus.prometheusSpec.nodeSelector",
          "prometheus.prometheusSpec.resources",
          "prometheus.prometheusSpec.storageSpec",
          "alertmanager.alertmanagerSpec.nodeSelector",
          "alertmanager.alertmanagerSpec.resources",
          "alertmanager.alertmanagerSpec.storage",
        ],
      },
    ],
  },
];
