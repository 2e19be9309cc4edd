import { describe, expect, it } from "vitest";
import { type ModelLoopArgs, validateModelLoop } from "../../../../components/workloads/loop";
import { minimalLoop, trainingJob } from "./arguments";

describe("a refusal", () => {
  const reasons = (args: ModelLoopArgs) => validateModelLoop("churn", args).map(({ reason }) => reason);

  it("names the argument, not what is made of it", () => {
    expect(reasons({ ...minimalLoop, canary: { trafficPercent: 101 } })[0]).toBe(
      "canary.trafficPercent is 101; allowed: a whole number from 0 to 100. Set canary.trafficPercent within that range.",
    );
    expect(reasons({ ...minimalLoop, train: { image: "ghcr.io/acme/churn:1.4.0" } })).toEqual([
      "train.command is missing; allowed: a program. Name the program to run; Argo would look it up in the image's " +
        "registry, which it may not read.",
    ]);
  });

  it("tells what is measured where the gate asks for something else", () => {
    expect(reasons({ ...minimalLoop, gate: { metric: "f1", atLeast: 1 } })).toContain(
      'gate.metric is "f1"; allowed: one of evaluate.metrics, auc. Name one of these, or have it measured.',
    );
  });

  it("tells what a workload must be told", () => {
    expect(
      reasons({ ...minimalLoop, train: { manifest: trainingJob }, parameters: { rate: "1", depth: "3" } }),
    ).toContain(
      "train.manifest is without {{inputs.parameters.depth}}; allowed: a manifest with it in a text. " +
        "Set it in an environment variable or argument of the manifest.",
    );
  });

  it("tells who says what a part cannot", () => {
    const serve = { ...minimalLoop.serve, storageUri: "s3://models/churn/7" };
    expect(reasons({ ...minimalLoop, serve })).toEqual([
      "serve.storageUri is given; allowed: nothing in a loop. Each run serves the model that it has trained; say with " +
        "modelStore where models are put.",
    ]);
  });
});
