import { SpaceDistribution } from "./parameter-space";
import { SweepAlgorithm } from "./sweep-args";

/** What a setting may be. */
export interface SettingRule {
  /** Whether a text is such a value. */
  accepts: (text: string) => boolean;
  /** What it accepts, in words. */
  allowed: string;
  /** Whether the algorithm does nothing without it. */
  isNeeded?: boolean;
}

/** What an algorithm takes, as its suggestion service checks it, or fails by it. */
export interface AlgorithmRules {
  /** Settings by name. */
  settings: Record<string, SettingRule>;
  /** Distributions that it heeds; none where it draws in a way of its own. */
  distributions: SpaceDistribution[];
  /** Whether it heeds steps. */
  hasSteps: boolean;
  /** Whether numbers must have steps. */
  needsSteps?: boolean;
  /** Whether doubles must be above 0, as it searches on a logarithmic scale. */
  isLogarithmic?: boolean;
  /** Parameters with bounds that there must be at least. */
  leastRanges?: number;
}

const anyDistribution = Object.values(SpaceDistribution);

/** Python and Go read exponents too. */
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

function whole(min: number): SettingRule {
  return { accepts: (text) => /^\d+$/.test(text) && Number(text) >= min, allowed: `a whole number from ${min}` };
}

function number(allowed: string, fits: (value: number) => boolean): SettingRule {
  return { accepts: (text) => NUMBER.test(text) && fits(Number(text)), allowed };
}

function oneOf(...values: string[]): SettingRule {
  return { accepts: (text) => values.includes(text), allowed: values.join(", ") };
}

function needed(rule: SettingRule): SettingRule {
  return { ...rule, isNeeded: true };
}

const SEED = { random_state: whole(0) };
const OWN_WAY = { distributions: [] };

/**
 * Rules of the algorithms, by the service that Katib's configuration runs each in.
 *
 * `pbt` has a setting `resample_probability` too, whose check fails on any value.
 *
 * @see https://github.com/kubeflow/katib/tree/v0.19.0/pkg/suggestion/v1beta1
 */
export const ALGORITHM_RULES: Record<SweepAlgorithm, AlgorithmRules> = {
  [SweepAlgorithm.random]: { settings: SEED, distributions: anyDistribution, hasSteps: true },
  [SweepAlgorithm.tpe]: {
    settings: {
      ...SEED,
      gamma: number("a number between 0 and 1", (value) => value > 0 && value < 1),
      prior_weight: number("a number above 0", (value) => value > 0),
      n_EI_candidates: whole(1),
    },
    distributions: anyDistribution,
    hasSteps: true,
  },
  [SweepAlgorithm.multivariateTpe]: {
    settings: { ...SEED, n_startup_trials: whole(0), n_ei_candidates: whole(0) },
    distributions: [SpaceDistribution.uniform, SpaceDistribution.logUniform],
    hasSteps: true,
  },
  [SweepAlgorithm.grid]: { settings: SEED, ...OWN_WAY, hasSteps: true, needsSteps: true },
  [SweepAlgorithm.bayesianOptimization]: {
    settings: {
      ...SEED,
      base_estimator: oneOf("GP", "RF", "ET", "GBRT"),
      n_initial_points: whole(0),
      acq_func: oneOf("gp_hedge", "LCB", "EI", "PI", "EIps", "PIps"),
      acq_optimizer: oneOf("auto", "sampling", "lbfgs"),
    },
    ...OWN_WAY,
    hasSteps: false,
    isLogarithmic: true,
  },
  [SweepAlgorithm.cmaes]: {
    settings: {
      ...SEED,
      sigma: number("a number above 0", (value) => value > 0),
      restart_strategy: oneOf("none", "ipop", "bipop"),
    },
    ...OWN_WAY,
    hasSteps: true,
    leastRanges: 2,
  },
  [SweepAlgorithm.sobol]: { settings: {}, ...OWN_WAY, hasSteps: true },
  [SweepAlgorithm.hyperband]: {
    settings: {
      r_l: needed(number("a number from 1", (value) => value >= 1)),
      resource_name: needed({ accepts: (text) => text !== "", allowed: "the name of a parameter" }),
      eta: whole(2),
    },
    ...OWN_WAY,
    hasSteps: false,
  },
  [SweepAlgorithm.pbt]: {
    settings: {
      suggestion_trial_dir: needed({ accepts: (text) => /^\/./.test(text), allowed: "an absolute path below /" }),
      n_population: needed(whole(5)),
      truncation_threshold: needed(number("a number from 0 to 1", (value) => value >= 0 && value <= 1)),
    },
    ...OWN_WAY,
    hasSteps: true,
    needsSteps: true,
  },
};
