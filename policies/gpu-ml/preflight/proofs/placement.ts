import { joinPaths, pathInPodSet } from "../../../../components/model";
import { Verdict, type PlacementProof } from "../../../../preflight/placement";
import { patternList } from "../../../engine/parameters";
import { nodesAlong } from "../../../engine/path";
import { undecided, type Judgement, type RuleFacts } from "../../../engine/rule";
import type { Subject } from "../../../engine/subject";
import { hasUnknown, isVariable } from "../../../engine/undecided-path";
import { isNamed } from "../../names";
import { madePools } from "../layers/layer-end";
import { pendingPaths } from "./pool-unknowns";
import { planRule } from "./plan-rule";
import type { PlannedStack } from "./stack-plan";
import { stackPoolsOf, type StackPool } from "../../stack/node-labels";

const FACTS: RuleFacts<{ allow: string[] }> = {
  id: "PLACE-01",
  title: "Every pod set has a pool that can take it",
  why: "A pod that no pool can ever take stays pending for ever, and nobody is told why.",
  remediation: "Ask for less, select or tolerate what a pool has, or declare a pool that can take the pods.",
  url: "https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/",
  severity: "high",
  level: "mandatory",
  family: "gpu",
  parameters: {
    allow: patternList("a list of objects, name or namespace/name, whose pods run on nodes outside the stack", []),
  },
  examples: {
    bad: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
  scalingConfig: { minSize: 0, maxSize: 4 }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { requests: { cpu: 8 } }
`,
    good: `
type: aws:eks/nodeGroup:NodeGroup
name: train
properties:
  instanceTypes: [g5.xlarge]
  labels: { mlstack.dev/pool: train }
  scalingConfig: { minSize: 0, maxSize: 4 }
---
apiVersion: v1
kind: Pod
metadata: { name: mnist, namespace: ml }
spec:
  containers:
    - name: main
      image: registry.example/mnist:1.4
      resources: { requests: { cpu: 2 } }
`,
  },
};

/**
 * PLACE-01: the scheduler finds a node for every set of pods, as far as the pools of the stack tell.
 *
 * It is judged only where the stack declares pools, and none by resources that hide their nodes. Pods that only wait
 * for others are no reason to complain.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/kube-scheduler/ v1.36
 */
export const placement = planRule(FACTS, judgedProofs);

function* judgedProofs(
  subjects: Subject[],
  { allow }: { allow: string[] },
  plannedStack: () => PlannedStack,
): Iterable<[Subject, Judgement]> {
  const stack = stackPoolsOf(subjects);
  const made = madePools(stack);
  if (stack.isOpen || made.length === 0) return;
  const byUrn = new Map(subjects.map((subject) => [subject.urn, subject]));
  for (const proof of plannedStack().plan.proofs) {
    const subject = byUrn.get(proof.urn);
    if (subject === undefined || isNamed(subject, allow) === true) continue;
    if (proof.verdict === Verdict.never) yield [subject, refusal(proof, subject)];
    if (proof.verdict === Verdict.undecided) yield* pending(proof, subject, made);
  }
}

function refusal({ path, reason }: PlacementProof, subject: Subject): Judgement {
  return {
    path: placeOf(path, subject),
    observed: `that of pods which never run: ${reason}`,
    allowed: "what a pool of the stack can take",
    remedy: "Change the pods or the pool; `mlstack plan` tells more.",
  };
}

/**
 * What an update will tell: fields of the pods, or of the pools, that are not known yet. Other doubts, such as a type of
 * machine that is in no table, no update clears; those are for `mlstack plan` to tell.
 */
function* pending(
  { unknownPath }: PlacementProof,
  subject: Subject,
  pools: readonly StackPool[],
): Iterable<[Subject, Judgement]> {
  if (unknownPath !== undefined) {
    if (hasUnknown(subject.tree) || isVariable(subject, unknownPath)) yield [subject, undecided(unknownPath)];
    return;
  }
  for (const pool of pools) {
    for (const path of pendingPaths(pool)) yield [pool.subject, undecided(path)];
  }
}

/** The spec of the pods with this template, where the object has one, else the place from which they come. */
function placeOf(template: string, subject: Subject): string {
  const pods = subject.pods.find(({ path }) => path === template);
  const spec = pods === undefined ? joinPaths(template, "spec") : pathInPodSet(pods, "spec");
  return nodesAlong(subject.tree, spec.split("#")[0] ?? "").at(-1) === undefined ? template : spec;
}
