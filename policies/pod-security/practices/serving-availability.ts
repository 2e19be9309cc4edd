import { isUnknown, nodeAt, pathInPodSet, UNKNOWN } from "../../../components/model";
import { podValue } from "../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { anyOf, type Truth } from "../../engine/truth";
import { budgetsOf, labelsOf, selects } from "./budgets";
import { replicasOf } from "./replicas";
import { isThere, serves } from "./serving";

/**
 * POD-26, over the stack: what serves has a second pod, pods spread over nodes, and a budget for drains.
 *
 * That is asked of InferenceServices, and of Deployments and StatefulSets with a port for more than metrics. One pod is
 * enough for a StatefulSet, of which a second may have no data, and for a Deployment that replaces pods one by one
 * (`Recreate`). What may be scaled to zero does without all three. A budget that keeps as many pods as its workload has
 * at least lets none go, as one does that `blocking-budget.ts` finds by itself.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/disruptions/ v1.36
 */
export const servingAvailability: StackRule = {
  id: "POD-26",
  title: "What serves outlives the loss of a node",
  why: "With one pod, or all on one node, every upgrade of a node and every lost Spot machine interrupts the service.",
  remediation: "Run two replicas or more, spread over nodes or zones, with a PodDisruptionBudget that selects them.",
  url: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
  severity: "medium",
  level: "advisory",
  family: "pod",
  parameters: {},
  frameworks: [{ name: "Kyverno", reference: "require-pdb" }],
  examples: {
    bad: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: embedder, namespace: ml }
spec:
  replicas: 1
  selector: { matchLabels: { app: embedder } }
  template:
    metadata: { labels: { app: embedder } }
    spec:
      containers: [{ name: main, image: "registry.example/embedder:1.4", ports: [{ containerPort: 8080 }] }]
`,
    good: `
apiVersion: apps/v1
kind: Deployment
metadata: { name: embedder, namespace: ml }
spec:
  replicas: 2
  selector: { matchLabels: { app: embedder } }
  template:
    metadata: { labels: { app: embedder } }
    spec:
      containers: [{ name: main, image: "registry.example/embedder:1.4", ports: [{ containerPort: 8080 }] }]
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: embedder, namespace: ml }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: embedder } } }
`,
  },
  *judgeStack(subjects) {
    const budgets = budgetsOf(subjects);
    for (const budget of budgets) {
      for (const judgement of judgeDrain(budget, subjects)) yield [budget, judgement];
    }
    for (const workload of subjects) {
      const serving = isServing(workload);
      if (serving === false) continue;
      const { subject, path, least } = replicasOf(workload, subjects);
      if (isUnknown(serving) || isUnknown(least)) {
        yield [subject, undecided(path)];
      } else if (least === 1) {
        if (!needsOnePod(workload)) yield [subject, tooFew(path)];
      } else if (least !== undefined && least > 0) {
        for (const judgement of judgeBudget(workload, budgets)) yield [workload, judgement];
        for (const judgement of judgeSpread(workload)) yield [workload, judgement];
      }
    }
  },
};

/** Kinds of which pods are counted and selected. */
const WORKLOADS = ["apps/Deployment", "apps/StatefulSet", "serving.kserve.io/InferenceService"];

function isServing(subject: Subject): Truth {
  if (subject.is("serving.kserve.io/InferenceService")) return true;
  if (!subject.is("apps/Deployment", "apps/StatefulSet")) return false;
  const containers = nodeAt(subject.tree, "spec.template.spec.containers");
  if (isUnknown(containers)) return UNKNOWN;
  return anyOf(Array.isArray(containers) ? containers.map(serves) : []);
}

function needsOnePod(subject: Subject): boolean {
  return subject.is("apps/StatefulSet") || nodeAt(subject.tree, "spec.strategy.type") === "Recreate";
}

function tooFew(path: string): Judgement {
  return {
    path,
    observed: "1, set or by default",
    allowed: "2 or more for what serves",
    remedy: "Run a second replica, with a PodDisruptionBudget for both.",
  };
}

function* judgeBudget(workload: Subject, budgets: Subject[]): Iterable<Judgement> {
  const { path } = labelsOf(workload);
  const hasBudget = anyOf(budgets.map((budget) => selects(budget, workload)));
  if (isUnknown(hasBudget)) yield undecided(path);
  if (hasBudget === false) {
    yield {
      path,
      observed: "selected by no PodDisruptionBudget of the stack",
      allowed: "labels that one selects",
      remedy: "Add a PodDisruptionBudget with maxUnavailable 1 for these pods.",
    };
  }
}

/** A server that a runtime completes may be spread by what the runtime says. */
function* judgeSpread(workload: Subject): Iterable<Judgement> {
  const [pods] = workload.pods;
  if (pods === undefined || pods.completedBy !== undefined) return;
  const path = pathInPodSet(pods, "spec.topologySpreadConstraints");
  const isSpread = anyOf([
    isThere(podValue(pods, "topologySpreadConstraints")),
    isThere(podValue(pods, "affinity.podAntiAffinity")),
  ]);
  if (isUnknown(isSpread)) yield undecided(path);
  if (isSpread === false) {
    yield {
      path,
      observed: "absent, as is an anti-affinity of the pods",
      allowed: "a constraint that spreads the pods over nodes or zones",
      remedy: "Add one with topologyKey kubernetes.io/hostname and whenUnsatisfiable ScheduleAnyway.",
    };
  }
}

/** A budget for the pods of several workloads may have pods to spare, so only that for one is judged. */
function* judgeDrain(budget: Subject, subjects: Subject[]): Iterable<Judgement> {
  const path = "spec.minAvailable";
  const kept = nodeAt(budget.tree, path);
  const [workload, ...others] = subjects.filter(
    (subject) => subject.is(...WORKLOADS) && selects(budget, subject) !== false,
  );
  if (typeof kept !== "number" || workload === undefined || others.length > 0) return;
  const { least } = replicasOf(workload, subjects);
  if (isUnknown(least) || isUnknown(selects(budget, workload))) {
    yield undecided(path);
  } else if (least !== undefined && least > 0 && kept >= least) {
    yield {
      path,
      observed: `${kept}, of the ${least} that ${workload.title} runs at least`,
      allowed: "fewer pods than there are, so that one may go",
      remedy: "Set maxUnavailable to 1 instead.",
    };
  }
}
