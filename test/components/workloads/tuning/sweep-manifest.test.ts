import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { batchJobManifest, gpuJobManifest } from "../../../../components/workloads";
import { sparkJobManifest } from "../../../../components/workloads/spark";
import {
  doubleSpace,
  intSpace,
  type SweepArgs,
  sweepManifest,
  sweepTrial,
} from "../../../../components/workloads/tuning";
import { mpiJobManifest, pyTorchJobManifest, trainJobManifest } from "../../../../components/workloads/training";

const image = "ghcr.io/acme/mnist:1.4.0";
const command = ["python", "-m", "train"];
const parameters = { lr: doubleSpace({ min: 1e-7, max: 0.1 }) };
const objective = { metric: "accuracy", direction: "maximize" } as const;

type Trial = (parameters: { lr: string }) => object;

interface TrialTemplate {
  primaryContainerName: string;
  primaryPodLabels?: Record<string, string>;
  successCondition: string;
  failureCondition: string;
  trialParameters: { name: string; reference: string }[];
  trialSpec: { metadata: object; spec: object };
}

function templateOf(trial: Trial, args: Partial<SweepArgs> = {}): TrialTemplate {
  const sweep = { parameters, objective, trial: sweepTrial(parameters, trial), ...args };
  return (sweepManifest("lr", sweep).spec as { trialTemplate: TrialTemplate }).trialTemplate;
}

const job: Trial = ({ lr }) => batchJobManifest("trial", { image, command, args: [`--lr=${lr}`], parallelism: 2 });
const status = (type: string) => `status.conditions.#(type=="${type}")#|#(status=="True")#`;

describe("what Katib is told of a trial", () => {
  it.each<
    [kind: string, trial: Trial, container: string, labels: object | undefined, success: string, failure: string]
  >([
    [
      "Job",
      ({ lr }) => gpuJobManifest("trial", { image, command, args: [lr] }),
      "main",
      undefined,
      status("Complete"),
      status("Failed"),
    ],
    [
      "Job with several pods, of which the first counts",
      job,
      "main",
      { "batch.kubernetes.io/job-completion-index": "0" },
      status("Complete"),
      status("Failed"),
    ],
    [
      "TrainJob",
      ({ lr }) => trainJobManifest("trial", { image, command, args: [lr], runtime: "torch-distributed" }),
      "node",
      { "jobset.sigs.k8s.io/replicatedjob-name": "node", "batch.kubernetes.io/job-completion-index": "0" },
      status("Complete"),
      status("Failed"),
    ],
    [
      "PyTorchJob",
      ({ lr }) => pyTorchJobManifest("trial", { image, command, args: [lr], nodes: 2 }),
      "pytorch",
      { "training.kubeflow.org/job-role": "master" },
      status("Succeeded"),
      status("Failed"),
    ],
    [
      "MPIJob, whose launcher counts",
      ({ lr }) => mpiJobManifest("trial", { image, command, args: [lr], workers: { replicas: 2 } }),
      "main",
      { "training.kubeflow.org/job-role": "launcher" },
      status("Succeeded"),
      status("Failed"),
    ],
    [
      "SparkApplication",
      ({ lr }) => sparkJobManifest("trial", { image, sparkVersion: "4.0.1", mainFile: "local:///a.py", args: [lr] }),
      "spark-kubernetes-driver",
      { "spark-role": "driver" },
      'status.[@this].#(applicationState.state=="COMPLETED")#',
      'status.[@this].#(applicationState.state=="FAILED")#',
    ],
    [
      "Workflow",
      () => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", spec: {} }),
      "main",
      { "katib.kubeflow.org/model-training": "true" },
      'status.[@this].#(phase=="Succeeded")#',
      'status.[@this].#(phase=="Failed")#',
    ],
  ])("follows from its kind: a %s", (_kind, trial, container, labels, success, failure) => {
    const { primaryContainerName, primaryPodLabels, successCondition, failureCondition } = templateOf(trial);
    expect({ primaryContainerName, primaryPodLabels, successCondition, failureCondition }).toEqual({
      primaryContainerName: container,
      primaryPodLabels: labels,
      successCondition: success,
      failureCondition: failure,
    });
  });

  it("is its author's where the author says it", () => {
    const own = { primaryContainer: "x", primaryPodLabels: { a: "b" }, successCondition: "s", failureCondition: "f" };
    expect(templateOf(job, own)).toMatchObject({
      primaryContainerName: "x",
      primaryPodLabels: { a: "b" },
      successCondition: "s",
      failureCondition: "f",
    });
  });
});

describe("a trial", () => {
  const trial: Trial = ({ lr }) =>
    gpuJobManifest("trial", {
      image,
      namespace: "ml",
      command,
      args: [lr],
      queue: "research",
      labels: { team: "vision" },
    });

  it("has neither name nor namespace, which Katib gives, and waits in its queue", () => {
    expect(templateOf(trial).trialSpec.metadata).toEqual({
      labels: {
        team: "vision",
        "app.kubernetes.io/name": "${trialParameters.trialName}",
        "kueue.x-k8s.io/queue-name": "research",
      },
    });
  });

  it("has no status, where it was read from a cluster", () => {
    expect(templateOf((p) => ({ ...trial(p), status: { succeeded: 1 } })).trialSpec).not.toHaveProperty("status");
  });

  it("keeps its pods close to each other, and not to those of other trials", () => {
    const spread = templateOf(({ lr }) =>
      pyTorchJobManifest("trial", {
        image,
        command,
        args: [lr],
        nodes: 2,
        topology: { level: "zone", required: true },
      }),
    );
    expect(JSON.stringify(spread.trialSpec)).toContain(
      '{"labelSelector":{"matchLabels":{"app.kubernetes.io/name":"${trialParameters.trialName}"}}',
    );
    expect(spread.trialParameters).toEqual([
      { name: "lr", reference: "lr" },
      { name: "trialName", reference: "${trialSpec.Name}" },
    ]);
  });

  it("that is a Job is spelled as Katib spells Jobs itself, as it refuses all others", () => {
    const { trialSpec } = templateOf(({ lr }) =>
      gpuJobManifest("trial", {
        image,
        command,
        args: [lr],
        env: { EMPTY: "" },
        sharedMemory: "1.5Gi",
        tolerations: [{ key: "a", value: "" }],
        volumes: [{ name: "v", mountPath: "/v", scratch: { sizeLimit: "2048Mi" } }],
      }),
    );
    expect(trialSpec.spec).toMatchObject({
      template: {
        spec: {
          containers: [{ env: [{ name: "EMPTY" }] }],
          tolerations: [{}, { key: "a", operator: "Equal" }],
          volumes: [{ emptyDir: { sizeLimit: "1536Mi" } }, { emptyDir: { sizeLimit: "2Gi" } }],
        },
      },
    });
    expect(JSON.stringify(trialSpec)).not.toContain('"value":""');
  });

  it("may hold what only the engine will know", () => {
    const unknown = pulumi.output("x");
    const { trialSpec } = templateOf(({ lr }) => batchJobManifest("trial", { image: unknown, command, args: [lr] }));
    const [container] = (trialSpec.spec as { template: { spec: { containers: { image: unknown }[] } } }).template.spec
      .containers;
    expect(container?.image).toBe(unknown);
  });
});

describe("numbers of trials", () => {
  const countsOf = (args: Partial<SweepArgs>) => {
    const { maxTrialCount, parallelTrialCount, maxFailedTrialCount } = sweepManifest("lr", {
      parameters,
      objective,
      trial: {},
      ...args,
    }).spec as Record<string, number>;
    return [maxTrialCount, parallelTrialCount, maxFailedTrialCount];
  };

  it.each<[string, Partial<SweepArgs>, number[]]>([
    ["are bounded", {}, [12, 3, 3]],
    ["are no more than there are trials", { maxTrials: 2 }, [2, 2, 2]],
    [
      "are no more than there are combinations",
      { algorithm: "grid", parameters: { a: intSpace({ min: 1, max: 5 }) } },
      [5, 3, 3],
    ],
    [
      "count the steps between two bounds, whatever their sum is rounded to",
      {
        algorithm: "grid",
        parameters: { a: doubleSpace({ min: 0.1, max: 0.3, step: 0.1 }), b: intSpace({ min: 0, max: 5, step: 2 }) },
      },
      [9, 3, 3],
    ],
  ])("%s", (_case, args, counts) => {
    expect(countsOf(args)).toEqual(counts);
  });
});
