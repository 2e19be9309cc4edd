import {
  ARGO_VARIABLE,
  childAt,
  isTreeObject,
  isUnknown,
  joinPaths,
  parseText,
  type Tree,
  type TreeObject,
} from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { levelsOf, unknownTemplatesOf, workflowsOf } from "./workflow";

/** Fields of a pod's spec, and of its containers, that decide what the pod may do. */
const POD_FIELDS = [
  ...["securityContext", "hostNetwork", "hostPID", "hostIPC", "hostUsers", "shareProcessNamespace", "volumes"],
  ...["serviceAccountName", "serviceAccount", "automountServiceAccountToken", "runtimeClassName", "nodeName"],
];
const CONTAINER_LISTS = ["initContainers", "containers", "ephemeralContainers"];
const CONTAINER_FIELDS = ["securityContext", "image", "volumeMounts", "volumeDevices"];

/** What the parser puts in place of a variable. */
const VARIABLE = "\uE000";

/**
 * ML-01: patches of a workflow's pods can be read, and leave what these may do to no variable. Rules about pods judge
 * the pods as they are patched.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.1/fields/ "podSpecPatch"
 * @see https://github.com/argoproj/argo-workflows/security/advisories/GHSA-3wf5-g532-rcrr versions before 4.0.2
 */
export const podSpecPatch: ResourceRule = {
  id: "ML-01",
  title: "Patches of workflow pods can be read and judged",
  why: "A patch may make any pod privileged, after every check of the template that it changes.",
  remediation: "Write the fields in the template, or in a patch without variables where they decide what a pod may do.",
  url: "https://github.com/argoproj/argo-workflows/security/advisories/GHSA-3wf5-g532-rcrr",
  severity: "critical",
  level: "mandatory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  podSpecPatch: "containers: [{ name: main, securityContext: { privileged: '{{workflow.parameters.root}}' } }]"
  templates:
    - name: main
      container: { image: "registry.example/mnist:1.4" }
`,
    good: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  podSpecPatch: "containers: [{ name: main, resources: { limits: { memory: '{{workflow.parameters.memory}}' } } }]"
  templates:
    - name: main
      container: { image: "registry.example/mnist:1.4" }
`,
  },
  *judge(subject) {
    for (const path of unknownTemplatesOf(subject)) yield undecided(path);
    for (const workflow of workflowsOf(subject)) {
      const reference = childAt(workflow.tree, "workflowTemplateRef");
      for (const { path, tree } of levelsOf(workflow)) {
        const patch = childAt(tree, "podSpecPatch");
        const place = joinPaths(path, "podSpecPatch");
        if (isUnknown(reference) && patch) yield undecided(`${workflow.path}.workflowTemplateRef`);
        if (isTreeObject(reference) && patch && !isUnknown(patch)) yield patchOfOthers(place);
        else yield* judgePatch(patch, place);
      }
    }
  },
};

function patchOfOthers(path: string): Judgement {
  return {
    path,
    observed: "a patch of pods that another object describes",
    allowed: "absent beside workflowTemplateRef",
    remedy: "Put the patch into the template that workflowTemplateRef names.",
  };
}

function* judgePatch(patch: Tree, path: string): Iterable<Judgement> {
  if (isUnknown(patch)) {
    yield undecided(path);
    return;
  }
  if (patch === undefined || patch === null || (typeof patch === "string" && patch.trim() === "")) return;
  const [parsed, ...others] = typeof patch === "string" ? parseText(patch, ARGO_VARIABLE) : [];
  if (isUnknown(parsed)) {
    yield decidedByVariable(path);
  } else if (!isTreeObject(parsed) || others.length > 0) {
    yield {
      path,
      observed: "no YAML or JSON object",
      allowed: "one patch of a pod's spec",
      remedy: "Correct it, or write its fields in the template.",
    };
  } else {
    for (const place of new Set(variablesOfPod(parsed, `${path}#`))) yield decidedByVariable(place);
  }
}

function decidedByVariable(path: string): Judgement {
  return {
    path,
    observed: "decided by a variable",
    allowed: "a value that is known before the workflow runs",
    remedy: "Write the value out, or make one template for each case.",
  };
}

function variablesOfPod(pod: TreeObject, path: string): string[] {
  return fieldsOf(pod, path, (field, value, at) => {
    if (POD_FIELDS.includes(field)) return variablesIn(value, at);
    if (!CONTAINER_LISTS.includes(field)) return [];
    if (!Array.isArray(value)) return isUnknown(value) ? [at] : [];
    return value.flatMap((container, index) => variablesOfContainer(container, `${at}[${index}]`));
  });
}

function variablesOfContainer(container: Tree, path: string): string[] {
  if (!isTreeObject(container)) return isUnknown(container) ? [path] : [];
  return fieldsOf(container, path, (field, value, at) =>
    CONTAINER_FIELDS.includes(field) ? variablesIn(value, at) : [],
  );
}

/** The places in a node that a variable decides, and the node itself where one names a field of it. */
function variablesIn(node: Tree, path: string): string[] {
  if (isUnknown(node)) return [path];
  if (Array.isArray(node)) return node.flatMap((item, index) => variablesIn(item, `${path}[${index}]`));
  return isTreeObject(node) ? fieldsOf(node, path, (_field, value, at) => variablesIn(value, at)) : [];
}

function fieldsOf(
  object: TreeObject,
  path: string,
  variables: (field: string, value: Tree, at: string) => string[],
): string[] {
  return Object.entries(object).flatMap(([field, value]) =>
    field.includes(VARIABLE) ? [path] : variables(field, value, joinPaths(path, field)),
  );
}
