import { childAt, isTreeObject, isUnknown, nodeAt, stepGroupsOf, type Tree } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { hasBase, levelsOf, templatesOf, workflowsOf, type Place, type Workflow } from "./workflow";

/** Ways in which a step is run for each of many items at once. */
const FAN_OUTS = ["withItems", "withParam", "withSequence"];

/** Any of these ends the retries of a step. */
const RETRY_BOUNDS = ["limit", "expression", "backoff.maxDuration"];

const items = wholeNumber("a number from 1 of items that a step may run for at once without a parallelism", 20, 1);

/**
 * ML-04, bounds: workflows end, and so do their retries, and what they run for many items runs for a few at a time.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.1/fields/ "WorkflowSpec", "RetryStrategy"
 */
export const workflowBounds: ResourceRule<{ items: number }> = {
  id: "ML-04",
  title: "Workflows have an end, bounded retries and bounded fan-out",
  why: "A step that hangs, fails for ever or is run for a thousand items holds the cluster's nodes for as long.",
  remediation: "Set `activeDeadlineSeconds`, `parallelism` and, wherever steps are retried, `retryStrategy.limit`.",
  url: "https://argo-workflows.readthedocs.io/en/latest/fields/#workflowspec",
  severity: "low",
  level: "advisory",
  family: "ml",
  parameters: { items },
  examples: {
    bad: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  activeDeadlineSeconds: 3600
  templates:
    - name: main
      retryStrategy: { retryPolicy: Always }
      container: { image: "registry.example/mnist:1.4" }
`,
    good: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  activeDeadlineSeconds: 3600
  templates:
    - name: main
      retryStrategy: { retryPolicy: Always, limit: 3 }
      container: { image: "registry.example/mnist:1.4" }
`,
  },
  *judge(subject, parameters) {
    for (const workflow of workflowsOf(subject)) {
      if (!hasBase(workflow)) yield* judgeDeadline(workflow);
      for (const place of levelsOf(workflow)) yield* judgeRetries(place);
      yield* judgeFanOut(workflow, parameters.items);
    }
  },
};

function* judgeDeadline({ path, tree }: Workflow): Iterable<Judgement> {
  const place = `${path}.activeDeadlineSeconds`;
  const deadline = childAt(tree, "activeDeadlineSeconds");
  if (isUnknown(deadline)) yield undecided(place);
  if (deadline !== undefined && deadline !== null) return;
  yield {
    path: place,
    observed: "absent",
    allowed: "seconds after which the workflow is ended",
    remedy: "Set it to a few times what the workflow takes.",
  };
}

function* judgeRetries({ path, tree }: Place): Iterable<Judgement> {
  const place = `${path}.retryStrategy`;
  const strategy = childAt(tree, "retryStrategy");
  if (isUnknown(strategy)) yield undecided(place);
  if (!isTreeObject(strategy)) return;
  const bounds = RETRY_BOUNDS.map((field) => nodeAt(strategy, field));
  const hidden = RETRY_BOUNDS.find((_field, index) => isUnknown(bounds[index]));
  if (bounds.some((bound) => bound !== undefined && bound !== null && bound !== "" && !isUnknown(bound))) return;
  if (hidden !== undefined) {
    yield undecided(`${place}.${hidden}`);
  } else {
    yield {
      path: `${place}.limit`,
      observed: "absent, so that there is no end of retries",
      allowed: "a number of retries",
      remedy: "Set a limit, for example 3.",
    };
  }
}

/** A bound of the workflow holds for all its steps, one of a template for its own. */
function* judgeFanOut(workflow: Workflow, most: number): Iterable<Judgement> {
  if (hasValue(workflow.tree, "parallelism")) return;
  for (const template of templatesOf(workflow)) {
    if (hasValue(template.tree, "parallelism")) continue;
    for (const { path, tree } of stepGroupsOf(template).flat()) {
      const field = FAN_OUTS.find((one) => hasValue(tree, one));
      if (field === undefined || repetitionsOf(tree) <= most) continue;
      yield {
        path: `${path}.${field}`,
        observed: "a step for each item, all at once",
        allowed: `at most ${most} items without a parallelism of the template or the workflow`,
        remedy: `Set ${template.path}.parallelism.`,
      };
    }
  }
}

/** How often a step runs; without end where that shows only in the run. */
function repetitionsOf(step: Tree): number {
  const items = childAt(step, "withItems");
  const sequence = childAt(step, "withSequence");
  if (Array.isArray(items)) return items.length;
  const [count, start = 0, end] = ["count", "start", "end"].map((field) => numberOf(childAt(sequence, field)));
  const times = count ?? (end === undefined ? undefined : Math.abs(end - start) + 1);
  return times ?? Infinity;
}

function numberOf(value: Tree): number | undefined {
  const isText = typeof value === "string" && /^\d+$/.test(value);
  return typeof value === "number" || isText ? Number(value) : undefined;
}

function hasValue(node: Tree, field: string): boolean {
  return (childAt(node, field) ?? undefined) !== undefined;
}
