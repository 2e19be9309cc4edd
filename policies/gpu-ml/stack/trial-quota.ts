import { GPU_RESOURCE, childAt, isUnknown, nodeAt, pathInPodSet } from "../../../components/model";
import type { PodGroup } from "../../engine/pods";
import { undecided, type Judgement, type StackRule } from "../../engine/rule";
import type { Subject } from "../../engine/subject";
import { podDemandOf } from "./gang";
import { limitsFor, quotaLimitsOf, type QuotaLimit, type QuotaLimits } from "./quota-limits";

/**
 * ML-13, of quotas: the trials that an experiment runs at once have their GPUs within its quotas.
 *
 * @see https://www.kubeflow.org/docs/components/katib/user-guides/experiment-spec/ v0.19
 */
export const trialQuota: StackRule = {
  id: "ML-13",
  title: "Trials that run at once have their GPUs within the quotas",
  why: "Trials beyond the quota wait or fail, and an experiment that counts on them learns from fewer than it believes.",
  remediation: "Lower parallelTrialCount or the GPUs of a trial, or raise the quota.",
  url: "https://www.kubeflow.org/docs/components/katib/user-guides/experiment-spec/",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: v1
kind: ResourceQuota
metadata: { name: gpus, namespace: ml }
spec: { hard: { requests.nvidia.com/gpu: 8 } }
---
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: tune, namespace: ml }
spec:
  parallelTrialCount: 6
  maxTrialCount: 30
  trialTemplate:
    trialSpec:
      apiVersion: batch/v1
      kind: Job
      spec:
        template:
          spec:
            containers:
              - name: main
                image: registry.example/tune:1.4
                resources: { limits: { nvidia.com/gpu: 2 } }
`,
    good: `
apiVersion: v1
kind: ResourceQuota
metadata: { name: gpus, namespace: ml }
spec: { hard: { requests.nvidia.com/gpu: 8 } }
---
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: tune, namespace: ml }
spec:
  parallelTrialCount: 4
  maxTrialCount: 30
  trialTemplate:
    trialSpec:
      apiVersion: batch/v1
      kind: Job
      spec:
        template:
          spec:
            containers:
              - name: main
                image: registry.example/tune:1.4
                resources: { limits: { nvidia.com/gpu: 2 } }
`,
  },
  *judgeStack(subjects) {
    const limits = quotaLimitsOf(subjects);
    for (const subject of subjects.filter((each) => each.is("kubeflow.org/Experiment"))) {
      for (const judgement of judgeExperiment(subject, limits)) yield [subject, judgement];
    }
  },
};

const PARALLEL = "spec.parallelTrialCount";
const TRIAL = "spec.trialTemplate.trialSpec";

/** What says how many trials there are at once. */
const COUNTS = [PARALLEL, "spec.maxTrialCount"];

function* judgeExperiment(subject: Subject, limits: QuotaLimits): Iterable<Judgement> {
  const demand = demandOf(subject);
  const [first] = subject.pods;
  // Trials whose resources are not known yet most likely ask for whole GPUs.
  const isVague = demand.needed.size === 0 && demand.unknownPath !== undefined;
  for (const resource of isVague ? [GPU_RESOURCE] : demand.needed.keys()) {
    for (const limit of limitsFor(subject, first ?? NO_PODS, resource, limits)) {
      yield* judgeLimit(resource, demand, limit);
    }
  }
}

function* judgeLimit(
  resource: string,
  { needed: all, isAtMost, unknownPath }: TrialsDemand,
  { amount, by }: QuotaLimit,
): Iterable<Judgement> {
  const needed = all.get(resource) ?? 0;
  if (isUnknown(amount) || (needed > amount && isAtMost)) {
    yield undecided(PARALLEL);
  } else if (needed > amount) {
    yield {
      path: PARALLEL,
      observed: `such that the trials at once need ${needed} ${resource}`,
      allowed: `at most ${amount}, by ${by}`,
      remedy: "Lower it, give each trial fewer, or raise the quota.",
    };
  } else if (unknownPath !== undefined) {
    yield undecided(unknownPath);
  }
}

/** What the trials of an experiment ask for at once. */
interface TrialsDemand {
  needed: ReadonlyMap<string, number>;
  /** How many trials there are at once is not known yet, and it may be fewer. */
  isAtMost: boolean;
  /** Path of something that is not known yet and may raise what is needed. */
  unknownPath: string | undefined;
}

/** Stands for the pods of trials of which not even the kind is known. */
const NO_PODS: PodGroup = {
  path: TRIAL,
  count: undefined,
  minCount: 1,
  template: { metadata: {}, spec: {} },
  spec: {},
};

function demandOf({ tree, pods: sets }: Subject): TrialsDemand {
  const needed = new Map<string, number>();
  const trial = nodeAt(tree, TRIAL);
  const unknownPaths = ["apiVersion", "kind"].some((field) => isUnknown(childAt(trial, field))) ? [TRIAL] : [];
  for (const pods of sets) {
    const { amounts, unknownPath } = podDemandOf(pods);
    for (const [resource, amount] of amounts) {
      needed.set(resource, (needed.get(resource) ?? 0) + amount * (pods.count ?? pods.minCount));
    }
    if (unknownPath !== undefined) unknownPaths.push(unknownPath);
    if (pods.count === undefined && amounts.size > 0) unknownPaths.push(pathInPodSet(pods, "spec"));
  }
  const isAtMost = COUNTS.some((path) => isUnknown(nodeAt(tree, path)));
  return { needed, isAtMost, unknownPath: unknownPaths[0] };
}
