import {
  arrayAt,
  childAt,
  isUnknown,
  nodeAt,
  pathInContainer,
  pathInPodSet,
  containersOf,
  UNKNOWN,
  type ContainerAt,
  type Tree,
} from "../../../components/model";
import { podValue, type PodGroup } from "../../engine/pods";
import type { Subject } from "../../engine/subject";
import { queueLabelOf } from "./queues";
import { textOf } from "./text-of";

/** A field that names another object. */
export interface Reference {
  /** Kinds of which the object may be, as group and kind, for example `kueue.x-k8s.io/LocalQueue`. */
  kinds: readonly string[];
  name: Tree;
  path: string;
}

/** Label that gives a workload the priority of Kueue. */
const PRIORITY_LABEL = "kueue.x-k8s.io/priority-class";

/** Fields that name one other object, by the kind of the object that has them. */
const FIELDS: [of: string, path: string, kinds: string[]][] = [
  ["kueue.x-k8s.io/LocalQueue", "spec.clusterQueue", ["kueue.x-k8s.io/ClusterQueue"]],
  ["/PersistentVolumeClaim", "spec.storageClassName", ["storage.k8s.io/StorageClass"]],
  [
    "serving.kserve.io/InferenceService",
    "spec.predictor.model.runtime",
    ["serving.kserve.io/ServingRuntime", "serving.kserve.io/ClusterServingRuntime"],
  ],
];

/** Where workflows name a template that is an object of its own. */
const WORKFLOWS: [of: string, spec: string][] = [
  ["argoproj.io/Workflow", "spec"],
  ["argoproj.io/WorkflowTemplate", "spec"],
  ["argoproj.io/ClusterWorkflowTemplate", "spec"],
  ["argoproj.io/CronWorkflow", "spec.workflowSpec"],
];

/** Volumes that are made of another object: the field of the volume, the field with its name, its kind. */
const VOLUMES: [source: string, name: string, kind: string][] = [
  ["persistentVolumeClaim", "claimName", "/PersistentVolumeClaim"],
  ["secret", "secretName", "/Secret"],
  ["configMap", "name", "/ConfigMap"],
];

/** Where a variable of a container takes its value, or a list of variables all of them. */
const ENV_SOURCES: [list: string, source: string, kind: string][] = [
  ["env", "valueFrom.secretKeyRef", "/Secret"],
  ["env", "valueFrom.configMapKeyRef", "/ConfigMap"],
  ["envFrom", "secretRef", "/Secret"],
  ["envFrom", "configMapRef", "/ConfigMap"],
];

/** Every reference of an object, field by field; those that are optional are left out. */
export function referencesOf(subject: Subject): Reference[] {
  const all = [...ofObject(subject), ...subject.pods.flatMap((pods) => [...ofPods(pods), ...ofQueue(subject, pods)])];
  const named = all.filter(({ name }) => isUnknown(name) || (typeof name === "string" && name !== ""));
  // Many templates of a workflow may take one field of it.
  return [...new Map(named.map((reference) => [reference.path, reference])).values()];
}

function ofObject(subject: Subject): Reference[] {
  const fields = FIELDS.filter(([of]) => subject.is(of)).map(([, path, kinds]): Reference => ({
    kinds,
    name: nodeAt(subject.tree, path),
    path,
  }));
  const workflows = WORKFLOWS.filter(([of]) => subject.is(of)).flatMap(([, spec]) => ofWorkflow(subject.tree, spec));
  return [...fields, ...ofClusterQueue(subject), ...ofTrainJob(subject), ...ofPriority(subject), ...workflows];
}

function ofClusterQueue(subject: Subject): Reference[] {
  if (!subject.is("kueue.x-k8s.io/ClusterQueue")) return [];
  const groups = arrayAt(childAt(subject.tree, "spec"), "resourceGroups");
  return groups.flatMap((group, groupIndex) =>
    arrayAt(group, "flavors").map((flavor, index): Reference => ({
      kinds: ["kueue.x-k8s.io/ResourceFlavor"],
      name: childAt(flavor, "name"),
      path: `spec.resourceGroups[${groupIndex}].flavors[${index}].name`,
    })),
  );
}

function ofTrainJob(subject: Subject): Reference[] {
  if (!subject.is("trainer.kubeflow.org/TrainJob")) return [];
  const kind: Tree = nodeAt(subject.tree, "spec.runtimeRef.kind") ?? "ClusterTrainingRuntime";
  const kinds = isUnknown(kind) ? ["TrainingRuntime", "ClusterTrainingRuntime"] : [textOf(kind)];
  const name = nodeAt(subject.tree, "spec.runtimeRef.name");
  return [{ kinds: kinds.map((each) => `trainer.kubeflow.org/${each}`), name, path: "spec.runtimeRef.name" }];
}

function ofPriority(subject: Subject): Reference[] {
  const name: Tree = childAt(nodeAt(subject.tree, "metadata.labels"), PRIORITY_LABEL);
  return [{ kinds: ["kueue.x-k8s.io/WorkloadPriorityClass"], name, path: `metadata.labels["${PRIORITY_LABEL}"]` }];
}

function ofQueue(subject: Subject, pods: PodGroup): Reference[] {
  const { name, path } = queueLabelOf(subject, pods);
  return [{ kinds: ["kueue.x-k8s.io/LocalQueue"], name, path }];
}

function ofWorkflow(tree: Tree, path: string): Reference[] {
  const spec = nodeAt(tree, path);
  const inTemplates = arrayAt(spec, "templates").flatMap((template, templateIndex) => {
    const at = `${path}.templates[${templateIndex}]`;
    const tasks = arrayAt(childAt(template, "dag"), "tasks").map((task, index) =>
      ofTemplate(childAt(task, "templateRef"), `${at}.dag.tasks[${index}].templateRef`),
    );
    const steps = arrayAt(template, "steps").flatMap((parallel, index) =>
      (Array.isArray(parallel) ? parallel : []).map((step: Tree, place) =>
        ofTemplate(childAt(step, "templateRef"), `${at}.steps[${index}][${place}].templateRef`),
      ),
    );
    return [...tasks, ...steps];
  });
  return [ofTemplate(childAt(spec, "workflowTemplateRef"), `${path}.workflowTemplateRef`), ...inTemplates];
}

function ofTemplate(reference: Tree, path: string): Reference {
  const scope: Tree = childAt(reference, "clusterScope");
  const kind = scope === true ? "ClusterWorkflowTemplate" : "WorkflowTemplate";
  const kinds = isUnknown(scope) ? ["WorkflowTemplate", "ClusterWorkflowTemplate"] : [kind];
  const name = childAt(reference, "name");
  // Argo fills variables in when the workflow runs.
  const isVariable = typeof name === "string" && name.includes("{{");
  return { kinds: kinds.map((each) => `argoproj.io/${each}`), name: isVariable ? UNKNOWN : name, path: `${path}.name` };
}

function ofPods(pods: PodGroup): Reference[] {
  const own: [field: string, kind: string][] = [
    ["serviceAccountName", "/ServiceAccount"],
    ["priorityClassName", "scheduling.k8s.io/PriorityClass"],
  ];
  const names = own.map(([field, kind]): Reference => ({
    kinds: [kind],
    name: completedIsAbsent(pods, field),
    path: pathInPodSet(pods, `spec.${field}`),
  }));
  const pulls = arrayAt(pods.spec, "imagePullSecrets").map((secret, index): Reference => ({
    kinds: ["/Secret"],
    name: childAt(secret, "name"),
    path: pathInPodSet(pods, `spec.imagePullSecrets[${index}].name`),
  }));
  return [...names, ...pulls, ...ofVolumes(pods), ...containersOf(pods).flatMap(ofContainer)];
}

/** What another object may add is its own reference, and judged there. */
function completedIsAbsent(pods: PodGroup, field: string): Tree {
  const value = podValue(pods, field);
  return isUnknown(value) && pods.completedBy !== undefined ? undefined : value;
}

function ofVolumes(pods: PodGroup): Reference[] {
  return arrayAt(pods.spec, "volumes").flatMap((volume, index) =>
    VOLUMES.flatMap(([source, field, kind]) =>
      required(childAt(volume, source)).map((object) => ({
        kinds: [kind],
        name: childAt(object, field),
        path: pathInPodSet(pods, `spec.volumes[${index}].${source}.${field}`),
      })),
    ),
  );
}

function ofContainer(at: ContainerAt): Reference[] {
  return ENV_SOURCES.flatMap(([list, source, kind]) =>
    arrayAt(at.container, list).flatMap((entry, index) =>
      required(nodeAt(entry, source)).map((object) => ({
        kinds: [kind],
        name: childAt(object, "name"),
        path: pathInContainer(at, `${list}[${index}].${source}.name`),
      })),
    ),
  );
}

function required(object: Tree): Tree[] {
  return childAt(object, "optional") === true ? [] : [object];
}
