import { isUnknown } from "../../../../components/model";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { allOf } from "../../../engine/truth";
import { describeTaint } from "../../taint";
import { flavorsOf, isForgotten, poolsOf, selectsByLabels, taintsOf, TOLERATIONS } from "./flavors";
import { poolEnd } from "./layer-end";
import { stackPoolsOf, type StackPools } from "../../stack/node-labels";

/**
 * LAY-02, of taints: what keeps pods off the nodes of a flavor, the flavor tolerates for them or tells Kueue of.
 *
 * Clusters of EKS add tolerations for taints that are called like a resource that pods ask for; others do not.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/ v0.19
 */
export const flavorToleration: StackRule = {
  id: "LAY-02",
  title: "Flavors of queues know the taints of their nodes",
  why: "Kueue admits pods that do not tolerate a taint it was not told of, and they hold their quota and stay pending.",
  remediation:
    "Give the flavor tolerations for the taints of its pool, or list them as `nodeTaints` where not all pods may run there.",
  url: "https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
  taints: [{ key: nvidia.com/gpu, value: present, effect: NO_SCHEDULE }]
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: train }
spec: { nodeLabels: { mlstack.dev/pool: train } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
  taints: [{ key: nvidia.com/gpu, value: present, effect: NO_SCHEDULE }]
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: train }
spec:
  nodeLabels: { mlstack.dev/pool: train }
  tolerations: [{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]
`,
  },
  *judgeStack(subjects) {
    const flavors = flavorsOf(subjects).filter(selectsByLabels);
    if (flavors.length === 0) return;
    const stack = stackPoolsOf(subjects);
    for (const flavor of flavors) {
      for (const judgement of judgeFlavor(flavor, stack)) yield [flavor, judgement];
    }
  },
};

/** The first taint of each pool that is forgotten says enough; one that may be is told of once. */
function* judgeFlavor(flavor: Subject, stack: StackPools): Iterable<Judgement> {
  let isVague = false;
  const seen = new Set<string>();
  for (const { pool, truth } of poolsOf(flavor, stack)) {
    for (const taint of taintsOf(pool)) {
      const forgotten = allOf([truth, isForgotten(flavor, taint)]);
      if (isUnknown(forgotten)) isVague = true;
      if (forgotten !== true || seen.has(describeTaint(taint))) continue;
      seen.add(describeTaint(taint));
      yield {
        path: TOLERATIONS,
        observed: `without a match for ${describeTaint(taint)}, which is in ${poolEnd(pool, "taints")}`,
        allowed: "tolerations for the taints of the nodes, or these taints in spec.nodeTaints",
        remedy: "Add a toleration for it.",
      };
    }
  }
  if (isVague) yield undecided(TOLERATIONS);
}
