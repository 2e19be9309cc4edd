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
import {
  mpiJobManifest,
  mxNetJobManifest,
  pyTorchJobManifest,
  tensorFlowJobManifest,
  trainJobManifest,
} from "../../../../components/workloads/training";
import { valueOf } from "../../../support/mocks";

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
      "JobSet, whose first worker counts",
      ({ lr }) => mxNetJobManifest("trial", { image, command, args: [lr], workers: { replicas: 2 } }),
      "main",
      {
        "jobset.sigs.k8s.io/replicatedjob-name": "worker",
        "jobset.sigs.k8s.io/job-index": "0",
        "batch.kubernetes.io/job-completion-index": "0",
      },
      'status.[@this].#(terminalState=="Completed")#',
      'status.[@this].#(terminalState=="Failed")#',
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

  it("that is a JobSet has its pods look for those of the same trial", () => {
    const { trialSpec, trialParameters } = templateOf(({ lr }) =>
      mxNetJobManifest("digits", { image, command, args: [lr], workers: {}, env: { HOME_PAGE: "digits-1.digits" } }),
    );
    const text = JSON.stringify(trialSpec);
    expect(text).toContain(
      '"DMLC_PS_ROOT_URI","value":"${trialParameters.trialName}-scheduler-0-0.${trialParameters.trialName}"',
    );
    expect(text).toContain('"value":"digits-1.digits"');
    expect(trialParameters).toContainEqual({ name: "trialName", reference: "${trialSpec.Name}" });
  });

  it.each<[kind: string, trial: (name: string) => object]>([
    ["TrainJob", (name) => trainJobManifest(name, { image, command, nodes: 2 })],
    ["PyTorchJob", (name) => pyTorchJobManifest(name, { image, command, nodes: 2 })],
    ["TFJob", (name) => tensorFlowJobManifest(name, { image, command, workers: { replicas: 2 } })],
    ["MPIJob", (name) => mpiJobManifest(name, { image, command, workers: { replicas: 2 } })],
    ["JobSet", (name) => mxNetJobManifest(name, { image, command, workers: { replicas: 2 } })],
  ])("that is a %s knows nothing of the name in its manifest", (_kind, trial) => {
    expect(JSON.stringify(templateOf(() => trial("digits")).trialSpec)).not.toContain("digits");
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

describe("the lineage of a sweep", () => {
  const lineage = { commit: "0123abc", data: "s3://lake/x" };
  const labels = { "mlstack.dev/git-commit": "0123abc" };
  const annotations = { "mlstack.dev/data": "s3://lake/x" };
  /** Labels and annotations at the paths of a trial. */
  const metadataOf = (trial: Trial, path: string) =>
    path.split(".").reduce((node: unknown, key) => (node as Record<string, unknown>)[key], {
      ...templateOf(trial, { lineage }).trialSpec,
    });

  it.each<[kind: string, path: string, trial: Trial]>([
    ["Job", "spec.template.metadata", job],
    [
      "TrainJob",
      "spec.runtimePatches.0.trainingRuntimeSpec.template.spec.replicatedJobs.0.template.spec.template.metadata",
      ({ lr }) => trainJobManifest("trial", { image, command, args: [lr] }),
    ],
    [
      "JobSet",
      "spec.replicatedJobs.2.template.spec.template.metadata",
      ({ lr }) => mxNetJobManifest("trial", { image, command, args: [lr], workers: {} }),
    ],
    [
      "PyTorchJob",
      "spec.pytorchReplicaSpecs.Worker.template.metadata",
      ({ lr }) => pyTorchJobManifest("trial", { image, command, args: [lr], nodes: 2 }),
    ],
    [
      "SparkApplication",
      "spec.executor",
      ({ lr }) => sparkJobManifest("trial", { image, sparkVersion: "4.0.1", mainFile: "local:///a.py", args: [lr] }),
    ],
    ["Workflow", "spec.podMetadata", () => ({ apiVersion: "argoproj.io/v1alpha1", kind: "Workflow", spec: {} })],
    [
      "pod template without metadata",
      "spec.template.metadata",
      () => ({ apiVersion: "example.com/v1", kind: "Task", spec: { template: { spec: { containers: [] } } } }),
    ],
  ])("is on the objects of its trials and on their pods: a %s", (_kind, path, trial) => {
    expect(metadataOf(trial, "metadata")).toMatchObject({ labels, annotations });
    expect(metadataOf(trial, path)).toMatchObject({ labels, annotations });
  });

  it("is nowhere else, such as in the templates of Jobs that have pod templates inside", () => {
    const trial: Trial = ({ lr }) => mxNetJobManifest("trial", { image, command, args: [lr], workers: {} });
    expect(metadataOf(trial, "spec.replicatedJobs.0.template")).not.toHaveProperty("metadata");
  });

  it("leaves what a trial says of its own", () => {
    const digest = `sha256:${"a".repeat(64)}`;
    const trial: Trial = ({ lr }) =>
      batchJobManifest("trial", {
        image: `${image}@${digest}`,
        command,
        args: [lr],
        lineage: { commit: "fedcba9" },
      });
    const expected = {
      labels: { "mlstack.dev/git-commit": "fedcba9" },
      annotations: { ...annotations, "mlstack.dev/image-digest": digest },
    };
    expect(metadataOf(trial, "metadata")).toMatchObject(expected);
    expect(metadataOf(trial, "spec.template.metadata")).toMatchObject(expected);
  });

  it("leaves what Argo labels runs with, and what only the engine will know", () => {
    const unknown = pulumi.output({ team: "vision" });
    const workflow: Trial = ({ lr }) => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { labels: unknown },
      spec: {
        arguments: { parameters: [{ name: "lr", value: lr }] },
        workflowMetadata: { labelsFrom: { "mlstack.dev/git-commit": { expression: "x" } } },
      },
    });
    expect(metadataOf(workflow, "metadata")).toEqual({ labels: unknown, annotations });
    expect(metadataOf(workflow, "spec.podMetadata")).toEqual({ annotations });
  });
});

describe("the labels of an Experiment", () => {
  it("are laid by Katib over those of pods, and so have no name by which pods of a trial find each other", () => {
    const sweep: SweepArgs = { parameters, objective, trial: {} };
    expect(sweepManifest("lr", { ...sweep, labels: { team: "vision" } }).metadata).toEqual({
      name: "lr",
      labels: { team: "vision" },
    });
    expect(sweepManifest("lr", sweep).metadata).toEqual({ name: "lr" });
  });
});

describe("the parameters of a trial that only the engine knows", () => {
  it("are found once it is known, and are no secret where something else in it is one", async () => {
    const args = [pulumi.secret("--lr=${trialParameters.lr}"), pulumi.output("--name=${trialParameters.trialName}")];
    const { trialParameters } = templateOf(() => batchJobManifest("trial", { image, command, args }));
    const output = trialParameters as unknown as pulumi.Output<object[]>;
    expect(await valueOf(output)).toEqual([
      { name: "lr", reference: "lr" },
      { name: "trialName", reference: "${trialSpec.Name}" },
    ]);
    expect(await pulumi.isSecret(output)).toBe(false);
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
