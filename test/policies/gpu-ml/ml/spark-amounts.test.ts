import { describe, expect, it } from "vitest";
import { sparkAmounts } from "../../../../policies/gpu-ml/ml/spark-amounts";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, spark } from "./objects";

const AMOUNT = "spark.executor.resource.gpu.amount";
const gpus = (quantity: unknown, amount?: unknown, name = "nvidia.com/gpu") =>
  spark({ executor: { gpu: { name, quantity } }, sparkConf: amount === undefined ? {} : { [AMOUNT]: amount } });

const badMemory = (path: string, observed: string) =>
  `advisory [ML-06] SparkApplication ml/it: spec.${path} is ${observed}; allowed: a whole number with a unit of Spark ` +
  "such as m or g. Write it as 512m or 4g, which are MiB and GiB to Spark.";
const badGpus = (observed: string, quantity: number) =>
  `advisory [ML-06] SparkApplication ml/it: spec.sparkConf["${AMOUNT}"] is ${observed}; allowed: the quantity of ` +
  `executor.gpu, ${quantity}. Set it, with a discovery script and spark.task.resource.gpu.amount.`;

describe("ML-06 amounts of Spark applications", () => {
  it.each(["4g", "512m", "2048", "1T", "10kb", "1024B", " 4g ", ""])("accepts memory %j", (memory) => {
    expect(judged(sparkAmounts, spark({ driver: { memory } }))).toEqual([]);
  });

  it.each([
    ["no amounts", spark()],
    ["memory that is a number", spark({ executor: { memory: 512 } })],
    ["no driver", spark({ driver: null })],
    ["GPUs that Spark knows", gpus(2, "2")],
    ["GPUs that Spark knows by number", gpus(2, 2)],
    ["no GPUs", gpus(0)],
    ["shares of GPUs", gpus(1, undefined, "nvidia.com/gpu.shared")],
    ["shares of GPUs that are not known yet", gpus(UNKNOWN_STRING, undefined, "nvidia.com/gpu.shared")],
    ["GPUs of the driver", spark({ driver: { gpu: { name: "nvidia.com/gpu", quantity: 1 } } })],
    ["a quantity that is no number", gpus("1")],
  ])("accepts %s", (_case, resource) => {
    expect(judged(sparkAmounts, resource)).toEqual([]);
  });

  it.each([
    ["driver", "memory", "4Gi"],
    ["driver", "memoryOverhead", "384Mi"],
    ["executor", "memory", "1.5g"],
    ["executor", "memoryOverhead", "g"],
    ["executor", "memory", "4 g"],
    ["executor", "memory", "-4g"],
    ["executor", "memory", "4bb"],
  ])("refuses for the %s the %s %s", (role, field, value) => {
    expect(judged(sparkAmounts, spark({ [role]: { [field]: value } }))).toEqual([
      badMemory(`${role}.${field}`, `"${value}"`),
    ]);
  });

  it.each([
    ["it is not told of", gpus(1), "absent", 1],
    ["it is told otherwise of", gpus(2, "1"), "another number than executor.gpu.quantity", 2],
  ])("refuses GPUs that %s", (_case, resource, observed, quantity) => {
    expect(judged(sparkAmounts, resource)).toEqual([badGpus(observed, quantity)]);
  });

  it.each([
    ["the driver", spark({ driver: UNKNOWN_STRING }), "spec.driver"],
    ["the executor", spark({ executor: UNKNOWN_STRING }), "spec.executor"],
    ["the memory", spark({ driver: { memory: UNKNOWN_STRING } }), "spec.driver.memory"],
    ["the quantity", gpus(UNKNOWN_STRING), "spec.executor.gpu.quantity"],
    ["the amount", gpus(1, UNKNOWN_STRING), `spec.sparkConf["${AMOUNT}"]`],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(sparkAmounts, resource)).toEqual([notKnown(sparkAmounts, "SparkApplication ml/it", path)]);
  });
});
