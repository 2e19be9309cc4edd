import type { TreeObject } from "../components/model";

/** One resource of a stack, as a preview or an exported state tells it. */
export interface PlannedResource {
  /** Pulumi type token, for example `kubernetes:batch/v1:Job`. */
  type: string;
  /** Name in the Pulumi program. */
  name: string;
  urn: string;
  /** What it was given, and for components what they say of themselves; markers where a value is not known yet. */
  properties: TreeObject;
  /** URN of the component that it belongs to. */
  parent?: string;
  /** URNs of what it waits for. */
  dependencies?: string[];
  /** Where it is written, as people find it: `manifests/job.yaml:12`; absent where a program registers it. */
  source?: string;
}
