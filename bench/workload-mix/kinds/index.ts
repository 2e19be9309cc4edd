import { jobKinds } from "./jobs";
import type { WorkloadKind } from "./kind";
import { servingKinds } from "./serving";
import { trainingKinds } from "./training";
import { workflowKinds } from "./workflows";

export type { MixedObject, WorkloadKind } from "./kind";

/** The kinds that the benchmark makes, by the name of their class. */
export const WORKLOAD_KINDS: Record<string, WorkloadKind> = {
  ...jobKinds,
  ...trainingKinds,
  ...workflowKinds,
  ...servingKinds,
};
