import { childAt, isTreeObject, nodeAt, objectAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import { moved, multiplied, podsElsewhere, unknownPods, type PodFinder, type Search } from "./finder";
import { joinKey, type PodSet } from "./pod-set";
import { atMost, countAt } from "./sizes";
import { KATIB_PARAMETER, parseText, withUnknowns } from "./text";

/** Where an experiment has its trial as an object, and where it names the ConfigMap that has it as text. */
const TRIAL = "spec.trialTemplate.trialSpec";
const TRIAL_TEXT = "spec.trialTemplate.configMap";

/**
 * Kinds of Katib. Each trial is an object of any kind, of which so many run at once. Where it is text in a ConfigMap that
 * is not at hand, nothing is known of its pods.
 *
 * @see https://www.kubeflow.org/docs/components/katib/user-guides/experiment-spec/ (v0.19.0)
 * @see https://github.com/kubeflow/katib/blob/v0.19.0/pkg/controller.v1beta1/experiment/manifest/generator.go
 */
export const katibKinds: [kind: string, find: PodFinder][] = [
  ["kubeflow.org/Experiment", experimentPods],
  ["kubeflow.org/Trial", (object, search) => trialPods(nodeAt(object, "spec.runSpec"), "spec.runSpec", 1, search)],
];

function experimentPods(object: Tree, search: Search): PodSet[] {
  const written = nodeAt(object, TRIAL) ?? undefined;
  const configMap = objectAt(nodeAt(object, "spec.trialTemplate"), "configMap");
  const times = trialsAtOnce(object);
  return written === undefined && configMap !== undefined
    ? textPods(configMap, times, search)
    : trialPods(written, TRIAL, times, search);
}

function textPods(reference: TreeObject, times: number | undefined, search: Search): PodSet[] {
  const { configMapName, configMapNamespace, templatePath } = reference;
  const namespace = typeof configMapNamespace === "string" ? configMapNamespace : undefined;
  const configMap = search.others.named("/ConfigMap", configMapName, namespace);
  const text = typeof templatePath === "string" ? childAt(childAt(configMap, "data"), templatePath) : undefined;
  if (typeof templatePath !== "string" || typeof text !== "string") return [podsElsewhere(TRIAL_TEXT)];
  // Katib reads the first document and leaves the rest.
  const trial = parseText(text, KATIB_PARAMETER)[0];
  const place = `${joinKey(`${TRIAL_TEXT}#data`, templatePath)}#`;
  return isTreeObject(trial) ? trialPods(trial, place, times, search) : [unknownPods(place)];
}

function trialPods(node: Tree, path: string, times: number | undefined, { inside }: Search): PodSet[] {
  const trial = withUnknowns(node, KATIB_PARAMETER);
  if (isUnknown(trial)) return [unknownPods(path)];
  return inside(trial).map((set) => multiplied(moved(set, path), times));
}

function trialsAtOnce(experiment: Tree): number | undefined {
  const spec = childAt(experiment, "spec");
  return atMost(countAt(spec, "parallelTrialCount", 3), countAt(spec, "maxTrialCount", undefined));
}
