import type { ObjectArgs, RunArgs } from "../object";
import type { SweepMetricsArgs } from "./metrics-args";
import type { ParameterSpace } from "./parameter-space";

/** How the next values are chosen. */
export const SweepAlgorithm = {
  /** By chance. */
  random: "random",
  /** By what did well before (tree of Parzen estimators), parameter by parameter. */
  tpe: "tpe",
  /** The same, for all parameters together. */
  multivariateTpe: "multivariate-tpe",
  /** All combinations. */
  grid: "grid",
  /** By a model of the metric (Gaussian process); for few and costly trials. */
  bayesianOptimization: "bayesianoptimization",
  /** By evolution of a distribution; for two numbers or more. */
  cmaes: "cmaes",
  /** Evenly spread. */
  sobol: "sobol",
  /** Many short trials, of which the best go on for longer. */
  hyperband: "hyperband",
  /** A population of trials that go on from each other's checkpoints (population based training). */
  pbt: "pbt",
} as const;
/** How the next values are chosen. */
export type SweepAlgorithm = (typeof SweepAlgorithm)[keyof typeof SweepAlgorithm];

/** Whether a metric is good when it is large or small. */
export const SweepDirection = { maximize: "maximize", minimize: "minimize" } as const;
/** Whether a metric is good when it is large or small. */
export type SweepDirection = (typeof SweepDirection)[keyof typeof SweepDirection];

/** Which of the values that a trial reports of a metric counts. */
export const SweepStrategy = {
  /** The least. */
  min: "min",
  /** The greatest. */
  max: "max",
  /** The last. */
  latest: "latest",
} as const;
/** Which of the values that a trial reports of a metric counts. */
export type SweepStrategy = (typeof SweepStrategy)[keyof typeof SweepStrategy];

/** What becomes of a sweep that has ended. */
export const SweepResumePolicy = {
  /** It has ended for good; any change begins a new one. */
  never: "Never",
  /** It goes on where `maxTrials` is raised; its suggestion service runs until then. */
  longRunning: "LongRunning",
  /** It goes on where `maxTrials` is raised; its suggestion service keeps what it knows on a volume until then. */
  fromVolume: "FromVolume",
} as const;
/** What becomes of a sweep that has ended. */
export type SweepResumePolicy = (typeof SweepResumePolicy)[keyof typeof SweepResumePolicy];

/** What a sweep is after. */
export interface SweepObjectiveArgs {
  /** Name of the metric, as trials report it. */
  metric: string;
  /** Whether it is good when it is large or small. */
  direction: SweepDirection;
  /** Value at which the sweep ends early; none by default. */
  goal?: number;
  /** Which of the values that a trial reports counts; the greatest to maximize and the least to minimize by default. */
  strategy?: SweepStrategy;
  /** Names of further metrics that are recorded; none by default. */
  additionalMetrics?: string[];
}

/** Ends trials early that do worse than the median of those before (`medianstop`). */
export interface SweepEarlyStoppingArgs {
  /** Trials that must have succeeded before, from 1; 3 by default. */
  minTrials?: number;
  /** Values that a trial must have reported before it can be ended, from 1; 4 by default. */
  startStep?: number;
}

/** What a {@link Sweep} is made from. */
export interface SweepArgs extends ObjectArgs, RunArgs {
  /** What is tried out: the values of each parameter, by its name of letters, digits, `_`, `-` and dots. */
  parameters: Record<string, ParameterSpace>;
  /**
   * What each trial runs: the manifest of any workload that ends, for example of `gpuJobManifest`, best written with
   * `sweepTrial`. `${trialParameters.NAME}` stands in it for the value of a parameter; each is used, and no other.
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each kind has its own form, and schemas know no unknown
  trial: any;
  /** What the sweep is after. */
  objective: SweepObjectiveArgs;
  /** How the next values are chosen; `random` by default. */
  algorithm?: SweepAlgorithm;
  /** Settings of the algorithm by their names in Katib, for example `random_state`; the algorithm's own by default. */
  algorithmSettings?: Record<string, string>;
  /** Trials at most, from 1; 12 by default, and for `grid` no more than there are combinations. */
  maxTrials?: number;
  /** Trials at the same time, from 1 to `maxTrials`; 3 by default. */
  parallelTrials?: number;
  /** Failed trials after which the sweep has failed, from 0 to `maxTrials`; 3 by default. */
  maxFailedTrials?: number;
  /** Ends trials early that do worse than others; off by default. */
  earlyStopping?: SweepEarlyStoppingArgs;
  /** How metrics get from trials to Katib; lines such as `accuracy=0.93` in the output by default. */
  metrics?: SweepMetricsArgs;
  /** What becomes of it once it has ended; `Never` by default. */
  resumePolicy?: SweepResumePolicy;
  /** Whether the objects of trials stay when they have ended; false by default. */
  retainTrials?: boolean;
  /** Name of the container that trains; by default that of the trial's kind. Needed for kinds that are not known. */
  primaryContainer?: string;
  /** Labels of the pod whose metrics count; by default those of the trial's kind, and any pod of it for other kinds. */
  primaryPodLabels?: Record<string, string>;
  /** When a trial has succeeded, as an expression in GJSON; by default that of its kind. Needed for kinds that are not known. */
  successCondition?: string;
  /** When a trial has failed, as an expression in GJSON; by default that of its kind. Needed for kinds that are not known. */
  failureCondition?: string;
}
