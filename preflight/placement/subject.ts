import type { SchedulablePod } from "../scheduling/pod";
import type { FlavorLabel } from "./flavored-pods";
import type { PodKind } from "./pod-kind";

/** Pods of one set, under the number by which a fleet knows them. */
export interface Subject {
  set: number;
  pod: SchedulablePod;
  kind: PodKind;
  /** Labels that its pods select by because of the flavors by which their queue admits them. */
  flavorLabels: readonly FlavorLabel[];
}

/** Some pods of a set: those that must run together, or those that others must be near to. */
export interface Companion extends Subject {
  pods: number;
}
