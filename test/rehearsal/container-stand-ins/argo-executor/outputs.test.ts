import type { V1Pod } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { outputsOf } from "../../../../rehearsal/container-stand-ins/argo-executor/outputs";
import type { StepTemplate } from "../../../../rehearsal/container-stand-ins/argo-executor/step";

const template: StepTemplate = {
  name: "train",
  outputs: { parameters: [{ name: "accuracy", valueFrom: { path: "/tmp/accuracy", default: 0.5 } }] },
};

function pod(told?: string, includesResult = false): V1Pod {
  const env = [{ name: "ARGO_INCLUDE_SCRIPT_OUTPUT", value: String(includesResult) }];
  return {
    metadata: told === undefined ? {} : { annotations: { "mlstack.dev/simulate-outputs": told } },
    spec: { containers: [{ name: "main", env }] },
  };
}

describe("what a step leaves behind", () => {
  test("is what its annotation tells, numbers and lists as a program writes them", () => {
    expect(outputsOf(pod('{"accuracy": 0.97}'), template)).toEqual({
      parameters: [{ name: "accuracy", value: "0.97" }],
    });
    expect(outputsOf(pod('{"accuracy": [1, "a"]}'), template).parameters).toEqual([
      { name: "accuracy", value: '[1,"a"]' },
    ]);
  });

  test("is the default where nothing is told, and else says that it is simulated", () => {
    expect(outputsOf(pod(), template).parameters).toEqual([{ name: "accuracy", value: "0.5" }]);
    const bare = { name: "train", outputs: { parameters: [{ name: "accuracy", valueFrom: { path: "/a" } }] } };
    expect(outputsOf(pod(), bare).parameters).toEqual([{ name: "accuracy", value: "simulated-accuracy" }]);
  });

  test("has what it printed where somebody asks for that", () => {
    expect(outputsOf(pod('{"result": "heads"}', true), { name: "flip" })).toEqual({ result: "heads" });
    expect(outputsOf(pod(undefined, true), { name: "flip" })).toEqual({ result: "simulated-result" });
    expect(outputsOf(pod('{"result": "heads"}'), { name: "flip" })).toEqual({});
  });

  test("has artifacts where the template keeps them, else in the folder of the step", () => {
    const artifacts = [
      { name: "model", path: "/out/model", s3: { key: "own/model" } },
      { name: "report", path: "/out/report.html", archive: { none: {} } },
      { name: "logs", path: "/out/logs" },
    ];
    const archiveLocation = { s3: { bucket: "artifacts", key: "ml/run/pod" } };
    expect(outputsOf(pod(), { name: "train", outputs: { artifacts }, archiveLocation }).artifacts).toEqual([
      artifacts[0],
      { ...artifacts[1], s3: { key: "ml/run/pod/report.html" } },
      { ...artifacts[2], s3: { key: "ml/run/pod/logs.tgz" } },
    ]);
  });

  test("is refused without a place for an artifact", () => {
    const outputs = { artifacts: [{ name: "model", path: "/out/model" }] };
    expect(() => outputsOf(pod(), { name: "train", outputs })).toThrow(
      "the artifact model has no place to be kept at: no artifact repository is configured",
    );
  });

  test("is refused where the annotation is no object, or names what the step has not", () => {
    expect(() => outputsOf(pod("[1]"), template)).toThrow(
      "mlstack.dev/simulate-outputs must be a JSON object, and is [1]",
    );
    expect(() => outputsOf(pod('{"acuracy": 1}'), template)).toThrow(
      "mlstack.dev/simulate-outputs names acuracy; output parameters of the step are: accuracy",
    );
  });
});
