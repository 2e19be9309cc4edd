import { isUnknown, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { chartValue, chartNamed, type InstalledChart } from "../installed-chart";

/** A value of the chart that takes protection away. */
interface Weakness {
  path: string;
  /** What holds where the values do not say. */
  byDefault: Tree;
  isWeak: (value: Tree) => boolean;
  observed: string;
  allowed: string;
  remedy: string;
}

const WEAKNESSES: Weakness[] = [
  {
    path: "webhook.enable",
    byDefault: true,
    isWeak: (value) => value === false,
    observed: "false, so that pods lose what applications say of security, volumes and nodes",
    allowed: "true",
    remedy: "Leave the webhook on: it alone carries those fields over to the pods.",
  },
  {
    path: "webhook.failurePolicy",
    byDefault: "Fail",
    isWeak: (value) => value === "Ignore",
    observed: "Ignore, so that pods run without their security context while the webhook is down",
    allowed: "Fail",
    remedy: "Leave it at Fail, and give the webhook two replicas.",
  },
];

/**
 * HELM-03, Spark operator: it serves the namespaces that it is given, and its webhook cannot be passed by.
 *
 * @see https://github.com/kubeflow/spark-operator/blob/v2.5.2/charts/spark-operator-chart/values.yaml
 */
export const sparkOperatorValues: ResourceRule = {
  id: "HELM-03",
  title: "The Spark operator serves chosen namespaces, and its webhook is always asked",
  why: "The webhook alone carries security settings over to pods, and the operator creates pods wherever it serves.",
  remediation: "List the namespaces in `spark.jobNamespaces`, and keep the webhook on with failure policy Fail.",
  url: "https://github.com/kubeflow/spark-operator/blob/v2.5.2/charts/spark-operator-chart/values.yaml",
  severity: "high",
  level: "advisory",
  family: "platform",
  parameters: {},
  examples: {
    bad: `
type: kubernetes:helm.sh/v4:Chart
name: spark
properties:
  chart: spark-operator
  version: 2.5.2
  values: { spark: { jobNamespaces: [""] } }
`,
    good: `
type: kubernetes:helm.sh/v4:Chart
name: spark
properties:
  chart: spark-operator
  version: 2.5.2
  values: { spark: { jobNamespaces: [research] }, webhook: { failurePolicy: Fail } }
`,
  },
  *judge(subject) {
    const chart = chartNamed(subject, "spark-operator");
    if (chart === undefined) return;
    if (isUnknown(chart.name)) yield undecided("chart");
    else {
      yield* judgeNamespaces(chart);
      yield* judgeWeaknesses(chart);
    }
  },
};

function* judgeWeaknesses(chart: InstalledChart): Iterable<Judgement> {
  for (const { path, byDefault, isWeak, ...said } of WEAKNESSES) {
    const value = chartValue(chart, path, byDefault);
    if (isUnknown(value)) yield undecided(`values.${path}`);
    if (isWeak(value)) yield { path: `values.${path}`, ...said };
  }
}

/** An empty name among the namespaces stands for all of them. */
function* judgeNamespaces(chart: InstalledChart): Iterable<Judgement> {
  const path = "values.spark.jobNamespaces";
  const namespaces = chartValue(chart, "spark.jobNamespaces", []);
  if (isUnknown(namespaces)) yield undecided(path);
  if (!Array.isArray(namespaces)) return;
  for (const [index, namespace] of namespaces.entries()) {
    if (isUnknown(namespace)) yield undecided(`${path}[${index}]`);
  }
  if (namespaces.includes("")) {
    yield {
      path,
      observed: "a list with an empty name, which stands for all namespaces",
      allowed: "the names of namespaces for Spark",
      remedy: "List the namespaces, or select them by label with spark.jobNamespaceSelector.",
    };
  }
}
