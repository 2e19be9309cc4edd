import { isTreeObject, isUnknown, nodeAt, type Tree } from "../../../../components/model";
import { textList } from "../../../engine/parameters";
import { undecided, type Judgement, type StackRule } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { anyOf } from "../../../engine/truth";
import { flavorsOf, NODE_LABELS, poolsOf, selectsByLabels } from "./flavors";
import { madePools, poolEnds } from "./layer-end";
import { stackPoolsOf, type StackPool, type StackPools } from "../../stack/node-labels";
import { textOf } from "../../stack/text-of";

/**
 * LAY-02, of labels: the labels by which a ResourceFlavor stands for nodes are those of a pool.
 *
 * It is judged only where the stack declares pools, and none by resources that hide the labels of their nodes. A pool
 * is taken to lack a label only where another pool declares it, as controllers put labels on nodes as well.
 *
 * @see https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/ v0.19
 */
export const flavorPool: StackRule<{ flavors: string[] }> = {
  id: "LAY-02",
  title: "Flavors of queues stand for nodes that a pool of the stack has",
  why: "Kueue adds the labels of the flavor to the pods that it admits, which then hold their quota and find no node.",
  remediation: "Give the flavor the labels of the pool, or the pool those of the flavor.",
  url: "https://kueue.sigs.k8s.io/docs/concepts/resource_flavor/",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: { flavors: textList("a list of flavors whose nodes are outside the stack") },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: a10g }
spec: { nodeLabels: { mlstack.dev/pool: training } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
---
apiVersion: kueue.x-k8s.io/v1beta2
kind: ResourceFlavor
metadata: { name: a10g }
spec: { nodeLabels: { mlstack.dev/pool: train } }
`,
  },
  *judgeStack(subjects, { flavors: outside }) {
    const flavors = flavorsOf(subjects).filter(selectsByLabels);
    if (flavors.length === 0) return;
    const stack = stackPoolsOf(subjects);
    const pools = madePools(stack);
    if (stack.isOpen || pools.length === 0) return;
    for (const flavor of flavors) {
      if (outside.includes(textOf(nodeAt(flavor.tree, "metadata.name")))) continue;
      for (const judgement of judgeFlavor(flavor, pools, stack)) yield [flavor, judgement];
    }
  },
};

function* judgeFlavor(flavor: Subject, pools: StackPool[], stack: StackPools): Iterable<Judgement> {
  const matched = anyOf(poolsOf(flavor, stack).map(({ truth }) => truth));
  if (isUnknown(matched)) yield undecided(NODE_LABELS);
  if (matched === false) {
    yield {
      path: NODE_LABELS,
      observed: `${describeLabels(nodeAt(flavor.tree, NODE_LABELS))}, which no node of the stack has`,
      allowed: `labels of one pool, as in ${poolEnds(pools, "labels")}`,
      remedy: "Name the labels of the pool that the flavor stands for.",
    };
  }
}

function describeLabels(labels: Tree): string {
  return Object.entries(isTreeObject(labels) ? labels : {})
    .map(([key, value]) => `${key}=${textOf(value)}`)
    .join(" and ");
}
