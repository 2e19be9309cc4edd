import { describe, expect, it } from "vitest";
import { spotCheckpoint } from "../../../../policies/gpu-ml/stack/spot-checkpoint";
import { spotGang } from "../../../../policies/gpu-ml/stack/spot-gang";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { container, object, poolGroup, pyTorchJob, said, undecidedAt } from "./resources";

const POOL = "mlstack.dev/pool";
const WORKERS = "spec.pytorchReplicaSpecs.Worker.template.spec";
const SELECTOR = `${WORKERS}.nodeSelector`;
const SPOT = { nodeSelector: { "karpenter.sh/capacity-type": "spot" } };

function group(name: string, capacityType: unknown, rest: object = {}): TestResource {
  return poolGroup(name, "g5.xlarge", 4, { capacityType, ...rest });
}

function on(nodeSelector: unknown, replicas: unknown = 3, gpus: unknown = 1): TestResource {
  return pyTorchJob(replicas, gpus, { nodeSelector });
}

function trainJob(nodeSelector?: object): TestResource {
  const trainer = { numNodes: 3, resourcesPerNode: { limits: { "nvidia.com/gpu": 1 } } };
  const patch = { name: "node", template: { spec: { template: { spec: { nodeSelector } } } } };
  const runtimePatches = nodeSelector && [{ trainingRuntimeSpec: { template: { spec: { replicatedJobs: [patch] } } } }];
  return object("trainer.kubeflow.org/v1alpha1", "TrainJob", "bert", {
    spec: { runtimeRef: { name: "torch" }, trainer, runtimePatches },
  });
}

function affinity(...terms: object[]): object {
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
  };
}

describe("GPU-17 gangs on spot capacity", () => {
  const message =
    `advisory [GPU-17] PyTorchJob ml/bert: ${SELECTOR} is a choice of spot capacity for 3 pods with GPUs that need each ` +
    "other; allowed: on-demand or reserved capacity. Select another pool, or split the work into parts that do without " +
    "each other.";

  it.each<[string, TestResource[]]>([
    ["a pool of on-demand capacity", [group("train", "ON_DEMAND"), on({ [POOL]: "train" })]],
    ["a pool that says nothing", [group("train", undefined), on({ [POOL]: "train" })]],
    ["a job that selects nothing", [group("train", "SPOT"), pyTorchJob(3, 1)]],
    [
      "a choice between both",
      [
        group("a", "SPOT", { labels: { team: "x" } }),
        group("b", "ON_DEMAND", { labels: { team: "x" } }),
        on({ team: "x" }),
      ],
    ],
    ["a label of on-demand capacity", [on({ "karpenter.sh/capacity-type": "on-demand" })]],
    ["a pool that is not declared", [group("train", "SPOT"), on({ [POOL]: "x" })]],
    ["a single pod", [on(SPOT.nodeSelector, 1)]],
    ["pods without GPUs", [on(SPOT.nodeSelector, 3, 0)]],
    ["a runtime that is not at hand, where no capacity is spot", [group("train", "ON_DEMAND"), trainJob()]],
  ])("accepts %s", (_case, resources) => {
    expect(said(spotGang, resources)).toEqual([]);
  });

  it.each<[string, TestResource[]]>([
    ["by the label of this package", [on({ "mlstack.dev/capacity-type": "spot" })]],
    ["by the label of Karpenter", [on(SPOT.nodeSelector)]],
    ["by the label of EKS", [on({ "eks.amazonaws.com/capacityType": "SPOT" })]],
    ["by the pool", [group("train", "SPOT"), group("other", "ON_DEMAND"), on({ [POOL]: "train" })]],
    [
      "by several pools",
      [group("a", "SPOT", { labels: { team: "x" } }), group("b", "SPOT", { labels: { team: "x" } }), on({ team: "x" })],
    ],
  ])("advises against choosing it %s", (_case, resources) => {
    expect(said(spotGang, resources)).toEqual([message]);
  });

  it("reads what pods require by affinity", () => {
    const term = { matchExpressions: [{ key: POOL, operator: "In", values: ["train"] }] };

    expect(said(spotGang, [group("train", "SPOT"), pyTorchJob(3, 1, affinity(term))])).toEqual([
      message.replace(SELECTOR, `${WORKERS}.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution`),
    ]);
  });

  it.each<[string, TestResource[], string?]>([
    ["how the pool's machines are bought", [group("train", UNKNOWN_STRING), on({ [POOL]: "train" })]],
    ["how they are to be bought", [on({ "karpenter.sh/capacity-type": UNKNOWN_STRING })]],
    ["the selector", [on(UNKNOWN_STRING)]],
    ["the labels of the pool", [group("train", "SPOT", { labels: UNKNOWN_STRING }), on({ [POOL]: "train" })]],
    ["the replicas", [on(SPOT.nodeSelector, UNKNOWN_STRING)], WORKERS.slice(0, -".spec".length)],
    [
      "the GPUs",
      [on(SPOT.nodeSelector, 3, UNKNOWN_STRING)],
      `${WORKERS}.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
  ])("cannot decide without knowing %s", (_case, resources, path = SELECTOR) => {
    expect(said(spotGang, resources)).toEqual([undecidedAt(spotGang, "PyTorchJob ml/bert", path)]);
  });

  it.each<[string, TestResource[]]>([
    ["where some capacity is spot", [group("train", "SPOT"), trainJob()]],
    ["where some capacity is not known yet", [group("train", UNKNOWN_STRING), trainJob()]],
  ])("says nothing of a TrainJob whose runtime is not in the stack, %s", (_case, resources) => {
    expect(said(spotGang, resources)).toEqual([]);
  });
});

describe("GPU-17 checkpoints on spot capacity", () => {
  const VOLUMES = "spec.template.spec.volumes";
  const lost =
    `advisory [GPU-17] Job ml/mnist: ${VOLUMES} is without a place that outlives the pods, on spot capacity; ` +
    "allowed: a volume of a claim, or an address of an object store in arguments or environment. " +
    "Keep checkpoints in one, and read the last of them at the start.";
  const final =
    "advisory [GPU-17] Job ml/mnist: spec.backoffLimit is 0, on spot capacity; allowed: at least 1. " +
    "Raise it, or ignore the condition DisruptionTarget in podFailurePolicy.";
  const kept = { volumes: [{ name: "runs", persistentVolumeClaim: { claimName: "runs" } }] };

  function job(main: object = {}, podSpec: object = {}, spec: object = {}, gpus: unknown = 1): TestResource {
    const template = { spec: { ...SPOT, containers: [{ ...container(gpus), ...main }], ...podSpec } };
    return object("batch/v1", "Job", "mnist", { spec: { template, ...spec } });
  }

  it.each<[string, TestResource]>([
    ["a volume of a claim", job({}, kept)],
    ["a volume of a CSI driver", job({}, { volumes: [{ name: "a" }, { name: "b", csi: { driver: "fsx" } }] })],
    ["a volume of NFS", job({}, { volumes: [{ name: "a", nfs: { path: "/" } }] })],
    ["an address in an argument", job({ args: ["--out", "s3://runs/mnist"] })],
    ["an address in a command", job({ command: ["sh", "-c", "train --out=gs://runs"] })],
    ["an address in a variable", job({ env: [{ name: "OUT", value: "s3a://runs" }] })],
    ["an address of Azure", job({ args: ["abfss://runs"] })],
    ["a variable for checkpoints", job({ env: [{ name: "CHECKPOINT_DIR", valueFrom: {} }] })],
    ["a variable for checkpoints, in short", job({ env: [{ name: "ckpt" }] })],
    ["a job on other capacity", job({}, { nodeSelector: {} }, { backoffLimit: 0 })],
    ["a job without GPUs", job({}, {}, { backoffLimit: 0 }, 0)],
    ["a job that may fail once", job({}, kept, { backoffLimit: 1 })],
    ["a job that does not run", job({}, {}, { parallelism: 0 })],
    [
      "a service",
      object("apps/v1", "Deployment", "chat", {
        spec: { template: { spec: { ...SPOT, containers: [container(1)] } } },
      }),
    ],
    ["a runtime, which runs nothing", object("trainer.kubeflow.org/v1alpha1", "TrainJob", "a", { spec: {} })],
  ])("accepts %s", (_case, resource) => {
    expect(said(spotCheckpoint, [resource])).toEqual([]);
  });

  it.each<[string, TestResource, string[]]>([
    ["a job that keeps nothing", job(), [lost]],
    ["a job that starts once", job({}, kept, { backoffLimit: 0 }), [final]],
    ["both", job({}, {}, { backoffLimit: 0 }), [lost, final]],
    [
      "a volume that goes with the pod",
      job(
        {},
        {
          volumes: [
            { name: "a", emptyDir: {} },
            { name: "b", csi: null },
          ],
        },
      ),
      [lost],
    ],
    [
      "other arguments and variables",
      job({ args: ["--epochs", "3", "http://a"], env: [{ name: "OUT", value: "/runs" }] }),
      [lost],
    ],
  ])("advises against %s", (_case, resource, messages) => {
    expect(said(spotCheckpoint, [resource])).toEqual(messages);
  });

  it.each(["PyTorchJob", "TFJob", "JAXJob", "XGBoostJob", "PaddleJob"])("reaches the workers of a %s", (kind) => {
    const maps: Record<string, string> = {
      PyTorchJob: "pytorch",
      TFJob: "tf",
      JAXJob: "jax",
      XGBoostJob: "xgb",
      PaddleJob: "paddle",
    };
    const map = `${maps[kind] ?? ""}ReplicaSpecs`;
    const template = { spec: { ...SPOT, containers: [container(1)] } };

    expect(
      said(spotCheckpoint, [object("kubeflow.org/v1", kind, "mnist", { spec: { [map]: { Worker: { template } } } })]),
    ).toEqual([lost.replace("Job ml", `${kind} ml`).replace(VOLUMES, `spec.${map}.Worker.template.spec.volumes`)]);
  });

  it("reaches the pods of MPIJobs, JobSets, TrainJobs and experiments", () => {
    const template = { spec: { ...SPOT, containers: [container(1)] } };
    const resources = [
      object("kubeflow.org/v2beta1", "MPIJob", "a", {
        spec: { mpiReplicaSpecs: { Worker: { replicas: 1, template } } },
      }),
      object("jobset.x-k8s.io/v1alpha2", "JobSet", "b", {
        spec: { replicatedJobs: [{ name: "a", template: { spec: { template } } }] },
      }),
      object("kubeflow.org/v1beta1", "Experiment", "c", { spec: { trialTemplate: { trialSpec: job().props } } }),
    ];

    expect(said(spotCheckpoint, resources)).toHaveLength(3);
    // Its volumes may be in its runtime, which is not in the stack.
    expect(said(spotCheckpoint, [trainJob(SPOT.nodeSelector), group("a", "SPOT")])).toEqual([]);
  });

  it.each<[string, TestResource, string?]>([
    ["the volumes", job({}, { volumes: UNKNOWN_STRING })],
    ["a volume", job({}, { volumes: [UNKNOWN_STRING] })],
    ["the arguments", job({ args: UNKNOWN_STRING })],
    ["an argument", job({ args: [UNKNOWN_STRING] })],
    ["the variables", job({ env: UNKNOWN_STRING })],
    ["a variable's value", job({ env: [{ name: "OUT", value: UNKNOWN_STRING }] })],
    ["a variable's name", job({ env: [{ name: UNKNOWN_STRING, value: "/runs" }] })],
    ["the capacity", job({}, { nodeSelector: { "karpenter.sh/capacity-type": UNKNOWN_STRING } })],
    ["the GPUs", job({}, {}, {}, UNKNOWN_STRING)],
    ["how often it starts", job({}, kept, { backoffLimit: UNKNOWN_STRING }), "spec.backoffLimit"],
    [
      "the capacity of a job that starts once",
      job({}, { ...kept, nodeSelector: { "karpenter.sh/capacity-type": UNKNOWN_STRING } }, { backoffLimit: 0 }),
      "spec.backoffLimit",
    ],
  ])("cannot decide without knowing %s", (_case, resource, path = VOLUMES) => {
    expect(said(spotCheckpoint, [resource])).toEqual([undecidedAt(spotCheckpoint, "Job ml/mnist", path)]);
  });
});
