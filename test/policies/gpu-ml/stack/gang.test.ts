import { describe, expect, it } from "vitest";
import { gangsOf, type Gang } from "../../../../policies/gpu-ml/stack/gang";
import { UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { container, object, pod, pyTorchJob, subjectOf } from "./resources";

const WORKER = "spec.pytorchReplicaSpecs.Worker.template";

function rayCluster(replicas: unknown): TestResource {
  const group = { replicas, numOfHosts: 2, template: { spec: { containers: [container(8)] } } };
  const headGroupSpec = { template: { spec: { containers: [container()] } } };
  return object("ray.io/v1", "RayCluster", "bert", { spec: { headGroupSpec, workerGroupSpecs: [group] } });
}

function job(spec: object, podSpec: object = { subdomain: "bert" }): TestResource {
  const template = { spec: { containers: [container(4)], ...podSpec } };
  return object("batch/v1", "Job", "bert", { spec: { template, parallelism: 3, completions: 3, ...spec } });
}

function cronJob(spec: object, ofJob: object): TestResource {
  const template = { spec: { containers: [container(4)], subdomain: "bert" } };
  const jobTemplate = { spec: { template, parallelism: 3, completions: 3, ...ofJob } };
  return object("batch/v1", "CronJob", "bert", { spec: { jobTemplate, ...spec } });
}

const daemonSet = object("apps/v1", "DaemonSet", "bert", {
  spec: { template: { spec: { containers: [container(1)] } } },
});

function gangs(resource: TestResource): Pick<Gang, "size" | "gpuPods" | "unknownPath">[] {
  return gangsOf(subjectOf(resource)).map(({ size, gpuPods, unknownPath }) => ({ size, gpuPods, unknownPath }));
}

describe("pods that must run at the same time", () => {
  it.each<[string, TestResource, ReturnType<typeof gangs>]>([
    ["one pod", pod(1), [{ size: 1, gpuPods: 1, unknownPath: undefined }]],
    ["workers of a training job", pyTorchJob(3, 1), [{ size: 3, gpuPods: 3, unknownPath: undefined }]],
    ["no worker", pyTorchJob(0, 1), []],
    ["workers without GPUs", pyTorchJob(3, undefined), [{ size: 3, gpuPods: 0, unknownPath: undefined }]],
    ["how many is not known yet", pyTorchJob(UNKNOWN_STRING, 1), [{ size: 1, gpuPods: 1, unknownPath: WORKER }]],
    [
      "how many without GPUs is not known yet",
      pyTorchJob(UNKNOWN_STRING, undefined),
      [{ size: 1, gpuPods: 0, unknownPath: undefined }],
    ],
    ["pods on every node, which do without each other", daemonSet, [{ size: 1, gpuPods: 1, unknownPath: undefined }]],
    [
      "groups of hosts, each by itself",
      rayCluster(3),
      [
        { size: 1, gpuPods: 0, unknownPath: undefined },
        { size: 2, gpuPods: 2, unknownPath: undefined },
      ],
    ],
    ["numbered pods with names", job({ completionMode: "Indexed" }), [{ size: 3, gpuPods: 3, unknownPath: undefined }]],
    ["pods that are not numbered", job({}), [{ size: 1, gpuPods: 1, unknownPath: undefined }]],
    [
      "numbered pods without names",
      job({ completionMode: "Indexed" }, {}),
      [{ size: 1, gpuPods: 1, unknownPath: undefined }],
    ],
    [
      "pods that may be numbered",
      job({ completionMode: UNKNOWN_STRING }),
      [{ size: 1, gpuPods: 1, unknownPath: "spec.template.spec" }],
    ],
    [
      "numbered pods of a CronJob",
      cronJob({}, { completionMode: "Indexed" }),
      [{ size: 3, gpuPods: 3, unknownPath: undefined }],
    ],
    ["a part of a GPU, which is none", pod("1500m"), [{ size: 1, gpuPods: 0, unknownPath: undefined }]],
    ["less than no GPU", pod(-1), [{ size: 1, gpuPods: 0, unknownPath: undefined }]],
    ["no GPU", pod(0), [{ size: 1, gpuPods: 0, unknownPath: undefined }]],
  ])("counts %s", (_case, resource, expected) => {
    expect(gangs(resource)).toEqual(expected);
  });
});
