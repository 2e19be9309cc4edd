import { arrayAt, childAt, isTreeObject, nodeAt, objectAt, stringAt, type Tree, type TreeObject } from "../tree";
import { isUnknown } from "../unknown";
import { workflowConcurrency } from "./argo-concurrency";
import { workflowPod } from "./argo-pod";
import { templateSet, type FindTemplateObject } from "./argo-template-set";
import { isPodTemplate, type WorkflowTemplate } from "./argo-templates";
import { filledIn, templateObject, wholeWorkflow, type WholeWorkflow } from "./argo-workflow";
import { moved, multiplied, podsElsewhere, relocated, unknownPods, type PodFinder, type Search } from "./finder";
import { namespaceOf } from "./others";
import { joinPaths, placedAt, type PodSet } from "./pod-set";
import { alone } from "./sizes";
import { ARGO_VARIABLE, parseText } from "./text";

/**
 * Kinds of Argo Workflows. Templates for workflows run nothing by themselves and so count 0, as does what no step of a
 * workflow leads to; a CronWorkflow counts the pods of one run. What runs is followed into the templates of other objects
 * that it names; where such an object is not at hand, nothing is known of its pods.
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
  const { others } = search;
  const whole: WholeWorkflow = runs ? wholeWorkflow(object, path, others) : { spec: filledIn(nodeAt(object, path)) };
  const { places = {}, missing } = whole;
  const find = (reference: Tree) => (runs ? templateObject(reference, namespaceOf(object), others) : undefined);
  const elsewhere = missing === undefined ? [] : [podsElsewhere(missing)];
  return [...elsewhere, ...templatePods(whole, path, runs, find, search).map((set) => writtenAt(set, places))];
}

/** The pods of a workflow that is put together of two, with the places in these. */
function writtenAt(set: PodSet, places: Readonly<Record<string, string>>): PodSet {
  const inside = Object.entries(set.places ?? {}).flatMap(([field, place]) =>
    Object.entries(places).flatMap(([path, inOne]): [string, string][] =>
      path.startsWith(`${place}.`) || path.startsWith(`${place}[`) ? [[field + path.slice(place.length), inOne]] : [],
    ),
  );
  const whole = relocated(set, (place) => placedAt(place, places));
  return inside.length === 0 ? whole : { ...whole, places: { ...Object.fromEntries(inside), ...whole.places } };
}

/** Templates of other objects that the workflow never runs are judged there, and left out here. */
function templatePods(
  { spec, places = {} }: WholeWorkflow,
  path: string,
  runs: boolean,
  find: FindTemplateObject,
  search: Search,
): PodSet[] {
  if (isUnknown(spec) || isUnknown(childAt(spec, "templates"))) return [unknownPods(`${path}.templates`)];
  const templates = templateSet(spec, path, find);
  const concurrency = workflowConcurrency(spec, path, templates);
  const sets = templates.all.flatMap((template) => {
    const isOwn = template.scope === path && !template.isElsewhere && placedAt(template.path, places) === template.path;
    const runners = concurrency(template).filter(({ count }) => isOwn || (runs && count !== 0));
    if (template.isElsewhere) return runners.length === 0 ? [] : [podsElsewhere(template.path)];
    if (isUnknown(template.tree)) return runners.length === 0 ? [] : [unknownPods(template.path)];
    if (!isPodTemplate(template.tree)) return [];
    return runners.flatMap(({ boundary, count }) => {
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
  if (workflow === undefined) return [];
  const metadata = childAt(object, "metadata");
  const inText: TreeObject = { apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", metadata, spec: workflow };
  // Inside the text the spec of the workflow is the root.
  const place = (inside: string) => joinPaths(`${path}#`, inside.replace(/^spec\.?/, ""));
  return workflowPods(inText, "spec", true, search).map((set) => relocated(set, place));
}
