import { describe, expect, it } from "vitest";
import { edited } from "../../../../policies/engine/edit";
import { judgementsOf } from "../../judgements";
import { Subject } from "../../../../policies/engine/subject";
import { gangAdmission } from "../../../../policies/gpu-ml/stack/gang-admission";
import type { TreeObject } from "../../../../components/model";
import { UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";
import { container, localQueue, object, pyTorchJob, queued, said, undecidedAt } from "./resources";

const LABEL = 'metadata.labels["kueue.x-k8s.io/queue-name"]';

function refusal(remedy: string, pods = 3, title = "PyTorchJob ml/bert", path = LABEL): string {
  return (
    `advisory [GPU-14] ${title}: ${path} is absent, although ${pods} pods with GPUs need each other; ` +
    `allowed: the name of a LocalQueue, or a scheduler that starts them together. ${remedy}`
  );
}

const NAME_ONE = "Name a queue of the namespace.";

function trainJob(spec: object = {}, metadata: object = {}): TestResource {
  const trainer = { numNodes: 3, resourcesPerNode: { limits: { "nvidia.com/gpu": 1 } } };
  return object(
    "trainer.kubeflow.org/v1alpha1",
    "TrainJob",
    "bert",
    { spec: { runtimeRef: { name: "torch" }, trainer, ...spec } },
    metadata,
  );
}

/** A TrainJob that says itself which scheduler its pods have, so that only the runtime's policy is open. */
function runtime(kind: string, policy?: unknown, name: unknown = "torch"): TestResource {
  const node = {
    name: "node",
    template: {
      metadata: { labels: { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" } },
      spec: { template: { spec: { containers: [{ name: "node" }] } } },
    },
  };
  const spec = { podGroupPolicy: policy, template: { spec: { replicatedJobs: [node] } } };
  return object("trainer.kubeflow.org/v1alpha1", kind, "torch", { spec }, { name });
}

function job(spec: object = {}, podSpec: object = {}, metadata: object = {}): TestResource {
  const template = { spec: { containers: [container(1)], subdomain: "bert", ...podSpec } };
  return object(
    "batch/v1",
    "Job",
    "bert",
    { spec: { parallelism: 3, completions: 3, completionMode: "Indexed", template, ...spec } },
    metadata,
  );
}

describe("GPU-14 admission of gangs", () => {
  it.each<[string, TestResource[]]>([
    ["a job in a queue", [pyTorchJob(3, 1, {}, queued("research"))]],
    ["a job in a queue whose name is not known yet", [pyTorchJob(3, 1, {}, queued(UNKNOWN_STRING))]],
    ["a single pod with GPUs", [pyTorchJob(1, 8)]],
    ["pods without GPUs", [pyTorchJob(3, undefined)]],
    ["a job without pods", [pyTorchJob(0, 1)]],
    ["independent pods of a Job", [job({ completionMode: "NonIndexed" })]],
    ["numbered pods that do not find each other", [job({}, { subdomain: undefined })]],
    ["a scheduler of its own", [pyTorchJob(3, 1, { schedulerName: "volcano" })]],
    [
      "a policy of the operator",
      [
        object("kubeflow.org/v1", "PyTorchJob", "bert", {
          spec: {
            runPolicy: { schedulingPolicy: {} },
            pytorchReplicaSpecs: { Worker: { replicas: 3, template: { spec: { containers: [container(1)] } } } },
          },
        }),
      ],
    ],
    ["a namespace with a default queue", [localQueue("default", "research"), pyTorchJob(3, 1)]],
    [
      "a Workload of Kueue",
      [
        object("kueue.x-k8s.io/v1beta2", "Workload", "w", {
          spec: { podSets: [{ name: "a", count: 3, template: { spec: { containers: [container(1)] } } }] },
        }),
      ],
    ],
    [
      "a job of Volcano",
      [
        object("batch.volcano.sh/v1alpha1", "Job", "w", {
          spec: { tasks: [{ name: "a", replicas: 3, template: { spec: { containers: [container(1)] } } }] },
        }),
      ],
    ],
    [
      "a model on several nodes",
      [
        object("serving.kserve.io/v1beta1", "InferenceService", "w", {
          spec: {
            predictor: {
              containers: [container(1)],
              workerSpec: { pipelineParallelSize: 3, containers: [container(1)] },
            },
          },
        }),
      ],
    ],
    [
      "what a workflow creates, which has labels of its own",
      [
        object("argoproj.io/v1alpha1", "Workflow", "w", {
          spec: {
            entrypoint: "a",
            templates: [
              { name: "a", resource: { action: "create", manifest: JSON.stringify(pyTorchJob(3, 1).props) } },
            ],
          },
        }),
      ],
    ],
    [
      "a CronJob whose jobs are in a queue",
      [
        object("batch/v1", "CronJob", "bert", {
          spec: { jobTemplate: { metadata: queued("research"), spec: (job().props as { spec: object }).spec } },
        }),
      ],
    ],
    [
      "an experiment whose trials are in a queue",
      [
        object("kubeflow.org/v1beta1", "Experiment", "tune", {
          spec: { trialTemplate: { trialSpec: { ...pyTorchJob(3, 1).props, metadata: queued("research") } } },
        }),
      ],
    ],
    [
      "a group of pods of the runtime of all namespaces",
      [runtime("ClusterTrainingRuntime", { coscheduling: {} }), trainJob()],
    ],
    [
      "a group of pods of a runtime of the namespace",
      [
        runtime("TrainingRuntime", { volcano: {} }),
        trainJob({ runtimeRef: { name: "torch", kind: "TrainingRuntime" } }),
      ],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(said(gangAdmission, resources)).toEqual([]);
  });

  it.each([
    "scheduling.x-k8s.io/pod-group",
    "pod-group.scheduling.sigs.k8s.io",
    "scheduling.k8s.io/group-name",
    "ray.io/scheduler-name",
    "yunikorn.apache.org/task-group-name",
  ])("accepts pods in a group by label or annotation %s", (key) => {
    for (const field of ["labels", "annotations"]) {
      const template = { metadata: { [field]: { [key]: "bert" } }, spec: { containers: [container(1)] } };
      const grouped = object("kubeflow.org/v1", "PyTorchJob", "bert", {
        spec: { pytorchReplicaSpecs: { Worker: { replicas: 3, template } } },
      });

      expect(said(gangAdmission, [grouped])).toEqual([]);
    }
  });

  it("accepts a Spark application of a batch scheduler", () => {
    const gpu = { name: "nvidia.com/gpu", quantity: 1 };
    const spark = (spec: object) =>
      object("sparkoperator.k8s.io/v1beta2", "SparkApplication", "etl", {
        spec: { driver: {}, executor: { instances: 3, gpu }, ...spec },
      });

    expect(said(gangAdmission, [spark({ batchScheduler: "volcano" })])).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["a job in no queue", [pyTorchJob(3, 1)], refusal(NAME_ONE)],
    [
      "the default scheduler by its name",
      [pyTorchJob(3, 1, { schedulerName: "default-scheduler" })],
      refusal(NAME_ONE),
    ],
    [
      "null for a policy of the operator",
      [
        object("kubeflow.org/v1", "PyTorchJob", "bert", {
          spec: {
            runPolicy: { schedulingPolicy: null },
            pytorchReplicaSpecs: { Worker: { replicas: 3, template: { spec: { containers: [container(1)] } } } },
          },
        }),
      ],
      refusal(NAME_ONE),
    ],
    [
      "a default queue of another namespace",
      [object("kueue.x-k8s.io/v1beta2", "LocalQueue", "default", {}, { namespace: "other" }), pyTorchJob(3, 1)],
      refusal(NAME_ONE),
    ],
    [
      "a job where there is one queue",
      [localQueue("research", "research"), pyTorchJob(3, 1)],
      refusal("Set it to research."),
    ],
    [
      "a job where there are several queues",
      [localQueue("research", "research"), localQueue("product", "product"), pyTorchJob(3, 1)],
      refusal(NAME_ONE),
    ],
    ["two pods", [pyTorchJob(2, 1)], refusal(NAME_ONE, 2)],
    ["workers of a Job that find each other", [job()], refusal(NAME_ONE, 3, "Job ml/bert")],
    [
      "a runtime without a group of pods",
      [
        runtime("ClusterTrainingRuntime"),
        trainJob({
          runtimePatches: [
            {
              trainingRuntimeSpec: {
                template: {
                  spec: {
                    replicatedJobs: [
                      {
                        name: "node",
                        template: { spec: { template: { spec: { schedulerName: "default-scheduler" } } } },
                      },
                    ],
                  },
                },
              },
            },
          ],
        }),
      ],
      refusal(NAME_ONE, 3, "TrainJob ml/bert"),
    ],
  ])("advises against %s", (_case, resources, message) => {
    expect(said(gangAdmission, resources)).toEqual([message]);
  });

  it("counts only pods that ask for GPUs", () => {
    const workers = { replicas: 2, template: { spec: { containers: [container(1)] } } };
    const mpi = (replicas: number) =>
      object("kubeflow.org/v2beta1", "MPIJob", "bert", {
        spec: {
          mpiReplicaSpecs: {
            Launcher: { template: { spec: { containers: [container()] } } },
            Worker: { ...workers, replicas },
          },
        },
      });

    expect(said(gangAdmission, [mpi(1)])).toEqual([]);
    expect(said(gangAdmission, [mpi(2)])).toEqual([refusal(NAME_ONE, 2, "MPIJob ml/bert")]);
  });

  it("labels the job with the only queue of its namespace", () => {
    const resources = [
      localQueue("research", "research"),
      object("kueue.x-k8s.io/v1beta2", "LocalQueue", "x", {}, { namespace: "other" }),
      pyTorchJob(3, 1),
    ];
    const subjects = resources.map(
      (one) => new Subject({ type: one.type, name: one.name ?? "", urn: urnOf(one), props: one.props }),
    );
    const [[, judgement] = []] = judgementsOf(gangAdmission, subjects, {});
    const fix = judgement !== undefined && "fix" in judgement ? judgement.fix : undefined;

    expect(fix).toEqual([{ path: LABEL, value: "research" }]);
    expect(edited(pyTorchJob(3, 1).props as TreeObject, fix ?? [])).toMatchObject({ metadata: queued("research") });
  });

  it("offers no fix where the name of the queue is not known", () => {
    const unnamed = object("kueue.x-k8s.io/v1beta2", "LocalQueue", "x", {}, { name: undefined });

    expect(said(gangAdmission, [unnamed, pyTorchJob(3, 1)])).toEqual([
      undecidedAt(gangAdmission, "PyTorchJob ml/bert", LABEL),
    ]);
  });

  it.each<[string, TestResource[], string?, string?]>([
    ["the labels", [pyTorchJob(3, 1, {}, { labels: UNKNOWN_STRING })]],
    ["the scheduler", [pyTorchJob(3, 1, { schedulerName: UNKNOWN_STRING })]],
    [
      "the policy of the operator",
      [
        object("kubeflow.org/v1", "PyTorchJob", "bert", {
          spec: {
            runPolicy: UNKNOWN_STRING,
            pytorchReplicaSpecs: { Worker: { replicas: 3, template: { spec: { containers: [container(1)] } } } },
          },
        }),
      ],
    ],
    ["the replicas", [pyTorchJob(UNKNOWN_STRING, 1)], "spec.pytorchReplicaSpecs.Worker.template"],
    [
      "the GPUs",
      [pyTorchJob(3, UNKNOWN_STRING)],
      'spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].resources.limits["nvidia.com/gpu"]',
    ],
  ])("cannot decide without knowing %s", (_case, resources, path = LABEL) => {
    expect(said(gangAdmission, resources)).toEqual([undecidedAt(gangAdmission, "PyTorchJob ml/bert", path)]);
  });

  it("says nothing of a TrainJob whose runtime is not in the stack, as nobody here will ever know it", () => {
    expect(said(gangAdmission, [trainJob()])).toEqual([]);
    expect(said(gangAdmission, [runtime("ClusterTrainingRuntime", undefined, UNKNOWN_STRING), trainJob()])).toEqual([]);
  });
});
