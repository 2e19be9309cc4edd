import { checkEnum, checkWholeNumber, type InputProblem, inputProblem, isPlain } from "../../internal";
import { checkLabelKey, checkLabelValue } from "../../internal";
import { checkObject, checkRun, checkServiceName, type NameRoom } from "../object";
import { ALGORITHM_RULES } from "./algorithm-rules";
import { checkAlgorithm } from "./algorithm-validation";
import { checkMetrics } from "./metrics-validation";
import { checkParameters } from "./space-validation";
import { SweepAlgorithm, type SweepArgs, SweepResumePolicy } from "./sweep-args";
import { trialCounts } from "./sweep-manifest";
import { trialKindOf } from "./trial-kinds";
import { trialTree } from "./trial-tree";
import { checkTrial } from "./trial-validation";

/**
 * Characters less that an Experiment's name has than others, as trials and services are named after it.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/webhook/v1beta1/experiment/validator/validator.go
 */
const NAME_ROOM: NameRoom = { taken: 23, reason: "of a sweep" };

/**
 * What Katib puts behind a sweep's name to name a trial.
 *
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/controller.v1beta1/suggestion/suggestionclient/suggestionclient.go
 */
const TRIAL_SUFFIX = "-xxxxxxxx";

/** Checks a Sweep's inputs as far as they are known. */
export function validateSweep(name: string, args: SweepArgs): InputProblem[] {
  const { parameters, algorithm = SweepAlgorithm.random } = args;
  if (parameters === undefined) {
    return [inputProblem("parameters", parameters, "at least one parameter", "Say what is tried out.")];
  }
  const rules = ALGORITHM_RULES[algorithm];
  const ofAlgorithm =
    rules === undefined
      ? checkEnum("algorithm", algorithm, SweepAlgorithm)
      : checkParameters(parameters, algorithm, rules);
  return [
    ...ofAlgorithm,
    ...(ofAlgorithm.length > 0 ? [] : [...checkCounts(args), ...checkAlgorithm(args, algorithm, rules)]),
    ...checkMetrics(args),
    ...checkTrial(args),
    ...checkEnum("resumePolicy", args.resumePolicy, SweepResumePolicy),
    ...checkRun(args),
    ...checkPrimaryPod(args),
    ...checkName(name, args),
  ];
}

function checkCounts(args: SweepArgs): InputProblem[] {
  const problems = checkWholeNumber("maxTrials", args.maxTrials, { min: 1 });
  if (problems.length > 0) return problems;
  const { maxTrialCount: max } = trialCounts(args);
  return [
    ...checkWholeNumber("parallelTrials", args.parallelTrials, { min: 1, max }),
    ...checkWholeNumber("maxFailedTrials", args.maxFailedTrials, { min: 0, max }),
  ];
}

function checkPrimaryPod({ primaryPodLabels = {} }: SweepArgs): InputProblem[] {
  return Object.entries(primaryPodLabels).flatMap(([key, value]) => {
    const path = `primaryPodLabels["${key}"]`;
    return [...checkLabelKey(path, key), ...(isPlain(value) ? checkLabelValue(path, value) : [])];
  });
}

function checkName(name: string, args: SweepArgs): InputProblem[] {
  const objectName = args.objectName ?? name;
  return [...checkObject(name, args, roomOf(args)), ...checkServiceName(objectName)];
}

/** The room for what Katib adds to a sweep's name to name a trial, and the trial's controller to name its pods. */
function roomOf({ trial }: SweepArgs): NameRoom {
  const tree = trialTree(trial);
  const suffixes = trialKindOf(tree)?.podSuffixes?.(tree) ?? [];
  const longest = suffixes.reduce((a, b) => (b.length > a.length ? b : a), "");
  const taken = TRIAL_SUFFIX.length + longest.length;
  const reason = `as "${TRIAL_SUFFIX}${longest}" is added to it`;
  return taken > NAME_ROOM.taken ? { taken, reason } : NAME_ROOM;
}
