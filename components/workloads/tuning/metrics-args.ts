/**
 * How metrics get from trials to Katib. `PrometheusMetric`, which its types know too, has no collector in its configuration,
 * and its webhook refuses it.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/manifests/v1beta1/installs/katib-standalone/katib-config.yaml
 */
export const SweepMetricsKind = {
  /** Read from the output of the program. */
  stdOut: "StdOut",
  /** Read from a file. */
  file: "File",
  /** Read from the event files of TensorFlow or TensorBoard. */
  tensorFlowEvent: "TensorFlowEvent",
  /** Collected by a container of one's own. */
  custom: "Custom",
  /** Sent by the program itself, with `report_metrics` of Katib's Python package. */
  push: "Push",
} as const;
/** How metrics get from trials to Katib. */
export type SweepMetricsKind = (typeof SweepMetricsKind)[keyof typeof SweepMetricsKind];

/** What a file of metrics holds. */
export const SweepMetricsFormat = {
  /** Lines such as `accuracy=0.93`. */
  text: "TEXT",
  /** A JSON object on each line, with metrics by their names. */
  json: "JSON",
} as const;
/** What a file of metrics holds. */
export type SweepMetricsFormat = (typeof SweepMetricsFormat)[keyof typeof SweepMetricsFormat];

/** How metrics get from trials to Katib, and where they are. */
export interface SweepMetricsArgs {
  /** How; `StdOut` by default. */
  kind?: SweepMetricsKind;
  /**
   * Where: of `File` the file, `/var/log/katib/metrics.log` by default; of `TensorFlowEvent` the folder,
   * `/var/log/katib/tfevent/` by default; of `Custom` one that program and collector share, none by default. Its folder is
   * an empty volume, on which nothing else is mounted.
   */
  path?: string;
  /** What a `File` holds; `TEXT` by default. */
  format?: SweepMetricsFormat;
  /**
   * Regular expressions (RE2) for lines of `StdOut` and `File`, each with a group for the name of a metric and one for its
   * value; such as `accuracy=0.93` by default.
   */
  filters?: string[];
  /** The container of `Custom`, as Kubernetes spells containers. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a container has a form of its own
  container?: any;
}
