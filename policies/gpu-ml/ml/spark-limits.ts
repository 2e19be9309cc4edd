import { childAt, isUnknown, nodeAt, type Tree } from "../../../components/model";
import { wholeNumber } from "../../engine/parameters";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { anyOf, isOneOf } from "../../engine/truth";
import { settingAt, sparkApplicationsOf, type SparkApplication } from "./spark-application";

const retries = wholeNumber("a number from 0: most times that an application is started again after a failure", 10, 0);

/** How often a failed run, and a failed submission, is tried again; never where nothing is said. */
const RETRY_FIELDS = [
  { field: "onFailureRetries", isNeeded: true },
  { field: "onSubmissionFailureRetries", isNeeded: false },
];

/**
 * ML-06, limits: Spark applications have a most of executors, and of restarts.
 *
 * @see https://spark.apache.org/docs/4.0.1/configuration.html "Dynamic Allocation": no maximum by default
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/internal/controller/sparkapplication "shouldRetry"
 */
export const sparkLimits: ResourceRule<{ retries: number }> = {
  id: "ML-06",
  title: "Spark applications have a limit of executors and restarts",
  why: "Without limits one slow query asks for every node that the cluster can get, and a broken program for ever.",
  remediation: "Set `dynamicAllocation.maxExecutors`, and the retries of a restart policy OnFailure.",
  url: "https://spark.apache.org/docs/latest/configuration.html#dynamic-allocation",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: { retries },
  examples: {
    bad: `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: ml }
spec:
  type: Python
  sparkVersion: 4.0.1
  mainApplicationFile: local:///opt/app/etl.py
  dynamicAllocation: { enabled: true }
  driver: { serviceAccount: spark }
  executor: { instances: 2 }
`,
    good: `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: ml }
spec:
  type: Python
  sparkVersion: 4.0.1
  mainApplicationFile: local:///opt/app/etl.py
  dynamicAllocation: { enabled: true, maxExecutors: 20 }
  restartPolicy: { type: OnFailure, onFailureRetries: 3, onSubmissionFailureRetries: 3 }
  driver: { serviceAccount: spark }
  executor: { instances: 2 }
`,
  },
  *judge(subject, parameters) {
    for (const application of sparkApplicationsOf(subject)) {
      yield* judgeExecutors(application);
      yield* judgeRestarts(application, parameters.retries);
    }
  },
};

function* judgeExecutors(application: SparkApplication): Iterable<Judgement> {
  const allocation = `${application.path}.dynamicAllocation`;
  const setting = (name: string) => settingAt(application, `spark.dynamicAllocation.${name}`);
  const field = (name: string) => nodeAt(application.tree, `dynamicAllocation.${name}`) ?? undefined;
  const isDynamic = anyOf([isOneOf(field("enabled"), true), isOneOf(setting("enabled"), true, "true")]);
  const most = field("maxExecutors") ?? setting("maxExecutors");
  if (isDynamic === false || (most !== undefined && !isUnknown(most))) return;
  if (isUnknown(isDynamic)) {
    yield undecided(`${allocation}.enabled`);
  } else if (isUnknown(most)) {
    yield undecided(`${allocation}.maxExecutors`);
  } else {
    yield {
      path: `${allocation}.maxExecutors`,
      observed: "absent, so that there is no limit",
      allowed: "a number of executors that the namespace's quota can hold",
      remedy: "Set it.",
    };
  }
}

function* judgeRestarts({ path, tree, isScheduled }: SparkApplication, most: number): Iterable<Judgement> {
  const place = `${path}.restartPolicy`;
  const policy = childAt(tree, "restartPolicy");
  const type = childAt(policy, "type");
  if (isUnknown(policy)) {
    yield undecided(place);
    return;
  }
  if (isUnknown(type)) yield undecided(`${place}.type`);
  if (type === "Always" && isScheduled) {
    yield {
      path: `${place}.type`,
      observed: '"Always" in an application that has a schedule',
      allowed: "Never or OnFailure",
      remedy: "Use OnFailure: a run that never ends keeps the next one from starting.",
    };
  }
  if (type !== "OnFailure" && !isUnknown(type)) return;
  for (const { field, isNeeded } of RETRY_FIELDS) {
    yield* judgeRetries(childAt(policy, field), `${place}.${field}`, most, isNeeded && !isUnknown(type));
  }
}

function* judgeRetries(given: Tree, path: string, most: number, isNeeded: boolean): Iterable<Judgement> {
  const count = given ?? undefined;
  if (isUnknown(count)) {
    yield undecided(path);
  } else if (count === undefined) {
    if (!isNeeded) return;
    yield {
      path,
      observed: "absent, so that no failure is ever retried",
      allowed: `a number up to ${most}`,
      remedy: "Set it, or use the policy Never.",
    };
  } else if (typeof count === "number" && count > most) {
    yield { path, observed: String(count), allowed: `a number up to ${most}`, remedy: "Lower it." };
  }
}
