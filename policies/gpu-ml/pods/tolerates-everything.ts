import { childAt, isUnknown, pathInPodSet, UNKNOWN, type Tree } from "../../../components/model";
import { textList } from "../../engine/parameters";
import type { PodGroup } from "../../engine/pods";
import type { Judgement, ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf, isOneOf, type Truth } from "../../engine/truth";
import { tolerationsOf } from "../toleration";
import { opposite, violatedIf, type Condition, conditionOf } from "../../engine/conditions";
import { asksForGpus } from "./gpu-pods";
import { selectsBy } from "./node-selection";

const namespaces = textList("a list of the namespaces whose pods may tolerate every taint", ["kube-system"]);

/** Labels that all nodes of a cluster have, so that choosing by them keeps off no GPU node. */
const COMMON_LABELS = [
  "kubernetes.io/os",
  "kubernetes.io/arch",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
];

/**
 * GPU-03: pods that need no GPU do not tolerate every taint, and with it that of GPU nodes. DaemonSets may, as they run on
 * each node on purpose, and so may pods that choose their nodes.
 *
 * @see https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ "Concepts", v1.36
 */
export const toleratesEverything: ResourceRule<{ namespaces: string[] }> = {
  id: "GPU-03",
  title: "Pods without GPUs do not tolerate every taint",
  why: "A pod that tolerates everything may fill a GPU node, so that GPU work waits and the node never scales down.",
  remediation: "Name the keys of the taints that the pod must tolerate, or let it choose its nodes.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: { namespaces },
  examples: {
    bad: `
apiVersion: v1
kind: Pod
metadata: { name: fetch, namespace: ml }
spec:
  containers: [{ name: main, image: "registry.example/fetch:1.4" }]
  tolerations: [{ operator: Exists }]
`,
    good: `
apiVersion: v1
kind: Pod
metadata: { name: fetch, namespace: ml }
spec:
  containers: [{ name: main, image: "registry.example/fetch:1.4" }]
  tolerations: [{ key: dedicated, operator: Exists }]
`,
  },
  *judge(subject, parameters) {
    if (subject.is("apps/DaemonSet")) return;
    for (const pods of subject.pods) yield* judgePods(pods, isElsewhere(subject, parameters.namespaces));
  },
};

function judgePods(pods: PodGroup, elsewhere: Condition): Iterable<Judgement> {
  const { path, tolerations } = tolerationsOf(pods);
  const chooses = selectsBy(pods, (label) => !COMMON_LABELS.includes(label));
  const conditions = [
    conditionOf(toleratesAll(tolerations), path),
    opposite(asksForGpus(pods)),
    opposite(chooses),
    elsewhere,
  ];
  return violatedIf(conditions, () => ({
    path: pathInPodSet(pods, "spec.tolerations"),
    observed: "with a match for every taint, although the pods ask for no GPU",
    allowed: "tolerations that name the key of a taint",
    remedy: "Name the taints that the pods must tolerate, or let them choose their nodes.",
  }));
}

function isElsewhere({ namespace }: Subject, exempt: string[]): Condition {
  return conditionOf(namespace === undefined ? UNKNOWN : !exempt.includes(namespace), "metadata.namespace");
}

/** Taints of GPU nodes have the effect NoSchedule; a toleration of another effect alone leaves them in force. */
function toleratesAll(tolerations: Tree): Truth {
  if (isUnknown(tolerations)) return UNKNOWN;
  return anyOf((Array.isArray(tolerations) ? tolerations : []).map(matchesAll));
}

function matchesAll(toleration: Tree): Truth {
  const [key, operator, effect] = ["key", "operator", "effect"].map((field): Tree => childAt(toleration, field) ?? "");
  return allOf([isOneOf(key, ""), isOneOf(operator, "Exists"), isOneOf(effect, "", "NoSchedule")]);
}
