import { describe, expect, it } from "vitest";
import {
  categoricalSpace,
  discreteSpace,
  doubleSpace,
  intSpace,
  sweepTrial,
} from "../../../../components/workloads/tuning";

const parameters = { learningRate: doubleSpace({ min: 0.1, max: 1 }), "batch-size": discreteSpace([32, 64]) };

describe("sweepTrial", () => {
  it("gives a function what stands for each parameter, and for the trial's name and namespace", () => {
    const trial = sweepTrial(parameters, (p, { name, namespace }) => [
      p.learningRate,
      p["batch-size"],
      name,
      namespace,
    ]);
    expect(trial).toEqual([
      "${trialParameters.learningRate}",
      "${trialParameters.batch-size}",
      "${trialParameters.trialName}",
      "${trialParameters.trialNamespace}",
    ]);
  });

  it("does not compile with a misspelt parameter", () => {
    // @ts-expect-error -- there is none of this name
    expect(sweepTrial(parameters, (p) => [p.learningRat as unknown])).toEqual([undefined]);
  });
});

describe("spaces", () => {
  it("are plain data", () => {
    expect(doubleSpace({ min: 0, max: 1, step: 0.5, distribution: "normal" })).toEqual({
      type: "double",
      min: 0,
      max: 1,
      step: 0.5,
      distribution: "normal",
    });
    expect(intSpace({ min: 1, max: 9 })).toEqual({ type: "int", min: 1, max: 9 });
    expect(discreteSpace([0.5, 64])).toEqual({ type: "discrete", values: ["0.5", "64"] });
    expect(categoricalSpace(["sgd"])).toEqual({ type: "categorical", values: ["sgd"] });
  });
});
