import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { onOff } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { hasBase, workflowsOf, type Workflow } from "./workflow";

const accountByDefault = onOff(
  "whether the controller's workflowDefaults name the service account of workflows that name none",
  false,
);

/**
 * ML-03, workflows: they name the service account that they run as; its executor needs rights of its own.
 *
 * @see https://argo-workflows.readthedocs.io/en/release-4.1/workflow-rbac/
 * @see https://github.com/argoproj/argo-workflows/issues/3961
 */
export const workflowAccount: ResourceRule<{ accountByDefault: boolean }> = {
  id: "ML-03",
  title: "Workflows run as a service account of their own",
  why: "Without one they run as the namespace's default account, so that every pod there gets the rights they need.",
  remediation: "Make a service account with the rights of the executor, and name it in `serviceAccountName`.",
  url: "https://argo-workflows.readthedocs.io/en/latest/workflow-rbac/",
  severity: "high",
  level: "advisory",
  levels: { restricted: "mandatory" },
  family: "ml",
  parameters: { accountByDefault },
  examples: {
    bad: `
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: { name: train, namespace: ml }
spec:
  entrypoint: main
  serviceAccountName: default
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
  serviceAccountName: train
  templates:
    - name: main
      container: { image: "registry.example/mnist:1.4" }
`,
  },
  *judge(subject, parameters) {
    for (const workflow of workflowsOf(subject)) yield* judgeWorkflow(workflow, parameters.accountByDefault);
  },
};

/** A template may have the account that a workflow lacks, and a workflow the one that a template lacks. */
function* judgeWorkflow(workflow: Workflow, hasDefault: boolean): Iterable<Judgement> {
  const { path, tree } = workflow;
  const account = childAt(tree, "serviceAccountName") || undefined;
  const mayLack = hasDefault || hasBase(workflow);
  yield* judgeAccount(account, `${path}.serviceAccountName`, mayLack);
  const executor = nodeAt(tree, "executor.serviceAccountName") || undefined;
  yield* judgeAccount(executor, `${path}.executor.serviceAccountName`, true);
}

function* judgeAccount(account: Tree, path: string, mayLack: boolean): Iterable<Judgement> {
  if (isUnknown(account)) yield undecided(path);
  if (account === "default" || (account === undefined && !mayLack)) {
    yield {
      path,
      observed: account === undefined ? "absent" : '"default"',
      allowed: "a service account made for workflows",
      remedy: "Name an account with the rights of the executor and of what the workflow creates.",
    };
  }
}
