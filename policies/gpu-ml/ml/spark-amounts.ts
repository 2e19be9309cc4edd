import { childAt, isTreeObject, isUnknown, stringAt, type Tree } from "../../../components/model";
import { undecided, type Judgement, type ResourceRule } from "../../engine/rule";
import { shown } from "../../engine/shown";
import { settingAt, sparkApplicationsOf, type SparkApplication } from "./spark-application";

const ROLES = ["driver", "executor"];
const MEMORY_FIELDS = ["memory", "memoryOverhead"];

/** Sizes as Spark writes them; it does not know those of Kubernetes, such as Mi. */
const SPARK_SIZE = /^\s*\d+([bkmgtp]|[kmgtp]b)?\s*$/i;

/**
 * ML-06, amounts: memory is in units that Spark reads, and Spark is told of the GPUs that its executors have.
 *
 * @see https://spark.apache.org/docs/4.0.1/configuration.html "Spark Properties", "Custom Resource Scheduling"
 */
export const sparkAmounts: ResourceRule = {
  id: "ML-06",
  title: "Spark can read its memory and knows its GPUs",
  why: "Spark refuses memory in units of Kubernetes when it starts, and leaves GPUs unused that it is not told of.",
  remediation: "Write memory as `4g` or `512m`, and set `spark.executor.resource.gpu.amount` beside `executor.gpu`.",
  url: "https://spark.apache.org/docs/latest/configuration.html#custom-resource-scheduling-and-configuration-overview",
  severity: "medium",
  level: "advisory",
  family: "ml",
  parameters: {},
  examples: {
    bad: `
apiVersion: sparkoperator.k8s.io/v1beta2
kind: SparkApplication
metadata: { name: etl, namespace: ml }
spec:
  type: Python
  sparkVersion: 4.0.1
  mainApplicationFile: local:///opt/app/etl.py
  driver: { serviceAccount: spark, memory: 4Gi }
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
  sparkConf: { spark.executor.resource.gpu.amount: "1" }
  driver: { serviceAccount: spark, memory: 4g }
  executor: { instances: 2, memory: 4g, gpu: { name: nvidia.com/gpu, quantity: 1 } }
`,
  },
  *judge(subject) {
    for (const application of sparkApplicationsOf(subject)) {
      for (const role of ROLES) {
        const fields = childAt(application.tree, role);
        const path = `${application.path}.${role}`;
        if (isUnknown(fields)) yield undecided(path);
        if (!isTreeObject(fields)) continue;
        for (const field of MEMORY_FIELDS) yield* judgeMemory(fields[field], `${path}.${field}`);
      }
      yield* judgeGpus(application);
    }
  },
};

function* judgeMemory(memory: Tree, path: string): Iterable<Judgement> {
  if (isUnknown(memory)) yield undecided(path);
  if (typeof memory !== "string" || memory === "" || SPARK_SIZE.test(memory)) return;
  yield {
    path,
    observed: shown(memory),
    allowed: "a whole number with a unit of Spark such as m or g",
    remedy: "Write it as 512m or 4g, which are MiB and GiB to Spark.",
  };
}

/** The driver gives no tasks to its own GPUs, so only those of executors are asked about. */
function* judgeGpus(application: SparkApplication): Iterable<Judgement> {
  const gpu = childAt(childAt(application.tree, "executor"), "gpu");
  const quantity = childAt(gpu, "quantity");
  const name = "spark.executor.resource.gpu.amount";
  const path = `${application.path}.sparkConf["${name}"]`;
  const amount = settingAt(application, name);
  if (isUnknown(childAt(application.tree, "executor"))) return;
  // Spark hands out whole devices, which shares of one are not.
  if (stringAt(gpu, "name")?.endsWith(".shared")) return;
  if (isUnknown(quantity)) yield undecided(`${application.path}.executor.gpu.quantity`);
  if (typeof quantity !== "number" || quantity <= 0) return;
  if (isUnknown(amount)) {
    yield undecided(path);
  } else if (amount !== String(quantity) && amount !== quantity) {
    yield {
      path,
      observed: amount === undefined ? "absent" : "another number than executor.gpu.quantity",
      allowed: `the quantity of executor.gpu, ${quantity}`,
      remedy: "Set it, with a discovery script and spark.task.resource.gpu.amount.",
    };
  }
}
