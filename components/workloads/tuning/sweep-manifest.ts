import * as pulumi from "@pulumi/pulumi";
import { checkedInputs, compact, nonEmpty } from "../../internal";
import type { Tree } from "../../model";
import { JOB_LABEL, lineageMetadata, type Manifest, objectMetadata, workloadMetadata } from "../object";
import { SweepMetricsFormat, type SweepMetricsArgs, SweepMetricsKind } from "./metrics-args";
import { type ParameterSpace, SpaceDistribution, SpaceType } from "./parameter-space";
import { SweepAlgorithm, type SweepArgs, type SweepObjectiveArgs, SweepResumePolicy } from "./sweep-args";
import { TRIAL_FACTS } from "./sweep-trial";
import { trialKindOf } from "./trial-kinds";
import { trialSpec } from "./trial-spec";
import { hasUnknowns, placeholdersIn, trialTree } from "./trial-tree";
import { checkPlaceholders } from "./trial-validation";

const DEFAULT_MAX_TRIALS = 12;
const DEFAULT_PARALLEL_TRIALS = 3;
const DEFAULT_MAX_FAILED_TRIALS = 3;
const DEFAULT_PATHS: Partial<Record<SweepMetricsKind, string>> = {
  [SweepMetricsKind.file]: "/var/log/katib/metrics.log",
  [SweepMetricsKind.tensorFlowEvent]: "/var/log/katib/tfevent/",
};

/**
 * The Katib Experiment that a {@link Sweep} with these arguments is.
 *
 * It has no label with its name: Katib lays the labels of an Experiment over those of its trials' pods, which find each other by
 * the names of their trials.
 *
 * @param name name of the experiment where the arguments give none.
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/webhook/v1beta1/pod/utils.go `mutatePodMetadata`
 */
export function sweepManifest(name: string, args: SweepArgs): Manifest {
  const { labels, ...metadata } = objectMetadata(args, workloadMetadata(name, args));
  const { [JOB_LABEL]: _name, ...others } = labels;
  return {
    apiVersion: "kubeflow.org/v1beta1",
    kind: "Experiment",
    metadata: { ...metadata, ...(Object.keys(others).length === 0 ? {} : { labels: others }) },
    spec: compact({
      objective: objectiveOf(args.objective),
      algorithm: namedSettings(args.algorithm ?? SweepAlgorithm.random, args.algorithmSettings),
      earlyStopping: args.earlyStopping && namedSettings("medianstop", earlyStoppingSettings(args)),
      parameters: Object.entries(args.parameters).map(([parameter, space]) => parameterOf(parameter, space)),
      ...trialCounts(args),
      metricsCollectorSpec: metricsOf(args.metrics ?? {}),
      resumePolicy: args.resumePolicy ?? SweepResumePolicy.never,
      trialTemplate: trialTemplate(name, args),
    }),
  };
}

/** How many trials there are, defaults included, as an Experiment says it. */
export function trialCounts(args: SweepArgs) {
  const isGrid = args.algorithm === SweepAlgorithm.grid;
  const maxTrialCount =
    args.maxTrials ?? Math.min(DEFAULT_MAX_TRIALS, isGrid ? combinationsOf(args.parameters) : DEFAULT_MAX_TRIALS);
  return {
    maxTrialCount,
    parallelTrialCount: args.parallelTrials ?? Math.min(DEFAULT_PARALLEL_TRIALS, maxTrialCount),
    maxFailedTrialCount: args.maxFailedTrials ?? Math.min(DEFAULT_MAX_FAILED_TRIALS, maxTrialCount),
  };
}

/** Combinations of all values; of doubles without a step there are any number. */
export function combinationsOf(parameters: Record<string, ParameterSpace>): number {
  return Object.values(parameters).reduce((product, space) => product * valuesOf(space), 1);
}

function valuesOf({ type, min = 0, max = 0, step, values = [] }: ParameterSpace): number {
  if (type === SpaceType.categorical || type === SpaceType.discrete) return values.length;
  const distance = step ?? (type === SpaceType.int ? 1 : 0);
  // Steps such as 0.1 add up to a little more or less than the bound.
  return Math.floor((max - min) / distance + 1e-9) + 1;
}

function objectiveOf({ metric, direction, goal, strategy, additionalMetrics = [] }: SweepObjectiveArgs) {
  return compact({
    type: direction,
    goal,
    objectiveMetricName: metric,
    additionalMetricNames: nonEmpty(additionalMetrics),
    metricStrategies: strategy && [{ name: metric, value: strategy }],
  });
}

function namedSettings(algorithmName: string, settings: Record<string, string> = {}) {
  const algorithmSettings = nonEmpty(Object.entries(settings).map(([key, value]) => ({ name: key, value })));
  return compact({ algorithmName, algorithmSettings });
}

function earlyStoppingSettings({ earlyStopping: { minTrials, startStep } = {} }: SweepArgs): Record<string, string> {
  const settings = { min_trials_required: minTrials?.toString(), start_step: startStep?.toString() };
  return compact(settings);
}

function parameterOf(name: string, { type, min, max, step, distribution, values }: ParameterSpace) {
  const isRange = type === SpaceType.double || type === SpaceType.int;
  const feasibleSpace = compact({
    min: min?.toString(),
    max: max?.toString(),
    step: step?.toString(),
    distribution: isRange ? (distribution ?? SpaceDistribution.uniform) : undefined,
    list: values,
  });
  return { name, parameterType: type, feasibleSpace };
}

function metricsOf(args: SweepMetricsArgs) {
  const { kind = SweepMetricsKind.stdOut, path = DEFAULT_PATHS[kind], format, filters } = args;
  const isFile = kind === SweepMetricsKind.file;
  const fileFormat = isFile ? (format ?? SweepMetricsFormat.text) : undefined;
  const source = compact({
    fileSystemPath: path && compact({ path, kind: isFile ? "File" : "Directory", format: fileFormat }),
    filter: filters && { metricsFormat: filters },
  });
  return compact({
    source: Object.keys(source).length === 0 ? undefined : source,
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- a container has a form of its own
    collector: compact({ kind, customCollector: args.container }),
  });
}

function trialTemplate(name: string, args: SweepArgs) {
  const spec = trialSpec(args.trial as Record<string, unknown>, lineageMetadata(args.lineage));
  const tree = trialTree(args.trial);
  const kind = trialKindOf(tree);
  return compact({
    retain: args.retainTrials ?? false,
    primaryContainerName: args.primaryContainer ?? kind?.primary(tree)?.name,
    primaryPodLabels: args.primaryPodLabels ?? kind?.podLabels?.(tree),
    successCondition: args.successCondition ?? kind?.success,
    failureCondition: args.failureCondition ?? kind?.failure,
    trialParameters: hasUnknowns(tree) ? parametersOnceKnown(name, args, spec) : trialParameters(args, trialTree(spec)),
    trialSpec: spec,
  });
}

/**
 * The parameters of a trial of which only the engine knows all, checked then.
 *
 * @throws pulumi.InputPropertiesError by the output, when a parameter is declared and not used or used and not declared.
 */
function parametersOnceKnown(name: string, args: SweepArgs, spec: Record<string, unknown>) {
  const parameters = pulumi.output(spec).apply((known) => {
    const tree = trialTree(known);
    return trialParameters(checkedInputs("Sweep", name, args, checkPlaceholders(args, tree)), tree);
  });
  // A secret in the trial makes none of the names of its parameters.
  return pulumi.unsecret(parameters);
}

/** Parameters have the same names in the experiment and in its trials; facts are there where they are used. */
function trialParameters({ parameters }: SweepArgs, spec: Tree) {
  const used = placeholdersIn(spec);
  const facts = Object.entries(TRIAL_FACTS).filter(([fact]) => used.includes(fact));
  return [
    ...Object.keys(parameters).map((parameter) => ({ name: parameter, reference: parameter })),
    ...facts.map(([fact, reference]) => ({ name: fact, reference })),
  ];
}
