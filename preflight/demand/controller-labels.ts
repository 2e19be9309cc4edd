import { childAt, isTreeObject, type PodSet, type PodTemplate } from "../../components/model";
import type { PlannedResource } from "../planned-resource";
import { groupKindOf, objectName } from "../pools/stack-index";

/** Labels that a controller gives to pods of a workload of some name; of a set in some role. */
type Labels = (name: string, role: string) => Record<string, string>;

/** Roles of which a training job has one pod, which leads the others. */
const LEADING = ["master", "chief"];

/**
 * Labels that all pods of a set have alike, whichever of them it is, so that rules between pods find them by these.
 * Where the controller makes up the value, as of a hash, the name stands for it: it tells the pods of one workload
 * from those of others as well.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/ (v1.36)
 * @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/apis/kubeflow.org/v1/common_types.go
 * @see https://github.com/kubeflow/mpi-operator/blob/v0.8.2/pkg/apis/kubeflow/v2beta1/constants.go
 * @see https://jobset.sigs.k8s.io/docs/concepts/ (v0.12.0)
 * @see https://lws.sigs.k8s.io/docs/reference/labels-annotations-and-environment-variables/ (v0.10.0)
 */
const BY_KIND = new Map<string, Labels>([
  ["apps/Deployment", (name) => ({ "pod-template-hash": name })],
  ["apps/StatefulSet", (name) => ({ "controller-revision-hash": name })],
  ["batch/Job", (name) => ({ "job-name": name, "batch.kubernetes.io/job-name": name })],
  ["jobset.x-k8s.io/JobSet", ofJobSet],
  ["kubeflow.org/JAXJob", trainedBy("jaxjob")],
  ["kubeflow.org/MPIJob", ofMpiJob],
  ["kubeflow.org/PaddleJob", trainedBy("paddlejob")],
  ["kubeflow.org/PyTorchJob", trainedBy("pytorchjob")],
  ["kubeflow.org/TFJob", trainedBy("tfjob")],
  ["kubeflow.org/XGBoostJob", trainedBy("xgboostjob")],
  ["leaderworkerset.x-k8s.io/LeaderWorkerSet", (name) => ({ "leaderworkerset.sigs.k8s.io/name": name })],
]);

function trainedBy(kind: string): Labels {
  return (name, role) => ({
    "training.kubeflow.org/job-name": name,
    "training.kubeflow.org/operator-name": `${kind}-controller`,
    "training.kubeflow.org/replica-type": role.toLowerCase(),
    ...(LEADING.includes(role.toLowerCase()) ? { "training.kubeflow.org/job-role": "master" } : {}),
  });
}

function ofJobSet(name: string, role: string): Record<string, string> {
  return { "jobset.sigs.k8s.io/jobset-name": name, "jobset.sigs.k8s.io/replicatedjob-name": role };
}

function ofMpiJob(name: string, role: string): Record<string, string> {
  return {
    "training.kubeflow.org/job-name": name,
    "training.kubeflow.org/job-role": role.toLowerCase(),
    "training.kubeflow.org/operator-name": "mpi-operator",
  };
}

/** The template of a set with the labels that the controller of its workload adds to every pod. */
export function withControllerLabels(
  template: PodTemplate,
  resource: PlannedResource,
  { role = "" }: Pick<PodSet, "role">,
): PodTemplate {
  const { group, kind } = groupKindOf(resource) ?? { group: "", kind: "" };
  const name = objectName(resource);
  const labels = name === undefined ? undefined : BY_KIND.get(`${group}/${kind}`)?.(name, role);
  if (labels === undefined) return template;
  const own = childAt(template.metadata, "labels") ?? {};
  // Of labels that are not known, rules are read in favour of the pod; so they are left as they are.
  if (!isTreeObject(own)) return template;
  return { ...template, metadata: { ...template.metadata, labels: { ...own, ...labels } } };
}
