import type * as pulumi from "@pulumi/pulumi";
import type { ChartValues } from "../../components/rendering";

/**
 * A part of the platform as tests over all parts see it: with which options to try it, and where the values of its charts
 * are described.
 */
export interface PartCase {
  /** Name of the component's class. */
  part: string;
  /** Creates the part from its arguments, `platform` among them. */
  create: (name: string, args: never) => pulumi.ComponentResource;
  /** Values of each argument to try with the values of every other one, by pairs; undefined for leaving it out. */
  options: Record<string, unknown[]>;
  /** Arguments that every try has; none by default. */
  required?: Record<string, unknown>;
  /** Values that the part gives to its charts, by the `values.yaml` that describes them. */
  charts: ChartCase[];
}

/** A chart of a {@link PartCase}. */
export interface ChartCase {
  /** Values for given arguments. */
  values: (args: never) => ChartValues;
  /** Path of the chart's own values under the mirror, for example `kueue-0.19.2/kueue/values.yaml`. */
  inMirror?: string;
  /** Path of the chart's own values in upstream data, for example `kueue/chart/values.yaml`. */
  upstream?: string;
  /** Paths that the chart leaves open, so that any key may stand below them, for example `controller.nodeSelector`. */
  open?: string[];
}
