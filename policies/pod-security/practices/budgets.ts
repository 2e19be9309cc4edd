import { nodeAt, objectAt, UNKNOWN, type Tree, type TreeObject } from "../../../components/model";
import type { Subject } from "../../engine/subject";
import { allOf, type Truth } from "../../engine/truth";
import { isSelected } from "./label-selector";
import { areTogether } from "./replicas";

/** The budgets among the objects of a stack. */
export function budgetsOf(subjects: Subject[]): Subject[] {
  return subjects.filter((subject) => subject.is("policy/PodDisruptionBudget"));
}

/** Tells whether a budget is for the pods of a workload. */
export function selects(budget: Subject, workload: Subject): Truth {
  return allOf([
    areTogether(budget, workload),
    isSelected(labelsOf(workload).labels, nodeAt(budget.tree, "spec.selector")),
  ]);
}

/** The labels of a workload's pods; KServe gives those of an InferenceService some of their own. */
export function labelsOf(workload: Subject): { path: string; labels: Tree } {
  if (!workload.is("serving.kserve.io/InferenceService")) {
    const path = "spec.template.metadata.labels";
    return { path, labels: nodeAt(workload.tree, path) };
  }
  const name: Tree = nodeAt(workload.tree, "metadata.name");
  const app: Tree = typeof name === "string" ? `isvc.${name}-predictor` : UNKNOWN;
  const labels: TreeObject = {
    ...objectAt(nodeAt(workload.tree, "metadata"), "labels"),
    ...objectAt(nodeAt(workload.tree, "spec.predictor"), "labels"),
    "serving.kserve.io/inferenceservice": name,
    component: "predictor",
    app,
  };
  return { path: "spec.predictor", labels };
}
