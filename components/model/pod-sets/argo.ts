import { arrayAt, childAt, isTreeObject, nodeAt, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import { workflowConcurrency } from "./argo-concurrency";
import { workflowPod } from "./argo-pod";
import { isPodTemplate, workflowTemplates, type WorkflowTemplate } from "./argo-templates";
import { moved, multiplied, relocated, unknownPods, type PodFinder, type Search } from "./finder";
import { joinPaths, type PodSet } from "./pod-set";
import { alone } from "./sizes";
import { ARGO_VARIABLE, parseText, withUnknowns } from "./text";

/** What a workflow holds as text: a patch of its pods, and the object of a `resource` template. */
const TEXT_FIELDS = ["podSpecPatch", "manifest"];

/**
 * Kinds of Argo Workflows. Templates for workflows run nothing by themselves and so count 0, as does what no step of a
 * workflow leads to; a CronWorkflow counts the pods of one run.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.0/fields/
 */
export const argoKinds: [kind: string, find: PodFinder][] = [
  ["argoproj.io/Workflow", (object, search) => workflowPods(object, "spec", true, search)],
  ["argoproj.io/WorkflowTemplate", (object, search) => workflowPods(object, "spec", false, search)],
  ["argoproj.io/ClusterWorkflowTemplate", (object, search) => workflowPods(object, "spec", false, search)],
  ["argoproj.io/CronWorkflow", (object, search) => workflowPods(object, "spec.workflowSpec", true, search)],
  ["kubeflow.org/ScheduledWorkflow", scheduledWorkflowPods],
];

/** The pods of a workflow that is described at a path of an object. */
function workflowPods(object: Tree, path: string, runs: boolean, search: Search): PodSet[] {
  const spec = withUnknowns(nodeAt(object, path), ARGO_VARIABLE, TEXT_FIELDS);
  if (isUnknown(spec) || isUnknown(childAt(spec, "templates"))) return [unknownPods(`${path}.templates`)];
  const templates = workflowTemplates(spec, path);
  const concurrency = workflowConcurrency(spec, templates);
  const sets = templates.flatMap((template) => {
    if (isUnknown(template.tree)) return [unknownPods(template.path)];
    if (!isPodTemplate(template.tree)) return [];
    return concurrency(template).flatMap(({ boundary, count }) => {
      const pod = { ...workflowPod(template, boundary, { tree: spec, path }), ...alone(runs ? count : 0) };
      return [pod, ...createdPods(template, search).map((set) => multiplied(set, pod.count))];
    });
  });
  return [...sets, ...agentPods(spec, path, runs)];
}

/** The pods of the objects that a `resource` template creates from text. */
function createdPods({ tree, path }: WorkflowTemplate, { inside }: Search): PodSet[] {
  const resource = childAt(tree, "resource");
  const manifest = childAt(resource, "manifest");
  const place = `${path}.resource.manifest`;
  if (["get", "delete"].includes(stringAt(resource, "action") ?? "")) return [];
  if (isUnknown(manifest)) return [unknownPods(place)];
  if (typeof manifest !== "string" || manifest.trim() === "") return [];
  const documents = parseText(manifest, ARGO_VARIABLE);
  // Text that is no YAML before its variables are filled in may be some afterwards.
  if (documents.length === 0) return [unknownPods(`${place}#`)];
  return documents.flatMap((document, index) => {
    const at = documents.length === 1 ? `${place}#` : `${place}#[${index}]`;
    return isUnknown(document) ? [unknownPods(at)] : inside(document).map((set) => moved(set, at));
  });
}

/** Plugins run as containers of one pod for each workflow, the agent. */
function agentPods(spec: Tree, path: string, runs: boolean): PodSet[] {
  const found = arrayAt(spec, "executorPlugins").flatMap((plugin, index) => {
    const container = objectAt(childAt(childAt(plugin, "spec"), "sidecar"), "container");
    return container === undefined ? [] : [{ container, place: `executorPlugins[${index}].spec.sidecar.container` }];
  });
  if (found.length === 0) return [];
  const places = found.map(({ place }, index): [string, string] => [
    `spec.containers[${index}]`,
    joinPaths(path, place),
  ]);
  const template = { metadata: {}, spec: { containers: found.map(({ container }) => container) } };
  return [
    {
      path: `${path}.executorPlugins`,
      role: "agent",
      ...alone(runs ? 1 : 0),
      template,
      places: Object.fromEntries([["spec", path], ...places]),
    },
  ];
}

/**
 * A recurring run of Kubeflow Pipelines holds its workflow as an object or, from the API server, as text.
 *
 * @see https://github.com/kubeflow/pipelines/blob/2.17.0/backend/src/crd/pkg/apis/scheduledworkflow/v1beta1/types.go
 */
function scheduledWorkflowPods(object: Tree, search: Search): PodSet[] {
  const path = "spec.workflow.spec";
  const spec = nodeAt(object, path);
  if (typeof spec !== "string") return spec === undefined ? [] : workflowPods(object, path, true, search);
  const [workflow] = parseText(spec, ARGO_VARIABLE).filter(isTreeObject);
  const inText: TreeObject = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", spec: workflow };
  if (workflow === undefined) return [];
  // Inside the text the spec of the workflow is the root.
  const place = (inside: string) => joinPaths(`${path}#`, inside.replace(/^spec\.?/, ""));
  return workflowPods(inText, "spec", true, search).map((set) => relocated(set, place));
}
