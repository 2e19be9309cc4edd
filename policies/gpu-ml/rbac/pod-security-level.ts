import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { patternList } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { shown } from "../../engine/shown";
import { unlessNamed } from "../names";
import { isTenant, TENANTS } from "./tenants";

const LEVEL_LABEL = "pod-security.kubernetes.io/enforce";

/** Path of the label in a namespace. */
const PATH = `metadata.labels["${LEVEL_LABEL}"]`;

/**
 * Namespaces that hold nothing back, shared by the rules of RBAC-02: those of Kubernetes itself, and those of agents
 * that the platform runs on the nodes.
 */
export const OPEN_NAMESPACES = patternList("a list of the names of namespaces without Pod Security labels", [
  "kube-*",
  "dcgm-exporter",
  "efa-device-plugin",
  "gpu-operator",
  "istio-cni",
  "monitoring-nodes",
  "nvidia-device-plugin",
]);

/**
 * RBAC-02: namespaces are held to the Pod Security Standards by the API server itself, those of tenants to the strictest.
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/ v1.36
 */
export const podSecurityLevel: ResourceRule<{ namespaces: string[]; tenants: string[] }> = {
  id: "RBAC-02",
  title: "Namespaces are held to the Pod Security Standards",
  why: "Without the label the cluster takes privileged pods, whoever makes them and by whatever operator.",
  remediation: "Set the label pod-security.kubernetes.io/enforce to restricted, or to baseline outside of tenants.",
  url: "https://kubernetes.io/docs/tasks/configure-pod-container/enforce-standards-namespace-labels/",
  severity: "high",
  level: "mandatory",
  family: "platform",
  parameters: { namespaces: OPEN_NAMESPACES, tenants: TENANTS },
  frameworks: [{ name: "Pod Security Standards", reference: "Pod Security Admission labels for namespaces" }],
  fix: "sets the label to restricted for tenants and to baseline for others",
  examples: {
    bad: `
apiVersion: v1
kind: Namespace
metadata: { name: ml, labels: { pod-security.kubernetes.io/enforce: privileged } }
`,
    good: `
apiVersion: v1
kind: Namespace
metadata: { name: ml, labels: { pod-security.kubernetes.io/enforce: baseline } }
`,
  },
  judge(subject, { namespaces, tenants }) {
    return subject.is("/Namespace") ? unlessNamed(subject, namespaces, judgeNamespace(subject, tenants)) : [];
  },
};

function* judgeNamespace({ tree }: Subject, tenants: string[]): Iterable<Judgement> {
  const level = labelOf(tree, LEVEL_LABEL);
  const ofTenant = isTenant(tree, tenants);
  if (level === "restricted" || (level === "baseline" && ofTenant === false)) return;
  if (isUnknown(level)) {
    yield undecided(PATH);
  } else if (level === "baseline" && isUnknown(ofTenant)) {
    yield undecided("metadata.labels");
  } else {
    yield {
      path: PATH,
      observed: level === undefined ? "absent" : shown(level),
      allowed: ofTenant === false ? "baseline or restricted" : "restricted in namespaces of tenants",
      remedy: `Set it to ${ofTenant === false ? "baseline" : "restricted"}.`,
      ...(isUnknown(ofTenant) ? {} : { fix: [{ path: PATH, value: ofTenant ? "restricted" : "baseline" }] }),
    };
  }
}

/** A label of a namespace; null says as little as absence. */
export function labelOf(namespace: Tree, label: string): Tree {
  return childAt(nodeAt(namespace, "metadata.labels"), label) ?? undefined;
}
