import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact } from "../../internal";
import { CHARTS } from "../../model/versions";
import { type Adjustment, edit, inTurn, type KubernetesObject, RenderedObjects, type Rendering } from "../../rendering";
import { generatedSecret } from "../part/generated-secret";
import { partNamespace, PodSecurityLevel, withoutNamespaces } from "../part/part-namespace";
import { alertGroups, prometheusRule } from "./alert-rules";
import { dashboardConfigMap, DASHBOARDS } from "./dashboards";
import { type MonitoringArgs, validateMonitoring } from "./monitoring-args";
import { MONITORING_NAMESPACE, MONITORING_RELEASE, monitoringValues, nodeExporterNamespace } from "./monitoring-values";

/** Name of the Secret with Grafana's administrator, before what a rotation adds. */
const GRAFANA_ADMIN = "grafana-admin";
/** Name of the Secret with Alertmanager's configuration, where the part makes it. */
const ALERTMANAGER_CONFIG = "alertmanager-config";

/**
 * Prometheus, Alertmanager and Grafana (kube-prometheus-stack), with alerts and dashboards for GPUs, the pods that use
 * them, and queues.
 *
 * Creates two namespaces, one of them for the exporter that sees all of each node; the resource types, RBAC, the operator,
 * exporters, Prometheus and Alertmanager with their volumes, Grafana with a made-up password, alerts and dashboards.
 */
export class Monitoring extends pulumi.ComponentResource {
  /** Namespace of all but the node exporter. */
  public readonly namespace: pulumi.Output<string>;
  /** Name of the Secret with Grafana's `admin-user` and `admin-password`; empty without Grafana. */
  public readonly grafanaAdminSecret: pulumi.Output<string>;
  /** Address of Prometheus within the cluster, for programs that ask it. */
  public readonly prometheusUrl: pulumi.Output<string>;
  /** True once Prometheus and Alertmanager run with their volumes, and monitors and rules can be created. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' own, when Alertmanager has two configurations,
   * when an alert that is left out is none of the part's, or when a duration, threshold, name, number, quantity or version
   * is misspelt.
   */
  constructor(name: string, args: MonitoringArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateMonitoring(name, args);
    super("mlstack:index:Monitoring", name, checkedInputs("Monitoring", name, withSecret(args), errors), opts);

    const rendering = monitoringRendering(args);
    const namespace = partNamespace(name, rendering.namespace, PodSecurityLevel.restricted, this);
    const nodes = partNamespace(`${name}-nodes`, nodeExporterNamespace(args), PodSecurityLevel.privileged, this);
    this.namespace = namespace.metadata.name;
    const secrets = createSecrets(this, name, args);
    const objects = new RenderedObjects(`${name}-objects`, rendering, {
      parent: this,
      dependsOn: [namespace, nodes, ...secrets],
    });
    createAlerts(this, name, args, objects);
    if (args.grafana ?? true) createDashboards(this, name);
    this.grafanaAdminSecret = pulumi.output((args.grafana ?? true) ? grafanaAdmin(args) : "");
    this.prometheusUrl = pulumi.interpolate`http://${MONITORING_RELEASE}-prometheus.${this.namespace}.svc:9090`;
    this.ready = objects.ready;
    this.registerOutputs({
      namespace: this.namespace,
      grafanaAdminSecret: this.grafanaAdminSecret,
      prometheusUrl: this.prometheusUrl,
      ready: this.ready,
    });
  }
}

/** What the component itself is registered with is kept as it is given. */
function withSecret({ alertmanagerConfig, ...args }: MonitoringArgs): MonitoringArgs {
  return alertmanagerConfig === undefined ? args : { ...args, alertmanagerConfig: pulumi.secret(alertmanagerConfig) };
}

function createSecrets(parent: Monitoring, name: string, args: MonitoringArgs): pulumi.Resource[] {
  const { alertmanagerConfig, grafana = true, passwordRotation: rotation } = args;
  const { namespace } = parent;
  const admin = compact({
    namespace,
    secretName: GRAFANA_ADMIN,
    generated: ["admin-password"],
    plain: { "admin-user": "admin" },
    rotation,
  });
  return [
    ...(grafana ? [generatedSecret(`${name}-grafana-admin`, admin, { parent })] : []),
    ...(alertmanagerConfig === undefined
      ? []
      : [
          new k8s.core.v1.Secret(
            `${name}-alertmanager-config`,
            {
              metadata: { name: ALERTMANAGER_CONFIG, namespace },
              stringData: { "alertmanager.yaml": pulumi.secret(alertmanagerConfig) },
            },
            { parent },
          ),
        ]),
  ];
}

function createAlerts(parent: Monitoring, name: string, args: MonitoringArgs, objects: pulumi.Resource): void {
  if (args.alerts === false) return;
  for (const group of alertGroups(args.thresholds)) {
    const rule = prometheusRule(group, parent.namespace, args.disabledAlerts);
    if (rule.spec.groups.every(({ rules }) => rules.length === 0)) continue;
    new k8s.apiextensions.CustomResource(
      `${name}-alerts-${group.name}`,
      { ...rule, metadata: { ...rule.metadata, namespace: parent.namespace } },
      { parent, dependsOn: [objects] },
    );
  }
}

function createDashboards(parent: Monitoring, name: string): void {
  for (const dashboard of DASHBOARDS) {
    const { metadata, data } = dashboardConfigMap(dashboard, parent.namespace);
    new k8s.core.v1.ConfigMap(
      `${name}-dashboard-${dashboard}`,
      { metadata: { ...metadata, namespace: parent.namespace }, data },
      { parent },
    );
  }
}

function grafanaAdmin({ passwordRotation }: MonitoringArgs): string {
  return passwordRotation === undefined ? GRAFANA_ADMIN : `${GRAFANA_ADMIN}-${passwordRotation}`;
}

/** What monitoring consists of, beside its namespaces, Secrets, alerts and dashboards. */
export function monitoringRendering(args: MonitoringArgs): Rendering {
  const { namespace = MONITORING_NAMESPACE, platform = {}, version, alertmanagerConfig } = args;
  const values = monitoringValues(args, {
    grafanaAdmin: grafanaAdmin(args),
    alertmanagerConfig: alertmanagerConfig === undefined ? args.alertmanagerConfigSecret : ALERTMANAGER_CONFIG,
  });
  const source = compact({ chart: CHARTS.prometheusStack, release: MONITORING_RELEASE, namespace, values, version });
  const adjust = inTurn(withoutNamespaces, ...(platform.simulated === true ? [] : [awaited]), notAwaited);
  return { sources: [source], facts: platform, namespace, adjust };
}

/** The operator makes pods from these, and says on them whether they run. */
const awaited: Adjustment = inTurn(
  ...["Prometheus", "Alertmanager"].map((kind) =>
    edit(kind, undefined, annotate("pulumi.com/waitFor", "condition=Available")),
  ),
);

/** Behind these there are no pods before the operator has made them from what comes later, or none of this part. */
const notAwaited: Adjustment = inTurn(
  ...["prometheus", "alertmanager", "coredns"].map((service) =>
    edit("Service", `${MONITORING_RELEASE}-${service}`, annotate("pulumi.com/skipAwait", "true")),
  ),
);

function annotate(key: string, value: string): (object: KubernetesObject) => void {
  return ({ metadata }) => {
    metadata.annotations = { ...metadata.annotations, [key]: value };
  };
}
