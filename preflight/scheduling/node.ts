import type { Taint } from "../../components/model";
import type { Amounts } from "./amounts";

/** A node as the scheduler sees it. */
export interface SchedulableNode {
  name: string;
  labels: Readonly<Record<string, string>>;
  taints: readonly Taint[];
  /** What pods can have of it, the number of pods among it. */
  allocatable: Amounts;
  /** Whether it takes no new pods (`kubectl cordon`); false by default. */
  unschedulable?: boolean;
}
