import {
  ARGO_VARIABLE,
  childAt,
  isTreeObject,
  isUnknown,
  nodeAt,
  parseText,
  stringAt,
  type Tree,
} from "../../../components/model";
import { textList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { shown } from "../../engine/shown";
import { chartNamed, chartValue } from "../installed-chart";

const namespaces = textList(
  "a list of the namespaces of controllers that run workflows of their users' own making",
  // Kubeflow Pipelines makes a workflow of its own for every run.
  ["kubeflow"],
);

const FIELD = "workflowRestrictions.templateReferencing";

/**
 * ML-03, controller: users run the templates that were vetted, rather than workflows of their own making.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.1/workflow-restrictions/
 */
export const templateReferencing: ResourceRule<{ namespaces: string[] }> = {
  id: "ML-03",
  title: "Argo runs vetted templates only",
  why: "Who may submit a workflow of their own making runs any pod that the controller can create.",
  remediation: "Set `workflowRestrictions.templateReferencing` to Strict or Secure in the controller's configuration.",
  url: "https://argo-workflows.readthedocs.io/en/latest/workflow-restrictions/",
  severity: "high",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "ml",
  parameters: { namespaces },
  examples: {
    bad: `
apiVersion: v1
kind: ConfigMap
metadata: { name: workflow-controller-configmap, namespace: argo }
data:
  config: "{ parallelism: 10 }"
`,
    good: `
apiVersion: v1
kind: ConfigMap
metadata: { name: workflow-controller-configmap, namespace: argo }
data:
  config: "{ parallelism: 10, workflowRestrictions: { templateReferencing: Strict } }"
`,
  },
  *judge(subject, parameters) {
    yield* judgeConfigMap(subject, parameters.namespaces);
    const chart = chartNamed(subject, "argo-workflows");
    // What a chart without a name leaves unsaid is no news of Argo.
    if (chart === undefined || isUnknown(chart.name)) return;
    if (isExcepted(nodeAt(subject.tree, "namespace"), parameters.namespaces) === true) return;
    const value = chartValue(chart, `controller.${FIELD}`, null);
    if (value !== undefined) yield* judgeValue(value, `values.controller.${FIELD}`);
  },
};

function* judgeConfigMap(subject: Subject, excepted: string[]): Iterable<Judgement> {
  if (!subject.is("/ConfigMap")) return;
  const name = nodeAt(subject.tree, "metadata.name");
  const data = childAt(subject.tree, "data");
  if (typeof name === "string" && !name.endsWith("workflow-controller-configmap")) return;
  const namespace = nodeAt(subject.tree, "metadata.namespace");
  const isException = isExcepted(namespace, excepted);
  if (isException === true) return;
  const found = judgeData(data);
  if (typeof name !== "string") {
    // A ConfigMap with another name than this is none of Argo's, whatever it says.
    if (isUnknown(name) && found.length > 0 && isTreeObject(data) && Object.hasOwn(data, "config")) {
      yield undecided("metadata.name");
    }
  } else if (isException === undefined && found.length > 0) {
    yield undecided("metadata.namespace");
  } else {
    yield* found;
  }
}

/** Undefined while the namespace is not known. */
function isExcepted(namespace: Tree, excepted: string[]): boolean | undefined {
  if (isUnknown(namespace)) return undefined;
  return typeof namespace === "string" && excepted.includes(namespace);
}

/** The configuration stands in one text, or each of its fields in one of its own. */
function judgeData(data: Tree): Judgement[] {
  if (isUnknown(data)) return [undecided("data")];
  const config = childAt(data, "config");
  const own = childAt(data, "workflowRestrictions");
  if (isUnknown(own)) return [undecided("data.workflowRestrictions")];
  if (typeof own === "string") {
    return judgeValue(childAt(parsed(own), "templateReferencing"), "data.workflowRestrictions#templateReferencing");
  }
  if (isUnknown(config)) return [undecided("data.config")];
  return judgeValue(nodeAt(parsed(config), FIELD), `data.config#${FIELD}`);
}

function parsed(text: Tree): Tree {
  return typeof text === "string" ? parseText(text, ARGO_VARIABLE)[0] : undefined;
}

function judgeValue(value: Tree, path: string): Judgement[] {
  if (isUnknown(value)) return [undecided(path)];
  const text = stringAt({ value }, "value");
  if (text === "Strict" || text === "Secure") return [];
  return [
    {
      path,
      observed: text === undefined ? "absent" : shown(text),
      allowed: "Strict or Secure",
      remedy: "Set it, and let users name a WorkflowTemplate in their workflows.",
    },
  ];
}
