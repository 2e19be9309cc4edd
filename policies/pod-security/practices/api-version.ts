import { DEFAULT_KUBERNETES, isTreeObject, stringAt, type Tree } from "../../../components/model";
import { textLike } from "../../engine/parameters";
import { pathBelow } from "../../engine/path";
import type { Judgement, ResourceRule } from "../../engine/rule";
import { API_REMOVALS, type ApiRemoval } from "./api-removals";

const MINOR = /^1\.(\d+)$/;

const kubernetes = textLike(
  "the minor version of Kubernetes that the cluster has or is to get, such as 1.35",
  DEFAULT_KUBERNETES,
  MINOR,
);

/** Whole objects lie in objects in objects in templates for jobs and clusters; this is far beyond. */
const DEEPEST = 40;

/**
 * POD-28: objects are of API versions that the cluster serves, and so are the objects inside them, such as the trials of
 * an Experiment, the items of a List and the target of an autoscaler.
 *
 * @see https://kubernetes.io/docs/reference/using-api/deprecation-guide/ v1.36
 */
export const apiVersion: ResourceRule<{ kubernetes: string }> = {
  id: "POD-28",
  title: "Objects are of API versions that are still served",
  why: "An object of a version that is gone cannot be created, and after an upgrade no longer be changed or deleted.",
  remediation:
    "Write the object in the version that took the place of the old one, where fields may be called otherwise.",
  url: "https://kubernetes.io/docs/reference/using-api/deprecation-guide/",
  severity: "medium",
  level: "mandatory",
  family: "pod",
  parameters: { kubernetes },
  examples: {
    bad: `
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata: { name: embedder, namespace: ml }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: embedder } } }
---
apiVersion: kueue.x-k8s.io/v1beta1
kind: LocalQueue
metadata: { name: research, namespace: ml }
spec: { clusterQueue: gpus }
`,
    good: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: embedder, namespace: ml }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: embedder } } }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: LocalQueue
metadata: { name: research, namespace: ml }
spec: { clusterQueue: gpus }
`,
  },
  judge: (subject, parameters) =>
    subject.kind === undefined ? [] : judgeNode(subject.tree, "", parameters.kubernetes, 0),
};

/** Judges a node and whatever whole objects, or references to such, lie in it. */
function* judgeNode(node: Tree, path: string, version: string, depth: number): Iterable<Judgement> {
  if (depth > DEEPEST) return;
  if (Array.isArray(node)) {
    for (const [index, item] of node.entries()) yield* judgeNode(item, `${path}[${index}]`, version, depth + 1);
  } else if (isTreeObject(node)) {
    yield* judgeObject(node, pathBelow(path, "apiVersion"), version);
    for (const [key, child] of Object.entries(node)) {
      yield* judgeNode(child, pathBelow(path, key), version, depth + 1);
    }
  }
}

function* judgeObject(object: Tree, path: string, version: string): Iterable<Judgement> {
  const [given = "", kind = ""] = ["apiVersion", "kind"].map((field) => stringAt(object, field));
  const removal = API_REMOVALS.find((one) => one.apiVersion === given && (one.kinds?.includes(kind) ?? true));
  if (removal === undefined || kind === "" || !isGone(removal, version)) return;
  const by = "kubernetes" in removal.since ? `Kubernetes ${removal.since.kubernetes}` : removal.since.release;
  yield {
    path,
    observed: `${JSON.stringify(given)}, of which ${by} and later serve no ${kind}`,
    allowed: "a version that is served",
    remedy: `Use ${removal.instead} instead.`,
  };
}

function isGone({ since }: ApiRemoval, version: string): boolean {
  return "release" in since || minorOf(since.kubernetes) <= minorOf(version);
}

function minorOf(version: string): number {
  return Number(MINOR.exec(version)?.[1]);
}
