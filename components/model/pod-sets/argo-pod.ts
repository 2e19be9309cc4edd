import { arrayAt, childAt, isTreeObject, objectAt, stringAt, type Tree } from "../tree";
import { UNKNOWN } from "../unknown";
import { BOUNDARY_FIELDS, hasValue } from "./argo-concurrency";
import { typeOf, type WorkflowTemplate } from "./argo-templates";
import { given, without } from "./finder";
import { fieldsPart, joinedParts, listPart, mergedMetadata, type Placed, type PodPart } from "./parts";
import { patched, placesOfPatch } from "./patch";
import { joinPaths, type PodSet } from "./pod-set";
import { ARGO_VARIABLE, parseText } from "./text";

/** Fields of a pod that a template gives, or else the workflow, by their names in each. */
const INHERITED: [inPod: string, inWorkflow: string][] = [
  ["nodeSelector", "nodeSelector"],
  ["affinity", "affinity"],
  ["tolerations", "tolerations"],
  ["schedulerName", "schedulerName"],
  ["priorityClassName", "podPriorityClassName"],
  ["securityContext", "securityContext"],
  ["serviceAccountName", "serviceAccountName"],
  ["automountServiceAccountToken", "automountServiceAccountToken"],
  ["activeDeadlineSeconds", "activeDeadlineSeconds"],
];

/** Fields of a pod that only the workflow gives. */
const OF_WORKFLOW = ["hostNetwork", "dnsPolicy", "dnsConfig", "imagePullSecrets"];

/** A workflow's spec with its path from the object's root. */
export interface WorkflowSpec {
  path: string;
  tree: Tree;
}

/**
 * The pods of one template as Argo makes them, without the containers of its own that it adds.
 *
 * @param boundary the template that leads to these pods.
 * @see https://github.com/argoproj/argo-workflows/blob/v4.0.5/workflow/controller/workflowpod.go
 */
export function workflowPod(
  template: WorkflowTemplate,
  boundary: WorkflowTemplate | undefined,
  workflow: WorkflowSpec,
): Omit<PodSet, "count" | "minCount"> {
  const containers = containersOf(template);
  const part = joinedParts(
    { spec: { restartPolicy: "Never", containers: [] }, places: { spec: template.path } },
    inheritedFields(template, boundary, workflow),
    listPart("containers", containers),
    hasValue(template.tree, "initContainers")
      ? fieldsPart([["initContainers", { value: childAt(template.tree, "initContainers") }]])
      : fieldsPart([]),
    listPart("volumes", volumesOf(template, containers, workflow)),
  );
  const patches = [workflow, template].map(({ tree, path }): Placed => ({
    value: childAt(tree, "podSpecPatch"),
    place: joinPaths(path, "podSpecPatch#"),
  }));
  const whole = patches.reduce(withPatch, part);
  return {
    path: template.path,
    ...given("role", template.name),
    template: {
      metadata: mergedMetadata(childAt(workflow.tree, "podMetadata"), childAt(template.tree, "metadata")),
      spec: whole.spec,
    },
    places: whole.places,
  };
}

function inheritedFields(
  template: WorkflowTemplate,
  boundary: WorkflowTemplate | undefined,
  workflow: WorkflowSpec,
): PodPart {
  const found = INHERITED.flatMap(([field, inWorkflow]): [string, Placed][] => {
    const givers: (WorkflowSpec & { key: string })[] = [
      { ...template, key: field },
      ...(boundary && BOUNDARY_FIELDS.includes(field) ? [{ ...boundary, key: field }] : []),
      { ...workflow, key: inWorkflow },
    ];
    const giver = givers.find(({ tree, key }) => hasValue(tree, key));
    return giver === undefined ? [] : [[field, placedAt(giver, giver.key)]];
  });
  const others = OF_WORKFLOW.filter((field) => hasValue(workflow.tree, field));
  return fieldsPart([...found, ...others.map((field): [string, Placed] => [field, placedAt(workflow, field)])]);
}

/** The containers of the template's type, and its sidecars. */
function containersOf({ tree, path }: WorkflowTemplate): Placed[] {
  const type = typeOf(tree) ?? "";
  const body = objectAt(tree, type);
  const sidecars = arrayAt(tree, "sidecars").map((value, index): Placed => ({
    value,
    place: `${path}.sidecars[${index}]`,
  }));
  if (type === "containerSet") {
    const mounts = arrayAt(body, "volumeMounts");
    const containers = arrayAt(body, "containers").map((value, index): Placed => ({
      value: withMounts(value, mounts),
      place: `${path}.containerSet.containers[${index}]`,
    }));
    return [...containers, ...sidecars];
  }
  if (type !== "container" && type !== "script") return sidecars;
  const main: Tree = body === undefined ? UNKNOWN : { ...without(body, ["source"]), name: "main" };
  return [{ value: main, place: `${path}.${type}` }, ...sidecars];
}

/** The volumes of the template, and those of the workflow that its containers mount. */
function volumesOf(template: WorkflowTemplate, containers: Placed[], { tree, path }: WorkflowSpec): Placed[] {
  const own = arrayAt(template.tree, "volumes").map((value): Placed => ({ value }));
  const ofWorkflow = arrayAt(tree, "volumes").map((value, index): Placed => ({
    value,
    place: `${path}.volumes[${index}]`,
  }));
  const claimed = arrayAt(tree, "volumeClaimTemplates").map((claim, index): Placed => ({
    // Argo makes up the name of the claim when the workflow starts.
    value: { name: nameOf(childAt(claim, "metadata")), persistentVolumeClaim: { claimName: UNKNOWN } },
    place: `${path}.volumeClaimTemplates[${index}]`,
  }));
  const mounted = [...containers.map(({ value }) => value), ...arrayAt(template.tree, "initContainers")]
    .flatMap((container) => arrayAt(container, "volumeMounts"))
    .map(nameOf);
  const owned = own.map(({ value }) => nameOf(value));
  const others = [...ofWorkflow, ...claimed].filter(
    ({ value }) => mounted.includes(nameOf(value)) && !owned.includes(nameOf(value)),
  );
  return [...own, ...others];
}

/** Patches that are not known before the workflow runs leave the pod as it is written. */
function withPatch(part: PodPart, { value, place = "" }: Placed): PodPart {
  const [patch] = typeof value === "string" ? parseText(value, ARGO_VARIABLE) : [];
  const spec = isTreeObject(patch) ? patched(part.spec, patch) : undefined;
  if (!isTreeObject(spec)) return part;
  return { spec, places: { ...part.places, ...placesOfPatch(part.spec, spec, patch, place) } };
}

function withMounts(container: Tree, mounts: Tree[]): Tree {
  if (!isTreeObject(container) || mounts.length === 0) return container;
  return { ...container, volumeMounts: [...arrayAt(container, "volumeMounts"), ...mounts] };
}

function placedAt({ tree, path }: WorkflowSpec, key: string): Placed {
  return { value: childAt(tree, key), place: `${path}.${key}` };
}

function nameOf(node: Tree): string | undefined {
  return stringAt(node, "name");
}
