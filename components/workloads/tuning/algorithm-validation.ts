import { type InputProblem, inputProblem, problemAt } from "../../internal";
import type { AlgorithmRules } from "./algorithm-rules";
import { SpaceType } from "./parameter-space";
import { isRange } from "./space-validation";
import { SweepAlgorithm, type SweepArgs, SweepResumePolicy } from "./sweep-args";
import { combinationsOf, trialCounts } from "./sweep-manifest";

/** Factor by which the runs of `hyperband` grow where nothing else is said. */
const DEFAULT_ETA = "3";

/** Checks the settings of an algorithm, and what it demands of a sweep. */
export function checkAlgorithm(args: SweepArgs, algorithm: SweepAlgorithm, rules: AlgorithmRules): InputProblem[] {
  const problems = [...checkSettings(args, algorithm, rules), ...checkRanges(args, algorithm, rules)];
  return problems.length > 0 ? problems : (DEMANDS[algorithm]?.(args) ?? []);
}

function checkSettings(
  { algorithmSettings = {} }: SweepArgs,
  algorithm: SweepAlgorithm,
  { settings }: AlgorithmRules,
): InputProblem[] {
  const names = Object.keys(settings).join(", ");
  return [
    ...Object.entries(algorithmSettings).flatMap(([key, value]) => {
      const path = `algorithmSettings["${key}"]`;
      const rule = settings[key];
      if (rule === undefined) {
        const allowed = names === "" ? `no setting with ${algorithm}` : `${names} with ${algorithm}`;
        return [inputProblem(path, key, allowed, "Remove or respell the setting.")];
      }
      return rule.accepts(value) ? [] : [inputProblem(path, value, rule.allowed, "Correct the value.")];
    }),
    ...Object.entries(settings)
      .filter(([key, { isNeeded }]) => isNeeded === true && !(key in algorithmSettings))
      .map(([key, { allowed }]) =>
        inputProblem(`algorithmSettings["${key}"]`, undefined, allowed, `Set it: ${algorithm} needs it.`),
      ),
  ];
}

function checkRanges({ parameters }: SweepArgs, algorithm: SweepAlgorithm, rules: AlgorithmRules): InputProblem[] {
  const { leastRanges = 0 } = rules;
  const ranges = Object.values(parameters).filter(isRange).length;
  if (ranges >= leastRanges) return [];
  const allowed = `at least ${leastRanges} of double or int with ${algorithm}`;
  return [problemAt("parameters", `${ranges} of double or int`, allowed, "Add one, or take another algorithm.")];
}

/** What single algorithms demand beside their settings. */
const DEMANDS: Partial<Record<SweepAlgorithm, (args: SweepArgs) => InputProblem[]>> = {
  [SweepAlgorithm.grid]: checkGrid,
  [SweepAlgorithm.hyperband]: checkHyperband,
  [SweepAlgorithm.pbt]: checkPbt,
};

function checkGrid({ parameters, maxTrials }: SweepArgs): InputProblem[] {
  const combinations = combinationsOf(parameters);
  if (maxTrials === undefined || maxTrials <= combinations) return [];
  return [inputProblem("maxTrials", maxTrials, `at most ${combinations}, all combinations`, "Lower it.")];
}

/** The first runs of hyperband are as many as this at the same time. */
function checkHyperband(args: SweepArgs): InputProblem[] {
  const { parameters, algorithmSettings = {} } = args;
  const resource = algorithmSettings["resource_name"] ?? "";
  if (parameters[resource]?.type !== SpaceType.int) {
    const ints = Object.entries(parameters).filter(([, { type }]) => type === SpaceType.int);
    const allowed = ints.map(([key]) => key).join(", ") || "a parameter of int";
    const remedy = "Name the parameter by which a trial runs for longer, such as a number of epochs.";
    return [inputProblem('algorithmSettings["resource_name"]', resource, allowed, remedy)];
  }
  const [most, eta] = [algorithmSettings["r_l"], algorithmSettings["eta"] ?? DEFAULT_ETA].map(Number) as [
    number,
    number,
  ];
  const least = Math.ceil(eta ** Math.trunc(Math.log(most) / Math.log(eta)));
  const { parallelTrialCount } = trialCounts(args);
  return [
    ...(parallelTrialCount < least
      ? [
          inputProblem(
            "parallelTrials",
            parallelTrialCount,
            `at least ${least} with r_l ${most} and eta ${eta}`,
            "Raise it, or lower r_l.",
          ),
        ]
      : []),
    ...Object.entries(parameters).flatMap(([name, { type, values = [] }]) =>
      type !== SpaceType.discrete || values.every((value) => /^-?\d+$/.test(value))
        ? []
        : [inputProblem(`parameters["${name}"].values`, values, "whole numbers with hyperband", "It reads no others.")],
    ),
  ];
}

/** Its trials mount a volume that there is with this policy alone. */
function checkPbt({ resumePolicy }: SweepArgs): InputProblem[] {
  if (resumePolicy === SweepResumePolicy.fromVolume) return [];
  const remedy = "Its trials go on from checkpoints on the volume that this policy makes.";
  return [inputProblem("resumePolicy", resumePolicy, `${SweepResumePolicy.fromVolume} with pbt`, remedy)];
}
