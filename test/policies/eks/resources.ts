import type { TestResource } from "../analyzer";

/** An EKS cluster `lab`. */
export function cluster(props: object): TestResource {
  return { type: "aws:eks/cluster:Cluster", name: "lab", props };
}

/** A managed node group `system`. */
export function nodeGroup(props: object, name = "system"): TestResource {
  return { type: "aws:eks/nodeGroup:NodeGroup", name, props };
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
