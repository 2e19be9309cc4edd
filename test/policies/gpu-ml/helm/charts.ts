import type { TestResource } from "../../analyzer";

/** A Release of a chart, which Helm installs by itself. */
export function release(props: object): TestResource {
  return { type: "kubernetes:helm.sh/v3:Release", name: "it", props };
}

/** A chart that Pulumi renders. */
export function chart(props: object): TestResource {
  return { type: "kubernetes:helm.sh/v4:Chart", name: "it", props };
}

/** What an undecided finding says behind the path. */
export function notKnown(title: string): string {
  return (
    `is not known yet; allowed: a value that keeps "${title}". ` +
    "It is judged at update, before the object is created."
  );
}
