import { childAt, nodeAt, type Tree } from "../tree";
import { isUnknown } from "../unknown";
import { moved, multiplied, unknownPods, type PodFinder, type Search } from "./finder";
import type { PodSet } from "./pod-set";
import { atMost, countAt } from "./sizes";
import { KATIB_PARAMETER, withUnknowns } from "./text";

/**
 * Kinds of Katib. Each trial is an object of any kind, of which so many run at once; what the trials of an experiment
 * have in a ConfigMap is not in the object.
 *
 * @see https://www.kubeflow.org/docs/components/katib/user-guides/experiment-spec/ (v0.19.0)
 */
export const katibKinds: [kind: string, find: PodFinder][] = [
  [
    "kubeflow.org/Experiment",
    (object, search) => trialPods(object, "spec.trialTemplate.trialSpec", trialsAtOnce(object), search),
  ],
  ["kubeflow.org/Trial", (object, search) => trialPods(object, "spec.runSpec", 1, search)],
];

function trialPods(object: Tree, path: string, times: number | undefined, { inside }: Search): PodSet[] {
  const trial = withUnknowns(nodeAt(object, path), KATIB_PARAMETER);
  if (isUnknown(trial)) return [unknownPods(path)];
  return inside(trial).map((set) => multiplied(moved(set, path), times));
}

function trialsAtOnce(experiment: Tree): number | undefined {
  const spec = childAt(experiment, "spec");
  return atMost(countAt(spec, "parallelTrialCount", 3), countAt(spec, "maxTrialCount", undefined));
}
