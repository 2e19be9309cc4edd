import type { WorldPod } from "../differential/world";
import type { Manifest } from "./stack";

type Tree = Record<string, unknown>;

/** Equal pods that a controller makes for a workload. */
export interface MadePods {
  /** As messages call them: `PyTorchJob team-a/bert Worker`. */
  title: string;
  /** How many there are at once. */
  count: number;
  /** How many must run together. */
  minCount: number;
  /** The pod of a number, from 0: they differ in labels alone. */
  pod: (index: number) => WorldPod;
}

interface Template {
  metadata?: { labels?: Record<string, string> };
  spec: Tree;
}

/** What one controller makes of an object. */
type Controller = (manifest: Manifest, spec: Tree, title: string) => MadePods[];

/** The maps of the Training Operator's jobs, which name the pods by their role. */
const ROLES: Readonly<Record<string, string>> = { PyTorchJob: "pytorchReplicaSpecs", TFJob: "tfReplicaSpecs" };

const CONTROLLERS: Readonly<Record<string, Controller>> = {
  Pod: (manifest, spec, title) => [
    { title, count: 1, minCount: 1, pod: () => podOf(manifest, { metadata: manifest.metadata, spec }, {}) },
  ],
  Deployment: (manifest, spec, title) => {
    const labels = () => ({ "pod-template-hash": "5d8f" });
    return [madeOf(manifest, spec, title, { count: numberAt(spec, "replicas"), minCount: 1, labels })];
  },
  StatefulSet: (manifest, spec, title) => {
    const labels = (index: number) => ({
      "controller-revision-hash": "7b9c",
      "apps.kubernetes.io/pod-index": String(index),
      "statefulset.kubernetes.io/pod-name": `${manifest.metadata.name}-${index}`,
    });
    return [madeOf(manifest, spec, title, { count: numberAt(spec, "replicas"), minCount: 1, labels })];
  },
  Job: (manifest, spec, title) => {
    const parallelism = numberAt(spec, "parallelism");
    const count = Math.min(parallelism, numberAt(spec, "completions", parallelism));
    const isIndexed = spec["completionMode"] === "Indexed";
    const labels = (index: number) => ({
      "job-name": manifest.metadata.name,
      "batch.kubernetes.io/job-name": manifest.metadata.name,
      ...(isIndexed && { "batch.kubernetes.io/job-completion-index": String(index) }),
    });
    return [madeOf(manifest, spec, title, { count, minCount: isIndexed ? count : 1, labels })];
  },
  PyTorchJob: trainingJob,
  TFJob: trainingJob,
};

/**
 * The pods that controllers make for a workload.
 *
 * @see https://kubernetes.io/docs/reference/labels-annotations-taints/ (v1.36) for the labels that they add
 */
export function madePods(manifest: Manifest): MadePods[] {
  const { kind, metadata } = manifest;
  const title = `${kind} ${metadata.namespace === undefined ? "" : `${metadata.namespace}/`}${metadata.name}`;
  return CONTROLLERS[kind]!(manifest, manifest["spec"] as Tree, title);
}

/** @see https://github.com/kubeflow/trainer/blob/v1.9.4/pkg/apis/kubeflow.org/v1/common_types.go */
function trainingJob(manifest: Manifest, spec: Tree, title: string): MadePods[] {
  const elastic = spec["elasticPolicy"] as { minReplicas: number; maxReplicas: number } | undefined;
  return Object.entries(spec[ROLES[manifest.kind]!] as Record<string, Tree>).map(([role, replica]) => {
    const count = numberAt(replica, "replicas");
    const sizes = role === "Worker" && elastic ? [elastic.minReplicas, elastic.maxReplicas] : [count, count];
    const labels = (index: number) => ({
      "training.kubeflow.org/job-name": manifest.metadata.name,
      "training.kubeflow.org/operator-name": `${manifest.kind.toLowerCase()}-controller`,
      "training.kubeflow.org/replica-type": role.toLowerCase(),
      "training.kubeflow.org/replica-index": String(index),
    });
    return madeOf(manifest, replica, `${title} ${role}`, {
      minCount: sizes[0]!,
      count: Math.max(count, sizes[1]!),
      labels,
    });
  });
}

function madeOf(
  manifest: Manifest,
  owner: Tree,
  title: string,
  { count, minCount, labels }: Pick<MadePods, "count" | "minCount"> & { labels: (index: number) => object },
): MadePods {
  const template = owner["template"] as Template;
  return { title, count, minCount, pod: (index) => podOf(manifest, template, labels(index)) };
}

function podOf({ metadata: { namespace = "default" } }: Manifest, template: Template, labels: object): WorldPod {
  return { namespace, labels: { ...template.metadata?.labels, ...labels }, spec: template.spec };
}

function numberAt(owner: Tree, key: string, absent = 1): number {
  return (owner[key] as number | undefined) ?? absent;
}
