import { childAt, isUnknown, nodeAt, pathInPodSet, UNKNOWN } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { undecided, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyOf, type Truth } from "../../engine/truth";
import { selects } from "./label-selector";

/** Kinds whose pods have the labels of their template and hardly any other. */
const BUILT_IN = [
  "/Pod",
  "/ReplicationController",
  "apps/DaemonSet",
  "apps/Deployment",
  "apps/ReplicaSet",
  "apps/StatefulSet",
  "batch/CronJob",
  "batch/Job",
];

/** Labels that controllers and the mesh add to pods. */
const ADDED_LABELS =
  /^(pod-template-hash|pod-template-generation|controller-revision-hash|job-name|controller-uid)$|^(apps|batch|statefulset)\.kubernetes\.io\/|istio\.io\//;

/**
 * NET-01, the other way round: a NetworkPolicy of the stack selects pods of the stack.
 *
 * Said only where the stack has pods in the policy's namespace and no Helm release, whose pods are not seen. Pods that an
 * operator makes may have labels which their object does not show, so they count as selected where nothing speaks
 * against it.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ v1.36
 */
export const selectedPods: StackRule = {
  id: "NET-01",
  title: "Network policies select pods",
  why: "A policy that selects no pod protects nothing, while its author takes the pods for protected.",
  remediation: "Select the labels that the pods carry, or remove the policy.",
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/",
  severity: "medium",
  level: "advisory",
  family: "platform",
  parameters: {},
  frameworks: [{ name: "CIS EKS Benchmark", reference: "4.3.2" }],
  examples: {
    bad: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: serving, namespace: ml }
spec:
  podSelector: { matchLabels: { app: serving } }
---
apiVersion: v1
kind: Pod
metadata: { name: model, namespace: ml, labels: { app: server } }
spec:
  containers: [{ name: main, image: "registry.example/model:1.4" }]
`,
    good: `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: serving, namespace: ml }
spec:
  podSelector: { matchLabels: { app: serving } }
---
apiVersion: v1
kind: Pod
metadata: { name: model, namespace: ml, labels: { app: serving } }
spec:
  containers: [{ name: main, image: "registry.example/model:1.4" }]
`,
  },
  *judgeStack(subjects) {
    for (const policy of subjects.filter((subject) => subject.is("networking.k8s.io/NetworkPolicy"))) {
      const selector = nodeAt(policy.tree, "spec.podSelector");
      if (isUnknown(policy.namespace ?? UNKNOWN)) {
        yield [policy, undecided("metadata.namespace")];
        continue;
      }
      const pods = podsBeside(policy, subjects);
      const selected = anyOf(pods.map(([owner, group]) => isSelected(selector, owner, group)));
      if (pods.length === 0 || selected === true) continue;
      if (isUnknown(selected)) {
        yield [policy, undecided("spec.podSelector")];
      } else {
        yield [
          policy,
          {
            path: "spec.podSelector",
            observed: `without a match among the pods of the stack in namespace ${policy.namespace ?? ""}`,
            allowed: "a selector of labels that some of them carry",
            remedy: "Select the labels that the pods carry, or remove the policy.",
          },
        ];
      }
    }
  },
};

/** The pods in a policy's namespace with the objects that make them; none where there may be others that are not seen. */
function podsBeside(policy: Subject, subjects: Subject[]): [Subject, PodGroup][] {
  const isHere = (namespace: unknown) =>
    namespace === undefined || isUnknown(namespace) || namespace === policy.namespace;
  const releases = subjects.filter(({ type }) => type === "kubernetes:helm.sh/v3:Release");
  if (releases.some(({ tree }) => isHere(childAt(tree, "namespace")))) return [];
  return subjects.flatMap((owner) =>
    isHere(owner.namespace) ? owner.pods.map((pods): [Subject, PodGroup] => [owner, pods]) : [],
  );
}

function isSelected(selector: Parameters<typeof selects>[0], owner: Subject, pods: PodGroup): Truth {
  if (owner.namespace === undefined) return UNKNOWN;
  if (!owner.is(...BUILT_IN)) return selects(selector, childAt(pods.template.metadata, "labels"), () => true);
  const labels = nodeAt(owner.tree, pathInPodSet(pods, "metadata.labels"));
  return selects(selector, labels, (key) => ADDED_LABELS.test(key));
}
