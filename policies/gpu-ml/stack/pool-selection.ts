import { isUnknown } from "../../../components/model";
import { textList } from "../../engine/parameters";
import type { PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import { anyOf } from "../../engine/truth";
import { poolTitles, stackPoolsOf, type StackPools } from "./node-labels";
import { describeSelection, isSelected, selectedKeys, selectionPath, selectsNodes } from "./node-selection";

/**
 * GPU-04, over the stack: what pods require of their node, one of the stack's pools has.
 *
 * It is judged only where the stack declares pools, and none by resources that hide the labels of their nodes, such as
 * an Auto Scaling group or the pools built into EKS Auto Mode. A pool is taken to lack a label only where the label
 * follows from the pool's machines (type, architecture, zone, GPU product) or another pool of the stack declares it;
 * anything else may be put there by controllers.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/ v1.36
 * @see https://karpenter.sh/docs/concepts/scheduling/ "Well-Known Labels", v1.14
 */
export const poolSelection: StackRule<{ labels: string[] }> = {
  id: "GPU-04",
  title: "Pods select nodes that a pool of the stack has",
  why: "A pod that selects labels which no pool has stays pending for ever, and no autoscaler can help it.",
  remediation: "Select a pool, an instance type or a GPU product that a pool of the stack has.",
  url: "https://docs.aws.amazon.com/eks/latest/best-practices/aiml-compute.html",
  severity: "medium",
  level: "advisory",
  family: "gpu",
  parameters: { labels: textList("a list of labels, key=value, that nodes outside the stack have") },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  nodeSelector: { mlstack.dev/pool: training }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  nodeSelector: { mlstack.dev/pool: train }
  containers: [{ name: main, image: "registry.example/mnist:1.4" }]
`,
  },
  *judgeStack(subjects, { labels }) {
    const stack = stackPoolsOf(subjects);
    if (stack.isOpen || stack.pools.length === 0) return;
    for (const subject of subjects) {
      for (const pods of subject.pods) {
        for (const judgement of judgePods(pods, stack, labels)) yield [subject, judgement];
      }
    }
  },
};

function* judgePods(pods: PodGroup, stack: StackPools, outside: string[]): Iterable<Judgement> {
  if (!selectsNodes(pods)) return;
  const path = selectionPath(pods);
  const selected = anyOf(stack.pools.map((pool) => isSelected(pods, pool, stack)));
  const selection = describeSelection(pods);
  if (selected === true || outside.some((label) => selection.split(/ and | or /).includes(label))) return;
  if (isUnknown(selected)) {
    yield undecided(path);
  } else {
    yield {
      path,
      observed: `${selection}, which no pool of the stack has`,
      allowed: `labels of ${poolTitles(stack.pools)}`,
      remedy: `Correct ${selectedKeys(pods).join(", ")}, or declare such a pool.`,
    };
  }
}
