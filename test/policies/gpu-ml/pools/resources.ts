import type { TestResource } from "../../analyzer";

/** A managed node group `train`. */
export function nodeGroup(props: object): TestResource {
  return { type: "aws:eks/nodeGroup:NodeGroup", name: "train", props };
}

/** A launch template `train`. */
export function launchTemplate(props: object): TestResource {
  return { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "train", props };
}

/** A NodePool `train` of Karpenter or EKS Auto Mode. */
export function nodePool(spec: object): TestResource {
  const props = { apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata: { name: "train" }, spec };
  return { type: "kubernetes:karpenter.sh/v1:NodePool", name: "train", props };
}

/** A requirement of a NodePool that a label has one of some values. */
export function oneOf(key: string, ...values: string[]): object {
  return { key, operator: "In", values };
}

/** Requirement of an instance type. */
export function instanceType(...values: string[]): object {
  return oneOf("node.kubernetes.io/instance-type", ...values);
}

/** What an advisory says of a field that is not known yet and would decide a rule about one resource. */
export function notKnown(object: string, path: string, { id, title }: { id: string; title: string }): string {
  return (
    `advisory [${id}] ${object}: ${path} is not known yet; allowed: a value that keeps "${title}". ` +
    "It is judged at update, before the object is created."
  );
}

/** The same for a rule about the stack. */
export function notKnownInStack(object: string, path: string, { id, title }: { id: string; title: string }): string {
  return (
    `advisory [${id}] ${object}: ${path} is not known yet; allowed: a value that keeps "${title}". ` +
    "It is judged at the end of the update, when the object is there already."
  );
}
