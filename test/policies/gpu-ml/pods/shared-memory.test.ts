import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { sharedMemory } from "../../../../policies/gpu-ml/pods/shared-memory";
import { analyze, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const SPEC = "spec.template.spec";
const FOUND =
  "is without a volume at /dev/shm; allowed: an emptyDir of medium Memory there. Mount one, with a size limit below the memory limit.";
const MOUNTED = { volumeMounts: [{ name: "shm", mountPath: "/dev/shm" }] };

function gpus(number: unknown, container: object = {}): object {
  return { resources: { limits: { memory: "32Gi", "nvidia.com/gpu": number } }, ...container };
}

const RAY_NODE = { spec: { containers: [gpus(2, { name: "ray" }), gpus(2, { name: "beside" })] } };

function fixOf(resource: TestResource) {
  const subject = new Subject({ ...resource, name: "it", urn: urnOf(resource) });
  return [...sharedMemory.judge(subject, {})].flatMap((judgement) => ("fix" in judgement ? [judgement.fix] : []));
}

describe("GPU-12 shared memory", () => {
  it.each<[string, TestResource]>([
    ["no GPU", job({ args: ["--num-workers=8"] })],
    ["one GPU", job(gpus(1))],
    ["one GPU whose data one process loads", job(gpus(1, { args: ["--num-workers", "0"] }))],
    ["one GPU and another option", job(gpus(1, { args: ["--num-workers-per-node=8", "--my--num-workers=8"] }))],
    ["several GPUs with a volume", job(gpus(4, MOUNTED))],
    ["a mount path that ends in a slash", job(gpus(4, { volumeMounts: [{ name: "shm", mountPath: "/dev/shm/" }] }))],
    ["the shared memory of the node", job(gpus(4), { hostIPC: true })],
    ["arguments that are not known beside one GPU", job(gpus(1, { args: [UNKNOWN_STRING, "--num-workers=0"] }))],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([sharedMemory], resource)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["several GPUs", job(gpus(2))],
    ["several MIG slices", job({ resources: { limits: { "nvidia.com/mig-1g.5gb": 2 } } })],
    ["GPUs in requests", job({ resources: { requests: { "nvidia.com/gpu": 2 } } })],
    ["one GPU with processes that load data", job(gpus(1, { args: ["train.py", "--num-workers=8"] }))],
    ["one GPU with such an option in two parts", job(gpus(1, { args: ["--num_workers", "8"] }))],
    [
      "one GPU with such an option in a line for a shell",
      job(gpus(1, { command: ["sh", "-c", "python a.py --num-workers 4 --lr 1"] })),
    ],
    ["a volume elsewhere", job(gpus(2, { volumeMounts: [{ name: "shm", mountPath: "/dev/shm2" }] }))],
    ["mounts that are no list", job(gpus(2, { volumeMounts: "all" }))],
    ["a mount path that is no text", job(gpus(2, { volumeMounts: [{ mountPath: 7 }] }))],
  ])("refuses %s without a volume", (_case, resource) => {
    expect(lines(analyze([sharedMemory], resource))).toEqual([
      `advisory [GPU-12] Job ml/mnist: ${SPEC}.containers[0].volumeMounts ${FOUND}`,
    ]);
  });

  it("reaches into the workers of a training job", () => {
    const worker = { replicas: 2, template: { spec: { containers: [{ name: "pytorch", image: "a:1", ...gpus(8) }] } } };
    const spec = { pytorchReplicaSpecs: { Worker: worker } };
    const props = { apiVersion: "kubeflow.org/v1", kind: "PyTorchJob", metadata: { name: "chat" }, spec };

    expect(lines(analyze([sharedMemory], { type: "kubernetes:kubeflow.org/v1:PyTorchJob", props }))).toEqual([
      `advisory [GPU-12] PyTorchJob chat: spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].volumeMounts ${FOUND}`,
    ]);
  });

  it.each([
    ["the head", { headGroupSpec: { template: RAY_NODE } }, "headGroupSpec.template"],
    ["workers", { workerGroupSpecs: [{ template: RAY_NODE }] }, "workerGroupSpecs[0].template"],
  ])("leaves the first container of %s of Ray to KubeRay, which mounts the volume", (_case, spec, path) => {
    const props = { apiVersion: "ray.io/v1", kind: "RayCluster", metadata: { name: "chat" }, spec };

    expect(lines(analyze([sharedMemory], { type: "kubernetes:ray.io/v1:RayCluster", props }))).toEqual([
      `advisory [GPU-12] RayCluster chat: spec.${path}.spec.containers[1].volumeMounts ${FOUND}`,
    ]);
  });

  it.each<[string, TestResource, string]>([
    ["the number of GPUs", job(gpus(UNKNOWN_STRING)), 'containers[0].resources.limits["nvidia.com/gpu"]'],
    ["the resources", job({ resources: UNKNOWN_STRING }), "containers[0].resources"],
    ["the mounts", job(gpus(2, { volumeMounts: UNKNOWN_STRING })), "containers[0].volumeMounts"],
    ["a mount path", job(gpus(2, { volumeMounts: [{ mountPath: UNKNOWN_STRING }] })), "containers[0].volumeMounts"],
    ["whether it is the node's", job(gpus(2), { hostIPC: UNKNOWN_STRING }), "hostIPC"],
    [
      "how many processes load data",
      job(gpus(1, { args: ["--num-workers", UNKNOWN_STRING] })),
      "containers[0].args[1]",
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([sharedMemory], resource))).toEqual([
      `advisory [GPU-12] Job ml/mnist: ${SPEC}.${path} is not known yet; allowed: a value that keeps ` +
        '"Containers with several GPUs have a volume for shared memory". It is judged at update, before the object is created.',
    ]);
  });

  it("adds the volume with a quarter of the memory limit, and mounts it", () => {
    expect(fixOf(job(gpus(4)))).toEqual([
      [
        {
          path: `${SPEC}.volumes`,
          append: { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "8Gi" } },
        },
        { path: `${SPEC}.containers[0].volumeMounts`, append: { name: "shared-memory", mountPath: "/dev/shm" } },
      ],
    ]);
  });

  it("rounds the size to whole MiB", () => {
    const [fix] = fixOf(job({ resources: { limits: { memory: "10G", "nvidia.com/gpu": 2 } } }));

    expect(fix?.[0]).toMatchObject({ append: { emptyDir: { sizeLimit: "2384Mi" } } });
  });

  it("fixes one container beside another that lacks nothing", () => {
    expect(
      fixOf(job(gpus(4), { initContainers: [{ name: "fetch" }], volumes: [{ name: "data", emptyDir: {} }] }))[0],
    ).toHaveLength(2);
  });

  it.each<[string, TestResource]>([
    ["the memory limit is absent", job({ resources: { limits: { "nvidia.com/gpu": 4 } } })],
    ["the memory limit is too small to share", job({ resources: { limits: { memory: "3Mi", "nvidia.com/gpu": 4 } } })],
    ["another volume has the name", job(gpus(4), { volumes: [{ name: "shared-memory", emptyDir: {} }] })],
    ["another volume may have the name", job(gpus(4), { volumes: [{ name: UNKNOWN_STRING, emptyDir: {} }] })],
    ["the volumes are no list", job(gpus(4), { volumes: "all" })],
  ])("offers no fix where %s", (_case, resource) => {
    expect(fixOf(resource)).toEqual([]);
    expect(analyze([sharedMemory], resource)).toHaveLength(1);
  });

  it("offers no fix where two containers lack it", () => {
    const resource = job(gpus(4), { initContainers: [{ name: "probe", ...gpus(2) }] });

    expect(fixOf(resource)).toEqual([]);
    expect(analyze([sharedMemory], resource)).toHaveLength(2);
  });

  it("offers no fix for pods that are not written as a plain template", () => {
    const spec = { predictor: { containers: [{ name: "kserve-container", ...gpus(2) }] } };
    const props = {
      apiVersion: "serving.kserve.io/v1beta1",
      kind: "InferenceService",
      metadata: { name: "chat" },
      spec,
    };

    const resource = { type: "kubernetes:serving.kserve.io/v1beta1:InferenceService", props };
    expect(fixOf(resource)).toEqual([]);
    expect(analyze([sharedMemory], resource)).toHaveLength(1);
  });
});
