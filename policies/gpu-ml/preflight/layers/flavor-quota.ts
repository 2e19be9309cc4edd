import {
  childAt,
  GPU_RESOURCE,
  isUnknown,
  itemsAt,
  UNKNOWN,
  type Tree,
  type Unknown,
} from "../../../../components/model";
import { amountAt } from "../../../../preflight/demand/amount-at";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { flavorsOf, poolsOf, selectsByLabels } from "./flavors";
import { poolEnds, type PossiblePool } from "./layer-end";
import { poolTitles, stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";
import { CLUSTER, objectIndexOf, type ObjectIndex } from "../../stack/object-index";
import { gpuCeiling, sharesGpus } from "../../stack/pool-ceiling";

/**
 * LAY-02, of quotas: the GPUs that queues have of a flavor, all together, the pools of the flavor have at their
 * largest.
 *
 * Stacks that share GPUs, or whose nodes are hidden, are left alone, and so are flavors for nodes of which the stack
 * tells nothing.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/ "Resource groups", v0.19
 */
export const flavorQuota: StackRule = {
  id: "LAY-02",
  title: "Queues share out no more GPUs than the pools of a flavor can have",
  why: "Kueue admits work up to the quota, and what is admitted beyond the machines holds its place and stays pending.",
  remediation: "Lower the quotas of the queues, or raise the largest size of the pool.",
  url: "https://kueue.sigs.k8s.io/docs/concepts/cluster_queue/",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: {},
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.12xlarge]
  labels: { mlstack.dev/pool: train }
  scalingConfig: { minSize: 0, maxSize: 2 }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: train }
spec: { nodeLabels: { mlstack.dev/pool: train } }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ClusterQueue
metadata: { name: research }
spec:
  resourceGroups:
    - coveredResources: [nvidia.com/gpu]
      flavors:
        - name: train
          resources: [{ name: nvidia.com/gpu, nominalQuota: 12 }]
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.12xlarge]
  labels: { mlstack.dev/pool: train }
  scalingConfig: { minSize: 0, maxSize: 3 }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: train }
spec: { nodeLabels: { mlstack.dev/pool: train } }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ClusterQueue
metadata: { name: research }
spec:
  resourceGroups:
    - coveredResources: [nvidia.com/gpu]
      flavors:
        - name: train
          resources: [{ name: nvidia.com/gpu, nominalQuota: 12 }]
`,
  },
  *judgeStack(subjects) {
    const flavors = flavorsOf(subjects).filter(selectsByLabels);
    const queues = subjects.filter((subject) => subject.is("kueue.x-k8s.io/ClusterQueue"));
    if (flavors.length === 0 || subjects.some(sharesGpus)) return;
    const stack = stackPoolsOf(subjects);
    if (stack.isOpen) return;
    const index = objectIndexOf(flavors, false);
    const shares = queues.flatMap((queue) => sharesOf(queue, index));
    for (const flavor of flavors) yield* judgeFlavor(flavor, shares, stack);
  },
};

/** What one queue has of the GPUs of a flavor. */
interface Share {
  queue: Subject;
  path: string;
  /** Unknown where it may be any. */
  flavor: Subject | Unknown;
  amount: number | Unknown;
}

function* judgeFlavor(flavor: Subject, all: Share[], stack: StackPools): Iterable<[Subject, Judgement]> {
  const shares = all.filter((share) => share.flavor === flavor || isUnknown(share.flavor));
  const [first] = shares;
  // A component says how many nodes there may be, of which some are made later.
  const found = poolsOf(flavor, stack, stack.pools);
  if (first === undefined || found.length === 0) return;
  const pools = found.map(({ pool }) => pool);
  const ceiling = gpuCeiling(pools);
  const known = shares.filter((share): share is Share & { amount: number } => typeof share.amount === "number");
  const sure = sum(known.filter((share) => share.flavor === flavor));
  const last = known.findLast((share) => share.flavor === flavor) ?? first;
  const isOurs = found.some(({ truth }) => truth === true);
  if (isOurs && !isUnknown(ceiling) && sure > ceiling) {
    const several = known.filter((share) => share.flavor === flavor && share.amount > 0).length > 1;
    const what = several ? `one of several quotas, together of ${sure} GPUs of` : `a quota of ${sure} GPUs of`;
    yield [last.queue, violation(last.path, `${what} ${flavor.title}`, ceiling, pools)];
  } else if (isVague(shares, sum(known), found)) {
    yield [first.queue, undecided(first.path)];
  }
}

function violation(path: string, observed: string, ceiling: number, pools: StackPool[]): Judgement {
  return {
    path,
    observed,
    allowed: `at most ${ceiling}, which ${poolTitles(pools)} can have by ${poolEnds(pools, "size")}`,
    remedy: "Lower the quotas, or raise the largest size of the pool.",
  };
}

/** Whether more may be shared out than is known, or less be there. */
function isVague(shares: Share[], most: number, found: PossiblePool[]): boolean {
  const certain = gpuCeiling(found.filter(({ truth }) => truth === true).map(({ pool }) => pool));
  if (certain === Infinity) return false;
  return shares.some(({ amount }) => isUnknown(amount)) || isUnknown(certain) || most > certain;
}

function sharesOf(queue: Subject, flavors: ObjectIndex): Share[] {
  const groups = itemsAt(childAt(queue.tree, "spec"), "resourceGroups");
  return groups.flatMap((group, at) =>
    itemsAt(group, "flavors").flatMap((flavor, number) =>
      itemsAt(flavor, "resources").flatMap((resource, index): Share[] => {
        const [name, found]: [Tree, Subject | Unknown | undefined] = [
          childAt(resource, "name"),
          flavors.find(CLUSTER, childAt(flavor, "name")),
        ];
        if (found === undefined || !(isUnknown(name) || name === GPU_RESOURCE)) return [];
        const place = `spec.resourceGroups[${at}].flavors[${number}].resources[${index}].nominalQuota`;
        const amount = isUnknown(name) ? UNKNOWN : (amountAt(resource, "nominalQuota", GPU_RESOURCE) ?? 0);
        return [{ queue, path: place, flavor: found, amount }];
      }),
    ),
  );
}

function sum(shares: { amount: number }[]): number {
  return shares.reduce((total, { amount }) => total + amount, 0);
}
