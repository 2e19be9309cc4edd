import { namespaceQuotasOf, plannedQueuesOf, workloadsOf } from "../../../preflight/demand";
import { namespaceLabelsOf } from "../../../preflight/demand/namespace-labels";
import { type PlacementProof, proofsOf } from "../../../preflight/placement";
import { plannedPools } from "../../../preflight/pools";
import { remarksOf } from "../../../preflight/remarks/remarks";
import { stackIndexOf } from "../../../preflight/pools/stack-index";
import { type DeclaredStack, type Manifest, resourcesOf } from "../../preflight/placement-differential/stack";

/** What the plan says of each set of pods of a stack, as `mlstack plan` finds it, with what the cluster has beside it. */
export function planned(
  stack: DeclaredStack,
  surroundings: readonly Manifest[],
): { proofs: PlacementProof[]; remarks: string[] } {
  const resources = resourcesOf({ ...stack, others: [...surroundings, ...stack.others] });
  const index = stackIndexOf(resources);
  const limits = { queues: plannedQueuesOf(index), quotas: namespaceQuotasOf(index) };
  const workloads = workloadsOf(resources).filter(({ namespace }) =>
    stack.workloads.some((each) => each.metadata.namespace === namespace),
  );
  const proofs = proofsOf(workloads, plannedPools(resources), limits, namespaceLabelsOf(index));
  return { proofs, remarks: remarksOf(index, workloads) };
}
