import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { parseQuantity } from "../../model";
import { type ChartValues, withValues } from "../../rendering";
import { partResources, systemNodes } from "../part/part-args";
import { DASHBOARD_LABEL } from "./dashboards";
import { DEFAULT_STORAGE_SIZE, type MonitoringArgs, type MonitoringStorage } from "./monitoring-args";

/** Namespace of monitoring where nothing else is asked for. */
export const MONITORING_NAMESPACE = "monitoring";

/** Name that the chart makes the names of objects from. */
export const MONITORING_RELEASE = "kube-prometheus-stack";

/** Secrets that the chart's programs read, by name. */
export interface MonitoringSecrets {
  /** Grafana's administrator, with `admin-user` and `admin-password`. */
  grafanaAdmin: string;
  /** Alertmanager's configuration, as `alertmanager.yaml`; undefined for the chart's own, which tells nobody. */
  alertmanagerConfig: string | undefined;
}

/** Namespace of the exporter that runs on every node: it sees the whole of it, so it is in none with other programs. */
export function nodeExporterNamespace({ namespace = MONITORING_NAMESPACE }: MonitoringArgs): string {
  return `${namespace}-nodes`;
}

/** Groups of the chart's alerts on what nobody reaches on EKS. */
const controlPlaneRules = [
  "etcd",
  "kubeControllerManager",
  "kubeProxy",
  "kubeSchedulerAlerting",
  "kubeSchedulerRecording",
];

/**
 * Values of kube-prometheus-stack: everything with limits and on the nodes for controllers, Grafana with a password that
 * nobody knew before, monitors and rules of every namespace, and certificates by cert-manager or no webhook at all, as the
 * chart's own are made by a hook.
 *
 * @see https://github.com/prometheus-community/helm-charts/blob/kube-prometheus-stack-88.5.3/charts/kube-prometheus-stack/values.yaml
 */
export function monitoringValues(args: MonitoringArgs, secrets: MonitoringSecrets): ChartValues {
  const { controlPlaneTargets = false } = args;
  const target = { enabled: controlPlaneTargets };
  const own = {
    fullnameOverride: MONITORING_RELEASE,
    crds: { enabled: true, upgradeJob: { enabled: false } },
    defaultRules: {
      create: true,
      rules: Object.fromEntries(controlPlaneRules.map((group) => [group, controlPlaneTargets] as const)),
    },
    kubeControllerManager: target,
    kubeEtcd: target,
    kubeProxy: target,
    kubeScheduler: target,
    prometheusOperator: operator(args),
    prometheus: prometheus(args),
    alertmanager: alertmanager(args, secrets),
    grafana: grafana(args, secrets),
    "kube-state-metrics": {
      nodeSelector: systemNodes(args.platform),
      resources: partResources(undefined, { cpu: "50m", memory: "256Mi" }),
      // It would need the right to read every Secret of the cluster.
      collectorsExclude: ["secrets"],
      metricLabelsAllowlist: ["nodes=[mlstack.dev/pool,node.kubernetes.io/instance-type,topology.kubernetes.io/zone]"],
    },
    "prometheus-node-exporter": {
      namespaceOverride: nodeExporterNamespace(args),
      resources: partResources(undefined, { cpu: "50m", memory: "128Mi" }),
    },
  };
  return withValues(own, args.values);
}

function operator({ platform = {} }: MonitoringArgs) {
  const certManager = platform.certManager ?? false;
  return {
    nodeSelector: systemNodes(platform),
    resources: partResources(undefined, { cpu: "100m", memory: "256Mi" }),
    prometheusConfigReloader: { resources: partResources(undefined, { cpu: "10m", memory: "64Mi" }) },
    admissionWebhooks: {
      enabled: certManager,
      // There is one pod of the operator: rules must be able to change while it moves.
      failurePolicy: "Ignore",
      patch: { enabled: false },
      certManager: { enabled: certManager },
    },
    tls: { enabled: certManager },
  };
}

function prometheus(args: MonitoringArgs) {
  const { platform, replicas = 1, retention = "15d", storage = {} } = args;
  return {
    podDisruptionBudget: { enabled: replicas > 1 },
    prometheusSpec: {
      replicas,
      retention,
      retentionSize: retentionSize(storage),
      nodeSelector: systemNodes(platform),
      resources: partResources(args.resources, { cpu: "500m", memory: "4Gi" }),
      storageSpec: volumeClaim(storage.size ?? DEFAULT_STORAGE_SIZE, storage.className),
      // Monitors and rules of all parts count, not only those with the label of the chart's release.
      ruleSelectorNilUsesHelmValues: false,
      serviceMonitorSelectorNilUsesHelmValues: false,
      podMonitorSelectorNilUsesHelmValues: false,
      probeSelectorNilUsesHelmValues: false,
      scrapeConfigSelectorNilUsesHelmValues: false,
    },
  };
}

const MEBIBYTE = 1024n ** 2n * 10n ** 9n;

/** Four fifths of the volume, as Prometheus counts: the log of what is not yet written needs room too. */
function retentionSize({ size = DEFAULT_STORAGE_SIZE }: MonitoringStorage): string {
  return `${(parseQuantity(size) * 4n) / 5n / MEBIBYTE}MB`;
}

function alertmanager(
  { platform, replicas = 1, storage = {} }: MonitoringArgs,
  { alertmanagerConfig }: MonitoringSecrets,
) {
  return {
    podDisruptionBudget: { enabled: replicas > 1 },
    alertmanagerSpec: compact({
      replicas,
      nodeSelector: systemNodes(platform),
      resources: partResources(undefined, { cpu: "50m", memory: "128Mi" }),
      storage: volumeClaim("2Gi", storage.className),
      useExistingSecret: alertmanagerConfig !== undefined,
      configSecret: alertmanagerConfig,
    }),
  };
}

function volumeClaim(size: string, storageClassName: pulumi.Input<string> | undefined) {
  const claim = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } };
  return { volumeClaimTemplate: { spec: compact({ ...claim, storageClassName }) } };
}

function grafana({ grafana: enabled = true, platform }: MonitoringArgs, { grafanaAdmin }: MonitoringSecrets) {
  const [[label, labelValue] = ["", ""]] = Object.entries(DASHBOARD_LABEL);
  return {
    enabled,
    admin: { existingSecret: grafanaAdmin, userKey: "admin-user", passwordKey: "admin-password" },
    nodeSelector: systemNodes(platform),
    resources: partResources(undefined, { cpu: "100m", memory: "512Mi" }),
    testFramework: { enabled: false },
    // The sidecars read their own namespace alone: dashboards and data sources elsewhere would come with the right to read
    // every Secret of the cluster.
    rbac: { namespaced: true },
    sidecar: {
      resources: partResources(undefined, { cpu: "10m", memory: "128Mi" }),
      dashboards: { label, labelValue, searchNamespace: null, resource: "configmap" },
      datasources: { searchNamespace: null, resource: "configmap" },
    },
    "grafana.ini": {
      analytics: { check_for_updates: false, reporting_enabled: false },
      "auth.anonymous": { enabled: false },
      snapshots: { external_enabled: false },
      users: { allow_sign_up: false },
    },
  };
}
