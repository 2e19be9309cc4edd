import { describe, expect, it } from "vitest";
import { sparkLimits } from "../../../../policies/gpu-ml/ml/spark-limits";
import { UNKNOWN_STRING } from "../../analyzer";
import { judged, notKnown, spark } from "./objects";

const dynamic = (fields: object = {}, sparkConf: object = {}) =>
  spark({ dynamicAllocation: { enabled: true, ...fields }, sparkConf });
const restarted = (restartPolicy: unknown, kind?: string) => spark({ restartPolicy }, kind);

const unlimited =
  "advisory [ML-06] SparkApplication ml/it: spec.dynamicAllocation.maxExecutors is absent, so that there is no limit; " +
  "allowed: a number of executors that the namespace's quota can hold. Set it.";
const tooMany = (field: string, observed: string, most = 10) =>
  `advisory [ML-06] SparkApplication ml/it: spec.restartPolicy.${field} is ${observed}; allowed: a number up to ${most}. Lower it.`;

describe("ML-06 limits of Spark applications", () => {
  it.each([
    ["a fixed number of executors", spark()],
    ["dynamic allocation that is off", spark({ dynamicAllocation: { enabled: false } })],
    ["a most of executors", dynamic({ maxExecutors: 4 })],
    ["a most in the settings", dynamic({}, { "spark.dynamicAllocation.maxExecutors": "4" })],
    [
      "a most beside a switch that is not known",
      spark({ dynamicAllocation: { enabled: UNKNOWN_STRING, maxExecutors: 4 } }),
    ],
    ["a setting that is off", spark({ sparkConf: { "spark.dynamicAllocation.enabled": "false" } })],
    ["no restarts", restarted({ type: "Never" })],
    ["no restarts, whatever their number", restarted({ type: "Never", onFailureRetries: 99 })],
    ["bounded restarts", restarted({ type: "OnFailure", onFailureRetries: 10, onSubmissionFailureRetries: 10 })],
    ["restarts without those of the submission", restarted({ type: "OnFailure", onFailureRetries: 0 })],
    ["a stream that always runs", restarted({ type: "Always" })],
    ["a schedule whose runs end", restarted({ type: "Never" }, "ScheduledSparkApplication")],
    ["a number that is text", restarted({ type: "OnFailure", onFailureRetries: "99" })],
  ])("accepts %s", (_case, resource) => {
    expect(judged(sparkLimits, resource)).toEqual([]);
  });

  it.each([
    ["the field", dynamic()],
    ["the setting", spark({ sparkConf: { "spark.dynamicAllocation.enabled": "true" } })],
    ["the setting as no text", spark({ sparkConf: { "spark.dynamicAllocation.enabled": true } })],
    ["the field against the setting", dynamic({}, { "spark.dynamicAllocation.enabled": "false" })],
    ["null for a most", dynamic({ maxExecutors: null })],
  ])("refuses endless executors by %s", (_case, resource) => {
    expect(judged(sparkLimits, resource)).toEqual([unlimited]);
  });

  it.each(["onFailureRetries", "onSubmissionFailureRetries"])("refuses too many %s", (field) => {
    const policy = { type: "OnFailure", onFailureRetries: 1, [field]: 11 };

    expect(judged(sparkLimits, restarted(policy))).toEqual([tooMany(field, "11")]);
    expect(judged(sparkLimits, restarted(policy), { retries: 11 })).toEqual([]);
    expect(judged(sparkLimits, restarted({ ...policy, [field]: 4 }), { retries: 3 })).toEqual([tooMany(field, "4", 3)]);
  });

  it("refuses too many restarts while the type of the policy is not known", () => {
    expect(judged(sparkLimits, restarted({ type: UNKNOWN_STRING, onFailureRetries: 11 }))).toEqual([
      tooMany("onFailureRetries", "11"),
      notKnown(sparkLimits, "SparkApplication ml/it", "spec.restartPolicy.type"),
    ]);
  });

  it("refuses null for the number of restarts", () => {
    expect(judged(sparkLimits, restarted({ type: "OnFailure", onFailureRetries: null }))).toHaveLength(1);
  });

  it("refuses restarts that are never made", () => {
    expect(judged(sparkLimits, restarted({ type: "OnFailure" }))).toEqual([
      "advisory [ML-06] SparkApplication ml/it: spec.restartPolicy.onFailureRetries is absent, so that no failure is ever " +
        "retried; allowed: a number up to 10. Set it, or use the policy Never.",
    ]);
  });

  it("refuses runs without end on a schedule", () => {
    expect(judged(sparkLimits, restarted({ type: "Always" }, "ScheduledSparkApplication"))).toEqual([
      'advisory [ML-06] ScheduledSparkApplication ml/it: spec.template.restartPolicy.type is "Always" in an application that ' +
        "has a schedule; allowed: Never or OnFailure. Use OnFailure: a run that never ends keeps the next one from starting.",
    ]);
  });

  it("takes only counts for retries", () => {
    expect([0, 1, -1, 1.5, "1"].map((value) => sparkLimits.parameters.retries.accepts(value))).toEqual([
      ...[true, true, false, false, false],
    ]);
  });

  it.each([
    [
      "whether executors come and go",
      spark({ dynamicAllocation: { enabled: UNKNOWN_STRING } }),
      "spec.dynamicAllocation.enabled",
    ],
    ["the allocation", spark({ dynamicAllocation: UNKNOWN_STRING }), "spec.dynamicAllocation.enabled"],
    [
      "the setting",
      spark({ sparkConf: { "spark.dynamicAllocation.enabled": UNKNOWN_STRING } }),
      "spec.dynamicAllocation.enabled",
    ],
    ["the most of executors", dynamic({ maxExecutors: UNKNOWN_STRING }), "spec.dynamicAllocation.maxExecutors"],
    ["the policy", restarted(UNKNOWN_STRING), "spec.restartPolicy"],
    ["the type", restarted({ type: UNKNOWN_STRING }), "spec.restartPolicy.type"],
    [
      "a number",
      restarted({ type: "OnFailure", onFailureRetries: UNKNOWN_STRING }),
      "spec.restartPolicy.onFailureRetries",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(judged(sparkLimits, resource)).toEqual([notKnown(sparkLimits, "SparkApplication ml/it", path)]);
  });
});
