import type * as pulumi from "@pulumi/pulumi";
import { checkQuantity, checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../internal";
import { type ChartPartArgs, checkPart } from "../part/part-args";
import { ALERT_NAMES } from "./alert-rules";
import type { AlertThresholds } from "./alert-thresholds";

/** Where Prometheus keeps its samples. */
export interface MonitoringStorage {
  /** Size of the volume, a Kubernetes quantity; `100Gi` by default. Samples are dropped before it is full. */
  size?: string;
  /** Storage class; the cluster's default one by default. */
  className?: pulumi.Input<string>;
}

/** What a {@link Monitoring} is made from. Every argument has a default; `replicas` and `resources` are Prometheus' own. */
export interface MonitoringArgs extends ChartPartArgs {
  /**
   * How long samples are kept, a duration of Prometheus; `15d` by default. When the volume is four fifths full, the oldest
   * go before.
   */
  retention?: string;
  /** Where samples are kept. */
  storage?: MonitoringStorage;
  /**
   * Alertmanager's whole configuration, in YAML: who is told, and how. It has addresses and keys, so it is kept in a Secret
   * and is secret to Pulumi. By default alerts are shown and nobody is told.
   */
  alertmanagerConfig?: pulumi.Input<string>;
  /**
   * Name of a Secret in the part's namespace that somebody else makes, with the configuration as `alertmanager.yaml`; none
   * by default. In place of `alertmanagerConfig`.
   */
  alertmanagerConfigSecret?: string;
  /** Whether there is Grafana, with the dashboards; true by default. It is reached by `kubectl port-forward`. */
  grafana?: boolean;
  /**
   * Changed to any other text, Grafana gets a new administrator's password, in a Secret whose name ends with it; none by
   * default.
   */
  passwordRotation?: string;
  /** Whether there are alerts on GPUs, queues, nodes and volumes, beside those of the chart; true by default. */
  alerts?: boolean;
  /** Alerts among these that are left out, by name; none by default. */
  disabledAlerts?: string[];
  /** When alerts are raised. */
  thresholds?: AlertThresholds;
  /**
   * Whether the scheduler, the controller manager, etcd and kube-proxy are asked too; false by default, as on EKS nobody
   * reaches the first three, kube-proxy answers its own node alone, and each would count as down.
   */
  controlPlaneTargets?: boolean;
}

/** Defaults of a {@link MonitoringStorage}. */
export const DEFAULT_STORAGE_SIZE = "100Gi";

/** Checks the inputs of monitoring. */
export function validateMonitoring(_name: string, args: MonitoringArgs): InputProblem[] {
  return [
    ...checkPart(args),
    ...checkDuration("retention", args.retention),
    ...checkQuantity("storage.size", args.storage?.size, DEFAULT_STORAGE_SIZE),
    ...checkConfigs(args),
    ...checkRotation(args.passwordRotation),
    ...(args.disabledAlerts ?? []).flatMap((alert, index) => checkAlert(`disabledAlerts[${index}]`, alert)),
    ...checkThresholds(args.thresholds ?? {}),
  ];
}

function checkDuration(path: string, duration: string | undefined): InputProblem[] {
  if (duration === undefined || /^[1-9]\d*[hdwy]$/.test(duration)) return [];
  return [inputProblem(path, duration, "whole hours, days, weeks or years", 'Write it like "15d".')];
}

function checkConfigs({ alertmanagerConfig, alertmanagerConfigSecret }: MonitoringArgs): InputProblem[] {
  if (alertmanagerConfig === undefined || alertmanagerConfigSecret === undefined) return [];
  const allowed = "alertmanagerConfig or alertmanagerConfigSecret";
  return [problemAt("alertmanagerConfigSecret", "given beside alertmanagerConfig", allowed, "Leave one out.")];
}

function checkRotation(rotation: string | undefined): InputProblem[] {
  if (rotation === undefined || /^[a-z0-9]([-a-z0-9]{0,30}[a-z0-9])?$/.test(rotation)) return [];
  const allowed = "at most 32 lower-case letters, digits and inner hyphens";
  return [inputProblem("passwordRotation", rotation, allowed, "It becomes the end of a Secret's name.")];
}

function checkAlert(path: string, alert: string): InputProblem[] {
  if (ALERT_NAMES.includes(alert)) return [];
  return [inputProblem(path, alert, ALERT_NAMES.join(", "), "Name an alert of the part's own.")];
}

function checkThresholds(thresholds: AlertThresholds): InputProblem[] {
  return Object.entries(thresholds).flatMap(([key, value]) => {
    const range = key.endsWith("Percent") ? { min: 1, max: 100 } : { min: 1 };
    return checkWholeNumber(`thresholds.${key}`, value as number | undefined, range);
  });
}
