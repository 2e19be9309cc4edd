import { childAt, isTreeObject, isUnknown, nodeAt } from "../../../components/model";
import { choice, wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { fixAt } from "./fix";
import { hasBase, workflowsOf, type Workflow } from "./workflow";

const STRATEGIES = ["OnPodCompletion", "OnPodSuccess", "OnWorkflowCompletion", "OnWorkflowSuccess"];
const TTL_FIELDS = ["secondsAfterCompletion", "secondsAfterSuccess", "secondsAfterFailure"];

const secondsAfterCompletion = wholeNumber(
  "a number of seconds from 0, after which the fix has finished workflows deleted",
  604_800,
  0,
);

const podStrategy = choice(
  `the strategy by which the fix has finished pods deleted: ${STRATEGIES.join(", ")}`,
  "OnWorkflowSuccess",
  STRATEGIES,
);

/**
 * ML-04, leftovers: finished workflows and their pods are deleted in the end.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.1/cost-optimisation/
 */
export const workflowCleanup: ResourceRule<{ secondsAfterCompletion: number; podStrategy: string }> = {
  id: "ML-04",
  title: "Finished workflows and their pods are deleted",
  why: "Leftover pods and workflows fill the API server's store, and keep the logs and claims of runs nobody looks at.",
  remediation: "Set `ttlStrategy` and `podGC.strategy` in the workflow, or in the template that it names.",
  url: "https://argo-workflows.readthedocs.io/en/latest/cost-optimisation/",
  severity: "low",
  level: "advisory",
  family: "ml",
  parameters: { secondsAfterCompletion, podStrategy },
  fix: "sets the time to live, and the strategy by which pods are deleted, that the parameters say",
  examples: {
    bad: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  ttlStrategy: {}
  templates:
    - name: main
      container: { image: "registry.example/mnist:1.4" }
`,
    good: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  ttlStrategy: { secondsAfterCompletion: 86400 }
  podGC: { strategy: OnPodCompletion }
  templates:
    - name: main
      container: { image: "registry.example/mnist:1.4" }
`,
  },
  *judge(subject, parameters) {
    for (const workflow of workflowsOf(subject).filter((one) => !hasBase(one))) {
      yield* judgeTtl(workflow, parameters.secondsAfterCompletion);
      yield* judgePods(workflow, parameters.podStrategy);
    }
  },
};

function* judgeTtl({ path, tree }: Workflow, seconds: number): Iterable<Judgement> {
  const place = `${path}.ttlStrategy`;
  const ttl = childAt(tree, "ttlStrategy");
  const times = TTL_FIELDS.map((field) => childAt(ttl, field));
  if (times.some((time) => typeof time === "number")) return;
  const hidden = TTL_FIELDS.find((field) => isUnknown(childAt(ttl, field)));
  if (isUnknown(ttl)) {
    yield undecided(place);
  } else if (hidden !== undefined) {
    yield undecided(`${place}.${hidden}`);
  } else {
    yield {
      path: place,
      observed: isTreeObject(ttl) ? "without a time" : "absent",
      allowed: "a time after which a finished workflow is deleted",
      remedy: "Set secondsAfterCompletion; archive workflows that must be kept longer.",
      ...fixAt({ path: `${place}.secondsAfterCompletion`, value: seconds }),
    };
  }
}

function* judgePods({ path, tree }: Workflow, strategy: string): Iterable<Judgement> {
  const place = `${path}.podGC.strategy`;
  const given = nodeAt(tree, "podGC.strategy");
  if (isUnknown(given)) {
    yield undecided(isUnknown(childAt(tree, "podGC")) ? `${path}.podGC` : place);
  } else if (given === undefined || given === null || given === "") {
    yield {
      path: place,
      observed: "absent, so that no pod is ever deleted before its workflow",
      allowed: STRATEGIES.join(", "),
      remedy: `Set it to ${strategy}, and archive the logs.`,
      ...fixAt({ path: place, value: strategy }),
    };
  }
}
