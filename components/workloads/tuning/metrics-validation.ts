import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, problemAt } from "../../internal";
import { SweepMetricsFormat, type SweepMetricsArgs, SweepMetricsKind } from "./metrics-args";
import { SweepDirection, type SweepArgs, type SweepObjectiveArgs, SweepStrategy } from "./sweep-args";

/** Kinds whose collector starts the program through a shell, to learn when it ends. */
export const WRAPPED_KINDS: SweepMetricsKind[] = [
  SweepMetricsKind.stdOut,
  SweepMetricsKind.file,
  SweepMetricsKind.tensorFlowEvent,
];

/** Which arguments are of use with which kinds. */
const KINDS_OF: Record<"path" | "format" | "filters" | "container", SweepMetricsKind[]> = {
  path: [SweepMetricsKind.file, SweepMetricsKind.tensorFlowEvent, SweepMetricsKind.custom],
  format: [SweepMetricsKind.file],
  filters: [SweepMetricsKind.stdOut, SweepMetricsKind.file],
  container: [SweepMetricsKind.custom],
};

/** Checks what a sweep is after, and how it learns of it. */
export function checkMetrics(args: SweepArgs): InputProblem[] {
  const { metrics = {}, objective, earlyStopping } = args;
  if (objective === undefined) {
    return [inputProblem("objective", objective, "a metric and a direction", "Say what the sweep is after.")];
  }
  return [
    ...checkObjective(objective, hasDefaultFilter(metrics)),
    ...checkCollector(metrics),
    ...checkEarlyStopping(earlyStopping, metrics),
  ];
}

function hasDefaultFilter({ kind = SweepMetricsKind.stdOut, format, filters }: SweepMetricsArgs): boolean {
  const isText =
    kind === SweepMetricsKind.stdOut || (kind === SweepMetricsKind.file && format !== SweepMetricsFormat.json);
  return isText && filters === undefined;
}

function checkObjective(objective: SweepObjectiveArgs, isFiltered: boolean): InputProblem[] {
  const { metric, direction, goal, strategy, additionalMetrics = [] } = objective;
  const names = [
    ["objective.metric", metric] as const,
    ...additionalMetrics.map((name, index) => [`objective.additionalMetrics[${index}]`, name] as const),
  ];
  return [
    ...names.flatMap(([path, name]) => checkMetricName(path, name, isFiltered)),
    ...names.flatMap(([path, name], index) =>
      names.slice(0, index).some(([, earlier]) => earlier === name)
        ? [inputProblem(path, name, "each metric once", "Remove it.")]
        : [],
    ),
    ...(direction === undefined
      ? [inputProblem("objective.direction", direction, "maximize, minimize", "Say which is good.")]
      : checkEnum("objective.direction", direction, SweepDirection)),
    ...checkEnum("objective.strategy", strategy, SweepStrategy),
    ...(goal === undefined || Number.isFinite(goal)
      ? []
      : [inputProblem("objective.goal", String(goal), "a number", "Correct it, or leave it out.")]),
  ];
}

/**
 * A name with other characters would be cut, and the metric never be found.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/metricscollector/v1beta1/common/const.go `DefaultFilter`
 */
function checkMetricName(path: string, name: string | undefined, isFiltered: boolean): InputProblem[] {
  const form = isFiltered ? /^[\w|-]+$/ : /^[^;\s](?:[^;]*[^;\s])?$/;
  if (name !== undefined && form.test(name)) return [];
  const allowed = isFiltered
    ? "letters, digits, underscores, hyphens and | without filters"
    : "a name without semicolons";
  return [inputProblem(path, name, allowed, "Rename the metric, or say how it is written in metrics.filters.")];
}

function checkCollector(metrics: SweepMetricsArgs): InputProblem[] {
  const { kind = SweepMetricsKind.stdOut, path, format, filters = [] } = metrics;
  const problems = [
    ...checkEnum("metrics.kind", kind, SweepMetricsKind),
    ...Object.entries(KINDS_OF).flatMap(([argument, kinds]) => checkUse(metrics, argument, kinds)),
    ...checkEnum("metrics.format", format, SweepMetricsFormat),
    ...(path === undefined || /^\/[^:]*$/.test(path)
      ? []
      : [
          inputProblem("metrics.path", path, "an absolute path without a colon", "Write it like /var/log/metrics.log."),
        ]),
    ...(kind === SweepMetricsKind.custom && metrics.container === undefined
      ? [inputProblem("metrics.container", undefined, "a container with Custom", "Describe the collector.")]
      : []),
    ...(format === SweepMetricsFormat.json && metrics.filters !== undefined
      ? [inputProblem("metrics.filters", metrics.filters, "nothing with JSON", "Leave it out: JSON names its values.")]
      : []),
  ];
  return [...problems, ...filters.flatMap((filter, index) => checkFilter(`metrics.filters[${index}]`, filter))];
}

function checkUse(metrics: SweepMetricsArgs, argument: string, kinds: SweepMetricsKind[]): InputProblem[] {
  const { kind = SweepMetricsKind.stdOut } = metrics;
  if (metrics[argument as keyof SweepMetricsArgs] === undefined || kinds.includes(kind)) return [];
  return [problemAt(`metrics.${argument}`, "given", `nothing with ${kind}`, `It is of use with ${kinds.join(", ")}.`)];
}

/** Katib joins filters by semicolons, and reads them as RE2, which looks neither back nor ahead. */
function checkFilter(path: string, filter: string): InputProblem[] {
  const groups = filter.replaceAll(/\\.|\(\?:/g, "").split("(").length - 1;
  if (groups >= 2 && !filter.includes(";") && !/\(\?(?:[=!]|<[=!])|\\[1-9]/.test(filter) && isExpression(filter))
    return [];
  const allowed = "a regular expression (RE2) with a group for the name and one for the value, without semicolons";
  return [inputProblem(path, filter, allowed, 'Write it like "([\\\\w|-]+)\\\\s*=\\\\s*([+-]?\\\\d+)".')];
}

function isExpression(text: string): boolean {
  try {
    return new RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

/** @see https://www.kubeflow.org/docs/components/katib/user-guides/early-stopping/ (Katib 0.19) */
function checkEarlyStopping(
  earlyStopping: SweepArgs["earlyStopping"],
  { kind = SweepMetricsKind.stdOut }: SweepMetricsArgs,
): InputProblem[] {
  if (earlyStopping === undefined) return [];
  const kinds: SweepMetricsKind[] = [SweepMetricsKind.stdOut, SweepMetricsKind.file];
  return [
    ...checkWholeNumber("earlyStopping.minTrials", earlyStopping.minTrials, { min: 1 }),
    ...checkWholeNumber("earlyStopping.startStep", earlyStopping.startStep, { min: 1 }),
    ...(kinds.includes(kind)
      ? []
      : [problemAt("earlyStopping", `given with ${kind}`, kinds.join(", "), "Other collectors end no trial early.")]),
  ];
}
