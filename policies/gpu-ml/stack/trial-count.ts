import { isUnknown, nodeAt } from "../../../components/model";
import { undecided, type ResourceRule } from "../../engine/rule";

/**
 * ML-13, of an end: an experiment says how many trials it runs at most.
 *
 * @see https://www.kubeflow.org/docs/components/katib/user-guides/experiment-spec/ v0.19
 */
export const trialCount: ResourceRule = {
  id: "ML-13",
  title: "Experiments say how many trials they run at most",
  why: "Without a bound an experiment goes on until it meets its goal, which it may never do, and pays for GPUs meanwhile.",
  remediation: "Set maxTrialCount to what the search is worth.",
  url: "https://www.kubeflow.org/docs/components/katib/user-guides/experiment-spec/",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: tune, namespace: ml }
spec: { parallelTrialCount: 3 }
`,
    good: `
apiVersion: kubeflow.org/v1beta1
kind: Experiment
metadata: { name: tune, namespace: ml }
spec: { parallelTrialCount: 3, maxTrialCount: 30 }
`,
  },
  *judge(subject) {
    if (!subject.is("kubeflow.org/Experiment")) return;
    const path = "spec.maxTrialCount";
    const count = nodeAt(subject.tree, path);
    if (isUnknown(count)) {
      yield undecided(path);
    } else if (count === undefined || count === null) {
      yield {
        path,
        observed: "absent",
        allowed: "a number of trials",
        remedy: "Set it to what the search is worth.",
      };
    }
  },
};
