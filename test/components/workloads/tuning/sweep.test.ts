import { setTimeout } from "node:timers/promises";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { gpuJobManifest, gpuPoolShape } from "../../../../components";
import { doubleSpace, Sweep, type SweepArgs, sweepTrial } from "../../../../components/workloads/tuning";
import { sweepAdvice } from "../../../../components/workloads/tuning/sweep-advice";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/acme/mnist:1.4.0";
const command = ["python", "-m", "train"];
const parameters = { lr: doubleSpace({ min: 0.001, max: 0.1 }) };

function sweep(gpus = 1, args: Partial<SweepArgs> = {}): SweepArgs {
  const trial = sweepTrial(parameters, ({ lr }) => gpuJobManifest("trial", { image, command, args: [lr], gpus }));
  return { parameters, trial, objective: { metric: "accuracy", direction: "maximize" }, ...args };
}

/** What would end a program: rejections that nobody handles. */
async function failuresOf(program: () => Promise<void>): Promise<unknown[]> {
  const failures: unknown[] = [];
  const listeners = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (failure) => failures.push(failure));
  try {
    await program();
    await setTimeout(50);
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of listeners) process.on("unhandledRejection", listener);
  }
  return failures;
}

describe("Sweep", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks();
  });

  it("creates one Experiment, and begins a new one with each change", async () => {
    const { objectName, namespace } = new Sweep("lr", sweep(1, { namespace: "ml" }));
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:Sweep lr",
      "kubernetes:kubeflow.org/v1beta1:Experiment lr-experiment < lr",
    ]);
    expect(await program.resource("lr-experiment")).toMatchObject({
      replaceOnChanges: ["spec"],
      deleteBeforeReplace: true,
    });
    expect(await valueOf(objectName)).toBe("lr");
    expect(await valueOf(namespace)).toBe("ml");
  });

  it("leaves one that goes on where it is", async () => {
    new Sweep("lr", sweep(1, { resumePolicy: "LongRunning" }));
    expect(await program.resource("lr-experiment")).toMatchObject({ replaceOnChanges: [], deleteBeforeReplace: false });
  });

  it("is waited for where that is asked for", async () => {
    new Sweep("lr", sweep(1, { waitForCompletion: true, waitSeconds: 600 }));
    new Sweep("other", sweep());
    const [waited, left] = await Promise.all(["lr-experiment", "other-experiment"].map(program.resource));
    expect(waited?.createTimeout).toBe("600s");
    expect(waited?.inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/waitFor": "condition=Succeeded" } });
    expect(left?.inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
  });

  it("tells its advice in the log", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    new Sweep(
      "lr",
      sweep(4, {
        objectName: "learning-rate",
        pools: [gpuPoolShape("train", { instanceType: "g5.12xlarge", maxNodes: 2 })],
      }),
    );
    await program.resources();
    expect(warn.mock.calls.map(([message]) => message)).toEqual([
      "[SIZE-02] Sweep lr: parallelTrials is 3 trials with 4 GPUs each; allowed: 8 GPUs, all that the pools can have. " +
        "Set parallelTrials to 2, or raise maxNodes of a pool.",
    ]);
    warn.mockRestore();
  });

  it("waits for a trial that only the engine knows, and registers what it then is", async () => {
    const args = [pulumi.output("--lr=${trialParameters.lr}")];
    new Sweep("lr", sweep(1, { trial: gpuJobManifest("trial", { image, command, args }) }));
    const { spec } = await program.inputsOf("lr-experiment");
    expect(spec).toMatchObject({
      trialTemplate: {
        trialParameters: [{ name: "lr" }, { name: "trialName" }],
        trialSpec: { spec: { template: { spec: { containers: [{ args: ["--lr=${trialParameters.lr}"] }] } } } },
      },
    });
  });

  it("leaves such a trial unchecked in a preview, in which it is not known", async () => {
    program = await startMocks({ preview: true });
    const { id } = new k8s.core.v1.ConfigMap("data");
    const args = [id.apply(() => "--lr=0.1")];
    new Sweep("lr", sweep(1, { trial: gpuJobManifest("trial", { image, command, args }) }));
    expect((await program.resource("lr-experiment")).name).toBe("lr-experiment");
  });

  it.each<[problem: string, word: string, reason: string]>([
    [
      "too few parameters",
      "--lr=0.1",
      'parameters["lr"] is used nowhere; allowed: ${trialParameters.lr} in the trial. Use it, or remove it.',
    ],
    [
      "too many",
      "${trialParameters.lr} ${trialParameters.momentum}",
      'trial is "${trialParameters.momentum}"; allowed: ${trialParameters.lr}, ${trialParameters.trialName}, ' +
        "${trialParameters.trialNamespace}. Declare or respell the parameter.",
    ],
  ])("fails the update where such a trial has %s, and registers nothing", async (_problem, word, reason) => {
    const failures = await failuresOf(async () => {
      new Sweep("lr", sweep(1, { trial: gpuJobManifest("trial", { image, command, args: [pulumi.output(word)] }) }));
      expect(childList(await program.resources())).toEqual(["mlstack:index:Sweep lr"]);
    });
    expect(failures).not.toEqual([]);
    for (const failure of failures) {
      expect((failure as pulumi.InputPropertiesError).errors).toMatchObject([{ reason }]);
    }
  });

  it("collects every problem and registers nothing", async () => {
    const { message } = problemsOf(() => new Sweep("lr", sweep(1, { maxTrials: 0, algorithm: "random", trial: {} })));
    expect(message).toBe('Sweep "lr": 2 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });
});

describe("the advice for a sweep", () => {
  const pools = [gpuPoolShape("train", { instanceType: "g5.12xlarge", maxNodes: 2 })];
  const rulesOf = (args: SweepArgs) => sweepAdvice("Sweep lr", args).map(({ rule, severity }) => `${rule} ${severity}`);

  it.each<[string, SweepArgs, string[]]>([
    ["is nothing where trials fit", sweep(2, { pools }), []],
    ["is nothing where pools are not known", sweep(8), []],
    ["is nothing where fewer trials run at a time", sweep(4, { pools, parallelTrials: 2 }), []],
    ["is to run fewer at a time", sweep(4, { pools }), ["SIZE-02 low"]],
    ["is urgent where none would ever start", sweep(8, { pools: [{ ...pools[0]!, maxNodes: 1 }] }), ["SIZE-02 high"]],
    [
      "is to write down a command that Katib would have to look for",
      sweep(1, { trial: gpuJobManifest("t", { image }) }),
      ["SWEEP-02 low"],
    ],
    [
      "is to let Katib run kinds that it does not by itself",
      sweep(1, { trial: { apiVersion: "example.com/v1", kind: "Task" } }),
      ["SWEEP-01 low"],
    ],
    [
      "is nothing about the command of a Workflow, which Argo looks for itself",
      sweep(1, {
        trial: {
          apiVersion: "argoproj.io/v1alpha1",
          kind: "Workflow",
          spec: {
            templates: [
              { metadata: { labels: { "katib.kubeflow.org/model-training": "true" } }, container: { args: ["x"] } },
            ],
          },
        },
      }),
      ["SWEEP-01 low"],
    ],
  ])("%s", (_case, args, rules) => {
    expect(rulesOf(args)).toEqual(rules);
  });
});
