import { describe, expect, it } from "vitest";
import { processesPerPod } from "../../../../policies/gpu-ml/pods/processes-per-pod";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

function template(gpus: unknown, others: object[] = []): object {
  const resources = { limits: { "nvidia.com/gpu": gpus } };
  return { spec: { containers: [{ name: "node", image: "a:1", resources }, ...others] } };
}

function object(apiVersion: string, kind: string, spec: unknown): TestResource {
  const props = { apiVersion, kind, metadata: { name: "chat", namespace: "ml" }, spec };
  return { type: `kubernetes:${apiVersion}:${kind}`, props };
}

function mpiJob(slotsPerWorker: unknown, workerGpus: unknown = 8, launcherGpus: unknown = 0, others: object[] = []) {
  const Worker = { replicas: 2, template: template(workerGpus, others) };
  const mpiReplicaSpecs = { Launcher: { template: template(launcherGpus) }, Worker };
  return object("kubeflow.org/v2beta1", "MPIJob", { slotsPerWorker, mpiReplicaSpecs });
}

function pyTorchJob(fields: object, gpus: unknown = 8, master: unknown = gpus): TestResource {
  const pytorchReplicaSpecs = { Master: { template: template(master) }, Worker: { template: template(gpus) } };
  return object("kubeflow.org/v1", "PyTorchJob", { ...fields, pytorchReplicaSpecs });
}

function trainJob(numProcPerNode: unknown, gpus: unknown = 8): TestResource {
  const trainer = { numProcPerNode, resourcesPerNode: { limits: { "nvidia.com/gpu": gpus } } };
  return object("trainer.kubeflow.org/v1alpha1", "TrainJob", { runtimeRef: { name: "torch" }, trainer });
}

function runtime(mlPolicy: object, kind = "ClusterTrainingRuntime", name = "node"): TestResource {
  const replicatedJobs = [{ name, template: { spec: { template: template(8) } } }];
  return object("trainer.kubeflow.org/v1alpha1", kind, { mlPolicy, template: { spec: { replicatedJobs } } });
}

function experiment({ props }: TestResource): TestResource {
  return object("kubeflow.org/v1beta1", "Experiment", { trialTemplate: { trialSpec: props } });
}

function found(where: string, observed: string, allowed: string): string {
  return (
    `mandatory [GPU-16] ${where} is ${observed}; allowed: ${allowed} has so many GPUs. ` +
    "Make the number of processes and the GPUs in limits equal."
  );
}

describe("GPU-16 processes of each pod", () => {
  it.each<[string, TestResource]>([
    ["as many slots as GPUs", mpiJob(8)],
    ["one slot by default", mpiJob(undefined, 1)],
    ["workers without GPUs", mpiJob(4, 0)],
    ["a launcher with other GPUs", mpiJob(8, 8, 1)],
    ["slots that are no number", mpiJob(true)],
    ["slots that are a list", mpiJob(["4"])],
    ["as many processes as GPUs", pyTorchJob({ nprocPerNode: "8" })],
    ["a word that stands for what fits", pyTorchJob({ nprocPerNode: "auto" })],
    ["no number of processes", pyTorchJob({})],
    ["a job without GPUs", pyTorchJob({ nprocPerNode: "4" }, 0)],
    ["as many processes as GPUs of a node", trainJob(8)],
    ["a node that says nothing of processes", trainJob(undefined)],
    ["a runtime with as many processes as GPUs", runtime({ mpi: { numProcPerNode: 8 } })],
    ["a runtime whose other jobs have GPUs", runtime({ mpi: { numProcPerNode: 1 } }, "TrainingRuntime", "initializer")],
    [
      "a kind that only looks alike",
      object("acme.example/v1", "MPIJob", {
        slotsPerWorker: 1,
        mpiReplicaSpecs: { Worker: { template: template(8) } },
      }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([processesPerPod], resource)).toEqual([]);
  });

  it.each<[string, TestResource, string[]]>([
    ["fewer slots than GPUs", mpiJob(4), [found("MPIJob ml/chat: spec.slotsPerWorker", "4", "8, as each Worker")]],
    ["more slots than GPUs", mpiJob(16), [found("MPIJob ml/chat: spec.slotsPerWorker", "16", "8, as each Worker")]],
    [
      "one slot by default",
      mpiJob(undefined),
      [found("MPIJob ml/chat: spec.slotsPerWorker", "absent, which stands for 1", "8, as each Worker")],
    ],
    [
      "null for one slot",
      mpiJob(null),
      [found("MPIJob ml/chat: spec.slotsPerWorker", "absent, which stands for 1", "8, as each Worker")],
    ],
    [
      "other processes than GPUs, by role",
      pyTorchJob({ nprocPerNode: "4" }, 8, 4),
      [found("PyTorchJob ml/chat: spec.nprocPerNode", '"4"', "8, as each Worker")],
    ],
    [
      "other processes of elastic workers",
      pyTorchJob({ elasticPolicy: { nProcPerNode: 4 } }, 8, 4),
      [found("PyTorchJob ml/chat: spec.elasticPolicy.nProcPerNode", "4", "8, as each Worker")],
    ],
    [
      "other processes of a node",
      trainJob(4),
      [found("TrainJob ml/chat: spec.trainer.numProcPerNode", "4", "8, as each node")],
    ],
    [
      "other processes of a runtime",
      runtime({ mpi: { numProcPerNode: 1 } }),
      [found("ClusterTrainingRuntime ml/chat: spec.mlPolicy.mpi.numProcPerNode", "1", "8, as each node")],
    ],
    [
      "other processes of a runtime of one namespace",
      runtime({ torch: { numProcPerNode: "4" } }, "TrainingRuntime"),
      [found("TrainingRuntime ml/chat: spec.mlPolicy.torch.numProcPerNode", '"4"', "8, as each node")],
    ],
    [
      "other processes in the trials of an experiment",
      experiment(mpiJob(4)),
      [found("Experiment ml/chat: spec.trialTemplate.trialSpec.spec.slotsPerWorker", "4", "8, as each Worker")],
    ],
  ])("refuses %s", (_case, resource, messages) => {
    expect(lines(analyze([processesPerPod], resource))).toEqual(messages);
  });

  it("adds up the GPUs of the containers that run side by side, and leaves out the others", () => {
    const container = { name: "node", resources: { limits: { "nvidia.com/gpu": 4 } } };
    const spec = { containers: [container, container], initContainers: [container] };
    const Worker = { replicas: 2, template: { spec } };

    expect(
      analyze(
        [processesPerPod],
        object("kubeflow.org/v2beta1", "MPIJob", { slotsPerWorker: 8, mpiReplicaSpecs: { Worker } }),
      ),
    ).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["the slots", mpiJob(UNKNOWN_STRING), "spec.slotsPerWorker"],
    [
      "the GPUs",
      mpiJob(4, UNKNOWN_STRING),
      'spec.mpiReplicaSpecs.Worker.template.spec.containers[0].resources.limits["nvidia.com/gpu"]',
    ],
    [
      "how many GPUs there are beside those known",
      mpiJob(4, 1, 0, [{ name: "b", resources: { limits: { "nvidia.com/gpu": UNKNOWN_STRING } } }]),
      'spec.mpiReplicaSpecs.Worker.template.spec.containers[1].resources.limits["nvidia.com/gpu"]',
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    const kind = String((resource.props as { kind: unknown }).kind);

    expect(lines(analyze([processesPerPod], resource))).toEqual([
      `advisory [GPU-16] ${kind} ml/chat: ${path} is not known yet; allowed: a value that keeps "Training jobs start one ` +
        'process for each GPU of a pod". It is judged at update, before the object is created.',
    ]);
  });

  it.each([
    [
      "what Katib fills in",
      experiment(mpiJob("${trialParameters.slots}")),
      "spec.trialTemplate.trialSpec.spec.slotsPerWorker",
    ],
    ["what Argo fills in", mpiJob("{{inputs.parameters.slots}}"), "spec.slotsPerWorker"],
  ])("tells that no policy will ever see %s", (_case, resource, path) => {
    const kind = String((resource.props as { kind: unknown }).kind);

    expect(lines(analyze([processesPerPod], resource))).toEqual([
      `advisory [GPU-16] ${kind} ml/chat: ${path} is not known yet; allowed: a value that keeps "Training jobs start one ` +
        'process for each GPU of a pod". It is filled in when the work runs, where no policy sees it; write it out for it ' +
        "to be judged.",
    ]);
  });
});
