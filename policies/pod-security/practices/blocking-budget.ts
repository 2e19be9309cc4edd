import { isUnknown, nodeAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { shown } from "../../engine/shown";

/** Values with which a budget never lets a pod go, by the field that holds them. */
const BLOCKING: readonly (readonly [field: string, blocks: (value: Tree) => boolean])[] = [
  ["spec.maxUnavailable", (value) => value === 0 || (typeof value === "string" && /^0+%?$/.test(value))],
  ["spec.minAvailable", (value) => typeof value === "string" && Number(/^(\d+)%$/.exec(value)?.[1]) >= 100],
];

/**
 * POD-26, budget by budget: a PodDisruptionBudget lets at least one pod go.
 *
 * @see https://kubernetes.io/docs/tasks/run-application/configure-pdb/ v1.36
 */
export const blockingBudget: ResourceRule = {
  id: "POD-26",
  title: "Disruption budgets let nodes be drained",
  why: "A budget that lets no pod go keeps its nodes from being drained, so that upgrades and scaling down get stuck.",
  remediation: "Set `maxUnavailable: 1`, which holds whatever the number of replicas.",
  url: "https://kubernetes.io/docs/tasks/run-application/configure-pdb/",
  severity: "medium",
  level: "advisory",
  family: "pod",
  parameters: {},
  examples: {
    bad: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: embedder, namespace: ml }
spec: { maxUnavailable: 0, selector: { matchLabels: { app: embedder } } }
`,
    good: `
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: embedder, namespace: ml }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: embedder } } }
`,
  },
  *judge(subject) {
    if (!subject.is("policy/PodDisruptionBudget")) return;
    for (const [path, blocks] of BLOCKING) yield* judgeField(path, nodeAt(subject.tree, path), blocks);
  },
};

function* judgeField(path: string, value: Tree, blocks: (value: Tree) => boolean): Iterable<Judgement> {
  if (isUnknown(value)) yield undecided(path);
  else if (blocks(value)) {
    yield {
      path,
      observed: `${shown(value)}, which lets no pod be evicted`,
      allowed: "a budget that lets at least one pod go",
      remedy: "Set maxUnavailable to 1 instead.",
    };
  }
}
