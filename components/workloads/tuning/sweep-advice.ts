import {
  childAt,
  containersOf,
  type Finding,
  GPU_RESOURCE,
  objectAt,
  podSetsOf,
  stringAt,
  type Tree,
} from "../../model";
import { SweepMetricsKind } from "./metrics-args";
import { WRAPPED_KINDS } from "./metrics-validation";
import type { SweepArgs } from "./sweep-args";
import { trialCounts } from "./sweep-manifest";
import { trialKindOf } from "./trial-kinds";
import { trialTree } from "./trial-tree";

/**
 * What may be as it is, and yet not as its author thinks.
 *
 * @param object the sweep as its author knows it, for example `Sweep lr`.
 */
export function sweepAdvice(object: string, args: SweepArgs): Finding[] {
  const trial = trialTree(args.trial);
  return [...gpuAdvice(object, args, trial), ...kindAdvice(object, trial), ...programAdvice(object, args, trial)];
}

/** Trials that there are not enough GPUs for wait for others to end, so that fewer run at a time. */
function gpuAdvice(object: string, args: SweepArgs, trial: Tree): Finding[] {
  const { parallelTrialCount: trials } = trialCounts(args);
  const perTrial = gpusOf(trial);
  const most = args.pools?.reduce((sum, { gpusPerNode, maxNodes }) => sum + gpusPerNode * maxNodes, 0);
  if (most === undefined || perTrial === 0 || trials * perTrial <= most) return [];
  const fitting = Math.floor(most / perTrial);
  const remedy =
    fitting === 0
      ? "Raise maxNodes of a pool, or ask for fewer GPUs in each trial: none would ever start."
      : `Set parallelTrials to ${fitting}, or raise maxNodes of a pool.`;
  return [
    {
      rule: "SIZE-02",
      severity: fitting === 0 ? "high" : "low",
      object,
      path: "parallelTrials",
      observed: `${trials} trials with ${perTrial} ${perTrial === 1 ? "GPU" : "GPUs"} each`,
      allowed: `${most} ${most === 1 ? "GPU" : "GPUs"}, all that the pools can have`,
      remedy,
    },
  ];
}

/** Whole GPUs of one trial, as far as they are known. */
function gpusOf(trial: Tree): number {
  return podSetsOf(trial).reduce((sum, set) => {
    const ofPod = containersOf(set).reduce((gpus, { container }) => {
      const limits = objectAt(objectAt(container, "resources"), "limits");
      return gpus + (Number(childAt(limits, GPU_RESOURCE)) || 0);
    }, 0);
    return sum + ofPod * (set.count ?? 1);
  }, 0);
}

function kindAdvice(object: string, trial: Tree): Finding[] {
  if (trialKindOf(trial)?.isBuiltIn === true) return [];
  const [group = "", version = ""] = (stringAt(trial, "apiVersion") ?? "").split("/");
  const resource = `${stringAt(trial, "kind") ?? ""}.${version}.${group}`;
  return [
    {
      rule: "SWEEP-01",
      severity: "low",
      object,
      path: "trial.kind",
      observed: resource,
      allowed: "the trialResources of Katib",
      remedy: `See to it that "${resource}" is among the trialResources of Katib, which by default has it not.`,
    },
  ];
}

function programAdvice(object: string, { metrics = {}, primaryContainer }: SweepArgs, trial: Tree): Finding[] {
  const { kind = SweepMetricsKind.stdOut } = metrics;
  const trialKind = trialKindOf(trial);
  const program = trialKind?.hasStarter === true ? undefined : trialKind?.primary(trial)?.program;
  if (!WRAPPED_KINDS.includes(kind) || primaryContainer !== undefined || program === undefined) return [];
  // The program of a TrainJob may stand in its runtime.
  if (program["command"] !== undefined || stringAt(trial, "kind") === "TrainJob") return [];
  return [
    {
      rule: "SWEEP-02",
      severity: "low",
      object,
      path: "trial",
      observed: "a program without a command",
      allowed: `a command, as metrics are read by ${kind}`,
      remedy: "Write the command down: Katib would have to ask the image's registry for it, for which it needs access.",
    },
  ];
}
