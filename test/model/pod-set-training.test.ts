import { describe, expect, it } from "vitest";
import { podSetsOf, type PodSet } from "../../components/model/pod-sets";
import { UNKNOWN } from "../../components/model/unknown";
import type { Tree, TreeObject } from "../../components/model/tree";

const template = { spec: { containers: [{ name: "main" }] } };

type Size = [role: string | undefined, count: number | undefined, minCount: number, gang?: string | undefined];

function sizes(object: Tree): Size[] {
  return podSetsOf(object).map(({ role, count, minCount, gang }) => [role, count, minCount, gang]);
}

function paths(object: Tree): string[] {
  return podSetsOf(object).map(({ path }) => path);
}

describe("JobSet", () => {
  function jobSet(...replicatedJobs: TreeObject[]): TreeObject {
    return { apiVersion: "jobset.x-k8s.io/v1alpha2", kind: "JobSet", spec: { replicatedJobs } };
  }

  it("has all pods of all its Jobs, which need each other", () => {
    const object = jobSet(
      { name: "driver", template: { spec: { template } } },
      { name: "worker", replicas: 2, template: { spec: { parallelism: 4, completions: 4, template } } },
    );
    expect(sizes(object)).toEqual([
      ["driver", 1, 1, "spec"],
      ["worker", 8, 8, "spec"],
    ]);
    expect(paths(object)).toEqual([0, 1].map((job) => `spec.replicatedJobs[${job}].template.spec.template`));
  });

  it("leaves out of the gang what waits until another Job is done, not what waits until it is ready", () => {
    const job = { template: { spec: { template } } };
    const object = jobSet(
      { ...job, name: "fetch" },
      { ...job, name: "train", dependsOn: [{ name: "fetch", status: "Complete" }] },
      { ...job, name: "report", dependsOn: [{ name: "fetch", status: "Ready" }] },
    );
    expect(sizes(object).map(([role, , , gang]) => [role, gang])).toEqual([
      ["fetch", "spec"],
      ["train", undefined],
      ["report", "spec"],
    ]);
  });

  it("keeps what is not known yet, with the place where it will be", () => {
    const object: Tree = { ...jobSet(), spec: { replicatedJobs: UNKNOWN } };
    expect(podSetsOf(object)).toMatchObject([{ path: "spec.replicatedJobs", count: undefined, isUnknown: true }]);
    expect(sizes(jobSet({ name: "a", replicas: UNKNOWN, template: { spec: { template } } }))).toEqual([
      ["a", undefined, 1, "spec"],
    ]);
  });
});

describe("kinds of the training operator and the MPI operator", () => {
  it.each([
    ["TFJob", "v1", "tfReplicaSpecs", ["PS", "Worker", "Chief", "Evaluator"]],
    ["PyTorchJob", "v1", "pytorchReplicaSpecs", ["Master", "Worker"]],
    ["XGBoostJob", "v1", "xgbReplicaSpecs", ["Master", "Worker"]],
    ["PaddleJob", "v1", "paddleReplicaSpecs", ["Master", "Worker"]],
    ["JAXJob", "v1", "jaxReplicaSpecs", ["Worker"]],
    ["MXJob", "v1", "mxReplicaSpecs", ["Scheduler", "Server", "Worker"]],
    ["MPIJob", "v1", "mpiReplicaSpecs", ["Launcher", "Worker"]],
    ["MPIJob", "v2beta1", "mpiReplicaSpecs", ["Launcher", "Worker"]],
  ])("%s %s has its pods in %s, and needs all of them", (kind, version, map, roles) => {
    const replicas = Object.fromEntries(roles.map((role, index) => [role, { replicas: index + 1, template }]));
    const object = { apiVersion: `kubeflow.org/${version}`, kind, spec: { [map]: replicas } };
    expect(sizes(object)).toEqual(roles.map((role, index) => [role, index + 1, index + 1, "spec"]));
    expect(paths(object)).toEqual(roles.map((role) => `spec.${map}.${role}.template`));
  });

  it("have one pod for each role by default, but none for the workers of an MPIJob", () => {
    const roles = { Launcher: { template }, Worker: { template } };
    const mpi = { apiVersion: "kubeflow.org/v2beta1", kind: "MPIJob", spec: { mpiReplicaSpecs: roles } };
    expect(sizes(mpi)).toEqual([
      ["Launcher", 1, 1, "spec"],
      ["Worker", 0, 1, "spec"],
    ]);
    const tf = { apiVersion: "kubeflow.org/v1", kind: "TFJob", spec: { tfReplicaSpecs: { Worker: { template } } } };
    expect(sizes(tf)).toEqual([["Worker", 1, 1, "spec"]]);
  });

  it.each<[name: string, elasticPolicy: TreeObject, count: number | undefined, minCount: number]>([
    ["between two bounds", { minReplicas: 2, maxReplicas: 8 }, 8, 2],
    ["with an upper bound alone", { maxReplicas: 6 }, 6, 6],
    ["with a lower bound alone", { minReplicas: 2 }, 4, 2],
    ["without bounds", {}, 4, 4],
    ["with an unknown upper bound", { minReplicas: 1, maxReplicas: UNKNOWN }, undefined, 1],
  ])("may be elastic %s", (_name, elasticPolicy, count, minCount) => {
    const pytorchReplicaSpecs = { Worker: { replicas: 4, template } };
    const object = { apiVersion: "kubeflow.org/v1", kind: "PyTorchJob", spec: { elasticPolicy, pytorchReplicaSpecs } };
    expect(sizes(object)).toEqual([["Worker", count, minCount, "spec"]]);
  });

  it("keep roles that are not known yet", () => {
    const object: Tree = { apiVersion: "kubeflow.org/v1", kind: "TFJob", spec: { tfReplicaSpecs: UNKNOWN } };
    expect(podSetsOf(object)).toMatchObject([{ path: "spec.tfReplicaSpecs", isUnknown: true }]);
  });
});

describe("other kinds with several pods", () => {
  it.each<[name: string, object: TreeObject, expected: Size[]]>([
    [
      "LeaderWorkerSet: a leader and its workers in each group",
      {
        apiVersion: "leaderworkerset.x-k8s.io/v1",
        kind: "LeaderWorkerSet",
        spec: { replicas: 3, leaderWorkerTemplate: { size: 4, leaderTemplate: template, workerTemplate: template } },
      },
      [
        ["leader", 3, 1, "spec.leaderWorkerTemplate"],
        ["worker", 9, 3, "spec.leaderWorkerTemplate"],
      ],
    ],
    [
      "LeaderWorkerSet: leaders that are made like workers",
      {
        apiVersion: "leaderworkerset.x-k8s.io/v1",
        kind: "LeaderWorkerSet",
        spec: { replicas: 2, leaderWorkerTemplate: { size: 4, workerTemplate: template } },
      },
      [["worker", 8, 4, "spec.leaderWorkerTemplate"]],
    ],
    [
      "LeaderWorkerSet: leaders alone",
      {
        apiVersion: "leaderworkerset.x-k8s.io/v1",
        kind: "LeaderWorkerSet",
        spec: { leaderWorkerTemplate: { leaderTemplate: template, workerTemplate: template } },
      },
      [
        ["leader", 1, 1, "spec.leaderWorkerTemplate"],
        ["worker", 0, 1, "spec.leaderWorkerTemplate"],
      ],
    ],
    [
      "DisaggregatedSet: such groups for each role, as often as there are slices",
      {
        apiVersion: "disaggregatedset.x-k8s.io/v1",
        kind: "DisaggregatedSet",
        spec: {
          slices: 2,
          roles: [
            { name: "prefill", spec: { replicas: 3, leaderWorkerTemplate: { size: 2, workerTemplate: template } } },
          ],
        },
      },
      [["prefill/worker", 12, 2, "spec.roles[0].spec.leaderWorkerTemplate"]],
    ],
    [
      "Workload of Kueue: what its owner asked for",
      {
        apiVersion: "kueue.x-k8s.io/v1beta2",
        kind: "Workload",
        spec: {
          podSets: [
            { name: "driver", count: 1, template },
            { name: "workers", count: 8, minCount: 4, template },
          ],
        },
      },
      [
        ["driver", 1, 1, "spec"],
        ["workers", 8, 4, "spec"],
      ],
    ],
    [
      "Job of Volcano: tasks, of which some replicas may do",
      {
        apiVersion: "batch.volcano.sh/v1alpha1",
        kind: "Job",
        spec: {
          tasks: [
            { name: "ps", replicas: 2, template },
            { name: "worker", replicas: 6, minAvailable: 3, template },
          ],
        },
      },
      [
        ["ps", 2, 2, "spec"],
        ["worker", 6, 3, "spec"],
      ],
    ],
    [
      "ScaledJob: as many Jobs as it may start",
      {
        apiVersion: "keda.sh/v1alpha1",
        kind: "ScaledJob",
        spec: { maxReplicaCount: 5, jobTargetRef: { parallelism: 2, template } },
      },
      [[undefined, 10, 1, undefined]],
    ],
    [
      "RayCluster: a head and groups of workers",
      {
        apiVersion: "ray.io/v1",
        kind: "RayCluster",
        spec: {
          headGroupSpec: { template },
          workerGroupSpecs: [{ groupName: "gpu", name: "gpu", replicas: 3, numOfHosts: 2, template }],
        },
      },
      [
        ["head", 1, 1, undefined],
        ["gpu", 6, 2, undefined],
      ],
    ],
    [
      "RayJob: a cluster that scales by itself, and what submits the job",
      {
        apiVersion: "ray.io/v1",
        kind: "RayJob",
        spec: {
          submitterPodTemplate: template,
          rayClusterSpec: {
            enableInTreeAutoscaling: true,
            headGroupSpec: { template },
            workerGroupSpecs: [{ replicas: 1, maxReplicas: 9, template }],
          },
        },
      },
      [
        ["head", 1, 1, undefined],
        [undefined, 9, 1, undefined],
        ["submitter", 1, 1, undefined],
      ],
    ],
    [
      "RayService: a cluster that has no limit",
      {
        apiVersion: "ray.io/v1",
        kind: "RayService",
        spec: { rayClusterConfig: { enableInTreeAutoscaling: true, workerGroupSpecs: [{ template }] } },
      },
      [[undefined, undefined, 1, undefined]],
    ],
  ])("%s", (_name, object, expected) => {
    expect(sizes(object)).toEqual(expected);
  });

  it("AppWrapper: the pods of the objects in it", () => {
    const job = { apiVersion: "batch/v1", kind: "Job", spec: { parallelism: 2, template } };
    const object = {
      apiVersion: "workload.codeflare.dev/v1beta2",
      kind: "AppWrapper",
      spec: { components: [{ template: job }] },
    };
    expect(podSetsOf(object)).toMatchObject<Partial<PodSet>[]>([
      { path: "spec.components[0].template.spec.template", count: 2 },
    ]);
  });
});
