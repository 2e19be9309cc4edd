import { isUnknown, nodeAt, type Tree } from "../../../components/model";
import { choices, patternList } from "../../engine/parameters";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { allOf, anyOf } from "../../engine/truth";
import { closingsOf, type Direction } from "./closing-policy";
import { isNamed, unlessNamed } from "../names";

const directions = choices<Direction>(
  "a list of the directions that are closed by default, of Ingress and Egress",
  ["Ingress"],
  ["Ingress", "Egress"],
);

/** Kinds that may close all namespaces; what they say is not read here. */
const CLUSTER_POLICIES = [
  "cilium.io/CiliumClusterwideNetworkPolicy",
  "crd.projectcalico.org/GlobalNetworkPolicy",
  "networking.k8s.aws/ClusterNetworkPolicy",
  "policy.networking.k8s.io/BaselineAdminNetworkPolicy",
  "policy.networking.k8s.io/ClusterNetworkPolicy",
  "projectcalico.org/GlobalNetworkPolicy",
];

/**
 * NET-01: a namespace of the stack has a NetworkPolicy of the stack that closes it to whatever no policy allows.
 *
 * A policy does where it holds for all pods of the namespace and has no rule that allows everything; others may then
 * allow what is needed. What Helm installs on its own is not seen.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/network-policies/ "Default policies", v1.36
 */
export const defaultDeny: StackRule<{ namespaces: string[]; directions: Direction[] }> = {
  id: "NET-01",
  title: "Namespaces are closed to traffic that no network policy allows",
  why: "Without such a policy every pod of the cluster reaches every port of the namespace, those of other teams included.",
  remediation:
    "Add a NetworkPolicy with an empty podSelector and no rules to the namespace, and policies that allow what is needed.",
  url: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies",
  severity: "high",
  level: "advisory",
  family: "platform",
  parameters: {
    namespaces: patternList("a list of the names of namespaces that may stay open", ["kube-*"]),
    directions,
  },
  frameworks: [
    { name: "CIS EKS Benchmark", reference: "4.3.2" },
    { name: "NSA/CISA Kubernetes Hardening Guide", version: "1.2", reference: "Network policies" },
  ],
  examples: {
    bad: `
apiVersion: v1
kind: Namespace
metadata: { name: ml }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: serving, namespace: ml }
spec:
  podSelector: { matchLabels: { app: serving } }
  policyTypes: [Ingress]
`,
    good: `
apiVersion: v1
kind: Namespace
metadata: { name: ml }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: ml }
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
  },
  *judgeStack(subjects, parameters) {
    if (subjects.some((subject) => subject.is(...CLUSTER_POLICIES))) return;
    for (const subject of subjects.filter((one) => one.is("/Namespace"))) {
      for (const direction of parameters.directions) yield* judgeNamespace(subject, subjects, direction, parameters);
    }
  },
};

function* judgeNamespace(
  subject: Subject,
  subjects: Subject[],
  direction: Direction,
  { namespaces }: { namespaces: string[] },
): Iterable<[Subject, Judgement]> {
  const name = nodeAt(subject.tree, "metadata.name");
  const closings = subjects.flatMap((policy) => closingsOf(policy, name, direction));
  const closed = anyOf(closings.map(({ parts }) => allOf(Object.values(parts))));
  if (closed === true) return;
  if (isUnknown(closed) && !isUnknown(name)) {
    // The policies that may close the namespace are undecided, not the namespace.
    for (const { policy, parts } of isNamed(subject, namespaces) === true ? [] : closings) {
      if (allOf(Object.values(parts)) === false) continue;
      for (const [path, part] of Object.entries(parts)) if (isUnknown(part)) yield [policy, undecided(path)];
    }
    return;
  }
  const judgement = isUnknown(closed)
    ? undecided("metadata.name")
    : {
        path: "metadata.name",
        observed: `${shown(name)}, a namespace that no NetworkPolicy of the stack closes to ${TRAFFIC[direction]}`,
        allowed: "a namespace with a policy that selects all its pods and has no rule that allows everything",
        remedy: `Add a NetworkPolicy with podSelector {} and policyTypes ["${direction}"] to it.`,
      };
  for (const one of unlessNamed(subject, namespaces, [judgement])) yield [subject, one];
}

const TRAFFIC: Record<Direction, string> = { Ingress: "incoming traffic", Egress: "outgoing traffic" };

function shown(name: Tree): string {
  return typeof name === "string" ? JSON.stringify(name) : "absent";
}
