import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Monitoring, type MonitoringArgs } from "../../../../components/platform/monitoring";
import { monitoringRendering } from "../../../../components/platform/monitoring/monitoring";
import { monitoringValues } from "../../../../components/platform/monitoring/monitoring-values";
import type { ChartSource, KubernetesObject } from "../../../../components/rendering";
import { childList, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const secrets = { grafanaAdmin: "grafana-admin", alertmanagerConfig: undefined };
const valuesOf = (args: MonitoringArgs = {}) => monitoringValues(args, secrets);
const renderedValues = (args: MonitoringArgs) => (monitoringRendering(args).sources[0] as ChartSource).values!;

describe("the chart's values", () => {
  it("have no password of Grafana's, only the name of the Secret that has one", () => {
    const { grafana } = valuesOf();
    expect(grafana).toMatchObject({ admin: { existingSecret: "grafana-admin", passwordKey: "admin-password" } });
    expect(JSON.stringify(grafana)).not.toMatch(/adminPassword/);
  });

  it("count monitors and rules of every part", () => {
    const { prometheusSpec } = valuesOf()["prometheus"] as { prometheusSpec: Record<string, unknown> };
    for (const kind of ["rule", "serviceMonitor", "podMonitor", "probe", "scrapeConfig"]) {
      expect(prometheusSpec[`${kind}SelectorNilUsesHelmValues`]).toBe(false);
    }
  });

  it("ask nobody whom EKS hides, and raise no alert about them", () => {
    const off = { enabled: false };
    expect(valuesOf()).toMatchObject({
      kubeControllerManager: off,
      kubeEtcd: off,
      kubeProxy: off,
      kubeScheduler: off,
      defaultRules: { rules: { etcd: false, kubeProxy: false, kubeSchedulerAlerting: false } },
    });
    expect(valuesOf({ controlPlaneTargets: true })).toMatchObject({
      kubeEtcd: { enabled: true },
      defaultRules: { rules: { etcd: true } },
    });
  });

  it("keep samples on a volume, and drop the oldest before it is full", () => {
    expect(valuesOf({ storage: { size: "500Gi", className: "gp3" }, retention: "30d" })).toMatchObject({
      prometheus: {
        prometheusSpec: {
          retention: "30d",
          retentionSize: "409600MB",
          storageSpec: {
            volumeClaimTemplate: {
              spec: { storageClassName: "gp3", resources: { requests: { storage: "500Gi" } } },
            },
          },
        },
      },
      alertmanager: {
        alertmanagerSpec: { storage: { volumeClaimTemplate: { spec: { storageClassName: "gp3" } } } },
      },
    });
  });

  it("have webhooks where cert-manager makes their certificate, and none where a hook would", () => {
    expect(valuesOf()["prometheusOperator"]).toMatchObject({
      admissionWebhooks: { enabled: false, patch: { enabled: false } },
      tls: { enabled: false },
    });
    expect(valuesOf({ platform: { certManager: true } })["prometheusOperator"]).toMatchObject({
      admissionWebhooks: { enabled: true, patch: { enabled: false }, certManager: { enabled: true } },
      tls: { enabled: true },
    });
  });

  it("let no program read every Secret of the cluster", () => {
    expect(valuesOf()).toMatchObject({
      grafana: {
        rbac: { namespaced: true },
        sidecar: { dashboards: { searchNamespace: null, resource: "configmap" } },
      },
      "kube-state-metrics": { collectorsExclude: ["secrets"] },
    });
  });

  it("keep the exporter that sees all of a node in a namespace of its own", () => {
    expect(valuesOf({ namespace: "observability" })).toMatchObject({
      "prometheus-node-exporter": { namespaceOverride: "observability-nodes" },
    });
  });

  it("name the Secret with Alertmanager's configuration, whoever makes it", () => {
    expect(renderedValues({})).not.toHaveProperty("alertmanager.alertmanagerSpec.configSecret");
    expect(renderedValues({ alertmanagerConfig: "route: {}" })).toMatchObject({
      alertmanager: { alertmanagerSpec: { useExistingSecret: true, configSecret: "alertmanager-config" } },
    });
    expect(renderedValues({ alertmanagerConfigSecret: "pagers" })).toMatchObject({
      alertmanager: { alertmanagerSpec: { useExistingSecret: true, configSecret: "pagers" } },
    });
  });
});

describe("what is waited for", () => {
  const prometheus: KubernetesObject = {
    apiVersion: "monitoring.coreos.com/v1",
    kind: "Prometheus",
    metadata: { name: "kube-prometheus-stack-prometheus" },
  };
  const service = { apiVersion: "v1", kind: "Service", metadata: { name: "kube-prometheus-stack-prometheus" } };

  it("is that Prometheus runs, which the operator says on it", () => {
    expect(monitoringRendering({}).adjust?.([prometheus])).toMatchObject([
      { metadata: { annotations: { "pulumi.com/waitFor": "condition=Available" } } },
    ]);
  });

  it("is nothing where no operator runs", () => {
    expect(monitoringRendering({ platform: { simulated: true } }).adjust?.([prometheus])).toEqual([prometheus]);
  });

  it("is not the Service, whose pods come later", () => {
    expect(monitoringRendering({}).adjust?.([service])).toMatchObject([
      { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } },
    ]);
  });
});

describe("a Monitoring", () => {
  it("has two namespaces, a password, alerts and dashboards", async () => {
    const program = await startMocks();
    const monitoring = new Monitoring("watch");
    expect(childList(await program.resources()).sort()).toEqual([
      "kubernetes:core/v1:ConfigMap watch-dashboard-gpu-overview < watch",
      "kubernetes:core/v1:ConfigMap watch-dashboard-queues < watch",
      "kubernetes:core/v1:ConfigMap watch-dashboard-workload-pods < watch",
      "kubernetes:core/v1:Namespace watch-namespace < watch",
      "kubernetes:core/v1:Namespace watch-nodes-namespace < watch",
      "kubernetes:core/v1:Secret watch-grafana-admin < watch",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule watch-alerts-cluster < watch",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule watch-alerts-gpu < watch",
      "kubernetes:monitoring.coreos.com/v1:PrometheusRule watch-alerts-queues < watch",
      "mlstack:index:Monitoring watch",
      "mlstack:internal:RenderedObjects watch-objects < watch",
    ]);
    expect(await valueOf(monitoring.grafanaAdminSecret)).toBe("grafana-admin");
    expect(await valueOf(monitoring.prometheusUrl)).toBe("http://kube-prometheus-stack-prometheus.monitoring.svc:9090");
  });

  it("holds its own namespace to the strictest level, and only the exporter's to none", async () => {
    const program = await startMocks();
    new Monitoring("watch");
    expect(await program.inputsOf("watch-namespace")).toMatchObject({
      metadata: { name: "monitoring", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
    expect(await program.inputsOf("watch-nodes-namespace")).toMatchObject({
      metadata: { name: "monitoring-nodes", labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
    });
  });

  it("makes up Grafana's password, as a secret, and makes it anew when asked", async () => {
    const program = await startMocks();
    const monitoring = new Monitoring("watch", { passwordRotation: "2" });
    const { inputs, secretInputs } = await program.resource("watch-grafana-admin-2");
    expect(secretInputs).toContain("data");
    const { "admin-user": user, "admin-password": password } = inputs["data"] as Record<string, string>;
    expect(inputs).toMatchObject({ metadata: { name: "grafana-admin-2" } });
    expect(Buffer.from(user!, "base64").toString()).toBe("admin");
    expect(Buffer.from(password!, "base64").toString()).toMatch(/^[\w-]{32}$/);
    expect(await valueOf(monitoring.grafanaAdminSecret)).toBe("grafana-admin-2");
  });

  it("keeps Alertmanager's configuration secret, even in its own inputs", async () => {
    const program = await startMocks();
    const monitoring = new Monitoring("watch", { alertmanagerConfig: pulumi.output("receivers: [{ name: pager }]") });
    expect(await valueOf(monitoring.ready)).toBe(true);
    expect((await program.resource("watch-alertmanager-config")).secretInputs).toEqual(["stringData"]);
    expect((await program.resource("watch")).secretInputs).toEqual(["alertmanagerConfig"]);
  });

  it("has alerts once their type is there", async () => {
    const type = {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: "prometheusrules.monitoring.coreos.com" },
      spec: { scope: "Namespaced", names: { kind: "PrometheusRule" } },
    };
    const program = await startMocks({ render: () => Promise.resolve({ result: [type] }) });
    new Monitoring("watch", { disabledAlerts: ["GpuTooHot"] });
    expect((await program.resource("watch-alerts-gpu")).dependsOn).toEqual([
      "watch-namespace",
      "watch-objects-custom-resource-definition-prometheusrules.monitoring.coreos.com",
    ]);
    const inputs = await program.inputsOf("watch-alerts-gpu");
    expect(JSON.stringify(inputs)).not.toContain("GpuTooHot");
    expect(inputs).toMatchObject({ metadata: { name: "mlstack-gpu", namespace: "monitoring" } });
  });

  it("has neither password nor dashboards without Grafana, and no alerts where none are wanted", async () => {
    const program = await startMocks();
    new Monitoring("watch", { grafana: false, alerts: false });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Monitoring watch",
      "kubernetes:core/v1:Namespace watch-namespace < watch",
      "kubernetes:core/v1:Namespace watch-nodes-namespace < watch",
      "mlstack:internal:RenderedObjects watch-objects < watch",
    ]);
  });

  it("is refused with misspelt arguments, all named at once", () => {
    const args = {
      retention: "forever",
      storage: { size: "big" },
      alertmanagerConfig: "route: {}",
      alertmanagerConfigSecret: "pagers",
      passwordRotation: "Two",
      thresholds: { idlePercent: 0, volumePercent: 101, queueMinutes: 0.5 },
    };
    expect(problemsOf(() => new Monitoring("watch", args))).toEqual({
      message: 'Monitoring "watch": 7 invalid inputs',
      reasons: [
        'retention is "forever"; allowed: whole hours, days, weeks or years. Write it like "15d".',
        'storage.size is "big"; allowed: a Kubernetes quantity above zero. Write it like "100Gi".',
        "alertmanagerConfigSecret is given beside alertmanagerConfig; allowed: alertmanagerConfig or " +
          "alertmanagerConfigSecret. Leave one out.",
        'passwordRotation is "Two"; allowed: at most 32 lower-case letters, digits and inner hyphens. ' +
          "It becomes the end of a Secret's name.",
        "thresholds.idlePercent is 0; allowed: a whole number from 1 to 100. Set thresholds.idlePercent within that range.",
        "thresholds.volumePercent is 101; allowed: a whole number from 1 to 100. " +
          "Set thresholds.volumePercent within that range.",
        "thresholds.queueMinutes is 0.5; allowed: a whole number from 1. Set thresholds.queueMinutes within that range.",
      ],
    });
  });

  it("is refused when an alert that is left out is none of its own", () => {
    const { reasons } = problemsOf(() => new Monitoring("watch", { disabledAlerts: ["Watchdog"] }));
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(
      /^disabledAlerts\[0\] is "Watchdog"; allowed: GpuAllocatedButIdle, .*VolumeNearlyFull\. /,
    );
  });
});
