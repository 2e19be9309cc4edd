import { describe, expect, it } from "vitest";
import { gangQuota } from "../../../../policies/gpu-ml/stack/gang-quota";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import {
  clusterQueue,
  container,
  localQueue,
  object,
  pod,
  pyTorchJob,
  queue,
  queued,
  quota,
  said,
  undecidedAt,
} from "./resources";

const GPU = "nvidia.com/gpu";
const WORKERS = "spec.pytorchReplicaSpecs.Worker.template.spec";

function resourceQuota(gpus: unknown, spec: object = {}, metadata: object = {}): TestResource {
  return object(
    "v1",
    "ResourceQuota",
    "gpus",
    { spec: { hard: { "requests.nvidia.com/gpu": gpus }, ...spec } },
    metadata,
  );
}

function profile(gpus: unknown, name: unknown = "ml"): TestResource {
  const spec = { resourceQuotaSpec: { hard: { "requests.nvidia.com/gpu": gpus } } };
  return object("kubeflow.org/v1", "Profile", "ml", { spec }, { name, namespace: undefined });
}

function cohort(name: unknown, spec: object = {}): TestResource {
  return object("kueue.x-k8s.io/v1beta2", "Cohort", "all", { spec }, { name, namespace: undefined });
}

function job(spec: object, podSpec: object = {}, metadata: object = {}): TestResource {
  const template = { spec: { containers: [container(4)], ...podSpec } };
  return object("batch/v1", "Job", "bert", { spec: { template, ...spec } }, metadata);
}

function refusal(needed: number, pods: number, limit: string, title = "PyTorchJob ml/bert", path = WORKERS): string {
  return (
    `mandatory [GPU-15] ${title}: ${path} is in need of ${needed} nvidia.com/gpu at the same time, ${pods} pods together; ` +
    `allowed: at most ${limit}. Ask for fewer at once, or raise the quota.`
  );
}

const waiting = pyTorchJob(3, 4, {}, queued("research"));

describe("GPU-15 quotas of gangs", () => {
  it.each<[string, TestResource[]]>([
    ["a gang that is exactly its quota", [resourceQuota(12), pyTorchJob(3, 4)]],
    ["a quota as text", [resourceQuota("12"), pyTorchJob(3, 4)]],
    ["a quota of another namespace", [resourceQuota(4, {}, { namespace: "other" }), pyTorchJob(3, 4)]],
    ["a quota for some pods", [resourceQuota(4, { scopes: ["BestEffort"] }), pyTorchJob(3, 4)]],
    ["a quota for a priority", [resourceQuota(4, { scopeSelector: {} }), pyTorchJob(3, 4)]],
    [
      "a quota for limits, which counts no devices",
      [object("v1", "ResourceQuota", "gpus", { spec: { hard: { "limits.nvidia.com/gpu": 4 } } }), pyTorchJob(3, 4)],
    ],
    ["a quota that is no quantity", [resourceQuota("many"), pyTorchJob(3, 4)]],
    [
      "a quota of another resource",
      [
        object("v1", "ResourceQuota", "gpus", { spec: { hard: { "requests.nvidia.com/gpu.shared": 4 } } }),
        pyTorchJob(3, 4),
      ],
    ],
    ["a quota without limits", [object("v1", "ResourceQuota", "gpus", { spec: {} }), pyTorchJob(3, 4)]],
    ["a job without GPUs", [resourceQuota(0), pyTorchJob(3, undefined)]],
    ["a job of independent pods", [resourceQuota(4), job({ parallelism: 3 })]],
    [
      "numbered pods that do not find each other",
      [resourceQuota(4), job({ parallelism: 3, completions: 3, completionMode: "Indexed" })],
    ],
    ["pods of a service that are not numbered", [resourceQuota(4), job({ parallelism: 3 }, { subdomain: "bert" })]],
    [
      "pods that are numbered, with an empty subdomain",
      [resourceQuota(4), job({ parallelism: 3, completions: 3, completionMode: "Indexed" }, { subdomain: "" })],
    ],
    ["what runs no pods", [resourceQuota(4), pyTorchJob(0, 8)]],
    ["a fraction, which another rule refuses", [resourceQuota(0), pod("500m")]],
    ["a negative amount, which another rule refuses", [resourceQuota(0), pod(-1)]],
    ["no quotas at all", [waiting]],
    ["a queue with enough", [...queue("research", 12), waiting]],
    [
      "quotas of several flavors together",
      [
        clusterQueue("research", [quota(GPU, 6)], {
          resourceGroups: [
            {
              flavors: [
                { name: "a", resources: [quota(GPU, 6)] },
                { name: "b", resources: [quota(GPU, 6)] },
              ],
            },
          ],
        }),
        localQueue("research", "research"),
        waiting,
      ],
    ],
    [
      "what others of the cohort lend",
      [...queue("research", 4, { cohortName: "all" }), ...queue("product", 8, { cohortName: "all" }), waiting],
    ],
    [
      "the older name of a cohort",
      [...queue("research", 4, { cohort: "all" }), ...queue("product", 8, { cohort: "all" }), waiting],
    ],
    [
      "a cohort with quotas of its own",
      [...queue("research", 4, { cohortName: "all" }), cohort("all", { resourceGroups: [] }), waiting],
    ],
    [
      "a cohort in another",
      [...queue("research", 4, { cohortName: "all" }), cohort("all", { parentName: "root" }), waiting],
    ],
    ["a queue that the stack does not declare", [...queue("product", 4), waiting]],
    [
      "a queue without the resource, which another rule refuses",
      [clusterQueue("research", [quota("cpu", 4)]), localQueue("research", "research"), waiting],
    ],
  ])("accepts %s", (_case, resources) => {
    expect(said(gangQuota, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    [
      "a gang beyond a ResourceQuota",
      [resourceQuota(11), pyTorchJob(3, 4)],
      refusal(12, 3, "11, by ResourceQuota ml/gpus"),
    ],
    ["a gang beyond the quota of a profile", [profile(8), pyTorchJob(3, 4)], refusal(12, 3, "8, by Profile ml")],
    [
      "the tightest of several quotas",
      [resourceQuota(8), profile(4), resourceQuota(10), pyTorchJob(3, 4)],
      refusal(12, 3, "4, by Profile ml"),
    ],
    ["one pod", [resourceQuota(4), pod(8)], refusal(8, 1, "4, by ResourceQuota ml/gpus", "Pod ml/chat", "spec")],
    [
      "requests without limits",
      [resourceQuota(0), pod(undefined, { containers: [{ name: "main", resources: { requests: { [GPU]: 1 } } }] })],
      refusal(1, 1, "0, by ResourceQuota ml/gpus", "Pod ml/chat", "spec"),
    ],
    [
      "containers of a pod together",
      [resourceQuota(3), pod(1, { containers: [container(2), container(2)] })],
      refusal(4, 1, "3, by ResourceQuota ml/gpus", "Pod ml/chat", "spec"),
    ],
    [
      "an init container that needs more",
      [resourceQuota(3), pod(1, { initContainers: [container(4), container(2)] })],
      refusal(4, 1, "3, by ResourceQuota ml/gpus", "Pod ml/chat", "spec"),
    ],
    [
      "a sidecar beside the others",
      [resourceQuota(3), pod(2, { initContainers: [{ ...container(2), restartPolicy: "Always" }] })],
      refusal(4, 1, "3, by ResourceQuota ml/gpus", "Pod ml/chat", "spec"),
    ],
    [
      "workers of a Job that find each other",
      [resourceQuota(8), job({ parallelism: 3, completions: 3, completionMode: "Indexed" }, { subdomain: "bert" })],
      refusal(12, 3, "8, by ResourceQuota ml/gpus", "Job ml/bert", "spec.template.spec"),
    ],
    ["a gang beyond its queue", [...queue("research", 8), waiting], refusal(12, 3, "8, by ClusterQueue ml/research")],
    [
      "a queue whose cohort lends too little",
      [
        ...queue("research", 4, { cohortName: "all" }),
        ...queue("product", 7, { cohortName: "all" }),
        cohort("all"),
        waiting,
      ],
      refusal(12, 3, "11, by ClusterQueue ml/research"),
    ],
    [
      "a queue that may borrow too little",
      [
        clusterQueue("research", [quota(GPU, 4, { borrowingLimit: 7 })], { cohortName: "all" }),
        localQueue("research", "research"),
        ...queue("product", 20, { cohortName: "all" }),
        waiting,
      ],
      refusal(12, 3, "11, by ClusterQueue ml/research"),
    ],
    [
      "a queue to which others lend little",
      [
        ...queue("research", 4, { cohortName: "all" }),
        clusterQueue("product", [quota(GPU, 20, { lendingLimit: 2 })], { cohortName: "all" }),
        waiting,
      ],
      refusal(12, 3, "6, by ClusterQueue ml/research"),
    ],
    [
      "a queue to which others lend another flavor",
      [
        ...queue("research", 4, { cohortName: "all" }),
        clusterQueue("product", [quota(GPU, 20)], { cohortName: "all" }, "other"),
        waiting,
      ],
      refusal(12, 3, "4, by ClusterQueue ml/research"),
    ],
    [
      "a queue in no cohort, beside others",
      [...queue("research", 4, { cohortName: "" }), ...queue("product", 20, { cohortName: "all" }), waiting],
      refusal(12, 3, "4, by ClusterQueue ml/research"),
    ],
    [
      "a queue without an amount",
      [clusterQueue("research", [{ name: GPU }]), localQueue("research", "research"), waiting],
      refusal(12, 3, "0, by ClusterQueue ml/research"),
    ],
  ])("refuses %s", (_case, resources, message) => {
    expect(said(gangQuota, resources)).toEqual([message]);
  });

  it("counts the roles of a gang together, and files the finding under the first that asks", () => {
    const template = { spec: { containers: [container(4)] } };
    const launcher = { template: { spec: { containers: [container()] } } };
    const mpi = object("kubeflow.org/v2beta1", "MPIJob", "bert", {
      spec: { mpiReplicaSpecs: { Launcher: launcher, Worker: { replicas: 3, template } } },
    });

    expect(said(gangQuota, [resourceQuota(11), mpi])).toEqual([
      refusal(12, 4, "11, by ResourceQuota ml/gpus", "MPIJob ml/bert", "spec.mpiReplicaSpecs.Worker.template.spec"),
    ]);
  });

  it("reaches the jobs of a CronJob", () => {
    const spec = {
      parallelism: 3,
      completions: 3,
      completionMode: "Indexed",
      template: { spec: { subdomain: "bert", containers: [container(4)] } },
    };
    const cronJob = object("batch/v1", "CronJob", "bert", {
      spec: { jobTemplate: { metadata: queued("research"), spec } },
    });

    expect(said(gangQuota, [...queue("research", 8), cronJob])).toEqual([
      refusal(12, 3, "8, by ClusterQueue ml/research", "CronJob ml/bert", "spec.jobTemplate.spec.template.spec"),
    ]);
  });

  it.each<[string, TestResource[], string?, string?]>([
    ["the quota", [resourceQuota(UNKNOWN_STRING), pyTorchJob(3, 4)]],
    ["all the quotas", [object("v1", "ResourceQuota", "gpus", { spec: { hard: UNKNOWN_STRING } }), pyTorchJob(3, 4)]],
    ["the namespace of the quota", [resourceQuota(4, {}, { namespace: UNKNOWN_STRING }), pyTorchJob(3, 4)]],
    ["the name of the profile", [profile(4, UNKNOWN_STRING), pyTorchJob(3, 4)]],
    ["the replicas", [resourceQuota(4), pyTorchJob(UNKNOWN_STRING, 4)], "spec.pytorchReplicaSpecs.Worker.template"],
    [
      "the amount",
      [resourceQuota(4), pyTorchJob(1, UNKNOWN_STRING)],
      `${WORKERS}.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
    [
      "the resources",
      [resourceQuota(4), pyTorchJob(1, 1, { containers: [{ name: "main", resources: UNKNOWN_STRING }] })],
      `${WORKERS}.containers[0].resources`,
    ],
    ["the containers", [resourceQuota(4), pyTorchJob(1, 1, { containers: UNKNOWN_STRING })], `${WORKERS}.containers`],
    [
      "the completion mode",
      [resourceQuota(4), job({ parallelism: 3, completions: 3, completionMode: UNKNOWN_STRING }, { subdomain: "a" })],
      "spec.template.spec",
      "Job ml/bert",
    ],
    [
      "the parallelism",
      [resourceQuota(4), job({ parallelism: UNKNOWN_STRING, completionMode: "Indexed" }, { subdomain: "a" })],
      "spec.template",
      "Job ml/bert",
    ],
    ["the quota of the queue", [...queue("research", UNKNOWN_STRING), waiting]],
    ["the name of the queue", [...queue("research", 4), pyTorchJob(3, 4, {}, queued(UNKNOWN_STRING))]],
    [
      "where the queue leads",
      [clusterQueue("research", [quota(GPU, 4)]), localQueue("research", UNKNOWN_STRING), waiting],
    ],
    [
      "the resource of a quota",
      [clusterQueue("research", [quota(UNKNOWN_STRING, 4)]), localQueue("research", "research"), waiting],
    ],
    [
      "the flavor of a quota",
      [clusterQueue("research", [quota(GPU, 4)], {}, UNKNOWN_STRING), localQueue("research", "research"), waiting],
    ],
    [
      "the flavors",
      [
        clusterQueue("research", [], { resourceGroups: [{ flavors: UNKNOWN_STRING }] }),
        localQueue("research", "research"),
        waiting,
      ],
    ],
    ["the cohort", [...queue("research", 4, { cohortName: UNKNOWN_STRING }), waiting]],
    [
      "the cohort of another queue",
      [...queue("research", 4, { cohortName: "all" }), ...queue("product", 4, { cohortName: UNKNOWN_STRING }), waiting],
    ],
    [
      "what may be borrowed",
      [
        clusterQueue("research", [quota(GPU, 4, { borrowingLimit: UNKNOWN_STRING })], { cohortName: "all" }),
        localQueue("research", "research"),
        waiting,
      ],
    ],
    [
      "what others lend",
      [
        ...queue("research", 4, { cohortName: "all" }),
        ...queue("product", UNKNOWN_STRING, { cohortName: "all" }),
        waiting,
      ],
    ],
    [
      "what the quotas of others are of",
      [
        ...queue("research", 4, { cohortName: "all" }),
        clusterQueue("product", [quota(UNKNOWN_STRING, 4)], { cohortName: "all" }),
        waiting,
      ],
    ],
  ])("cannot decide without knowing %s", (_case, resources, path = WORKERS, title = "PyTorchJob ml/bert") => {
    expect(said(gangQuota, resources)).toEqual([undecidedAt(gangQuota, title, path)]);
  });

  it("cannot decide in a namespace that is not known, and says nothing where no GPUs are asked for", () => {
    const elsewhere = { namespace: UNKNOWN_STRING };

    expect(said(gangQuota, [resourceQuota(4), pyTorchJob(3, 4, {}, elsewhere)])).toEqual([
      undecidedAt(gangQuota, "PyTorchJob bert", WORKERS),
    ]);
    expect(said(gangQuota, [resourceQuota(UNKNOWN_STRING), pyTorchJob(3, undefined)])).toEqual([]);
  });
});
