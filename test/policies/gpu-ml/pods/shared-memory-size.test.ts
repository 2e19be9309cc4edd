import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { sharedMemorySize } from "../../../../policies/gpu-ml/pods/shared-memory-size";
import { analyze, job, lines, UNKNOWN_STRING, urnOf, type TestResource } from "../../analyzer";

const EMPTY_DIR = "spec.template.spec.volumes[0].emptyDir";
const GPUS = { resources: { limits: { memory: "32Gi", "nvidia.com/gpu": 4 } } };
const MOUNTED = { volumeMounts: [{ name: "shm", mountPath: "/dev/shm" }] };
const FITTING = { medium: "Memory", sizeLimit: "8Gi" };

function sharing(emptyDir: unknown, container: object = GPUS, podSpec: object = {}): TestResource {
  return job({ ...MOUNTED, ...container }, { volumes: [{ name: "shm", emptyDir }], ...podSpec });
}

function limited(limits: unknown): object {
  return { resources: { limits } };
}

function fixOf(resource: TestResource) {
  const subject = new Subject({ ...resource, name: "it", urn: urnOf(resource) });
  return [...sharedMemorySize.judge(subject, {})].flatMap((judgement) =>
    "fix" in judgement ? (judgement.fix ?? []) : [],
  );
}

const NO_SIZE =
  `advisory [GPU-12] Job ml/mnist: ${EMPTY_DIR}.sizeLimit is absent; allowed: a size below the memory limit. ` +
  "Set it, for example to a quarter of the memory limit.";

function noMemory(observed: string): string {
  return (
    `advisory [GPU-12] Job ml/mnist: ${EMPTY_DIR}.medium is ${observed}; allowed: Memory. ` +
    "Set it to Memory; else what processes share goes over the disk."
  );
}

function tooLarge(size: string): string {
  return (
    `advisory [GPU-12] Job ml/mnist: ${EMPTY_DIR}.sizeLimit is "${size}", which is above the memory limit of a container that ` +
    "mounts the volume; allowed: a size within the memory limit. Lower it, or raise the memory limit."
  );
}

describe("GPU-12 size of shared memory", () => {
  it.each<[string, TestResource]>([
    ["a size within the limit", sharing(FITTING)],
    ["a size equal to the limit", sharing({ ...FITTING, sizeLimit: "32Gi" })],
    ["a size without a memory limit", sharing(FITTING, limited({ "nvidia.com/gpu": 4 }))],
    ["a size that is no quantity", sharing({ ...FITTING, sizeLimit: "all" })],
    ["a volume of pods without GPUs", sharing({}, limited({ memory: "1Gi" }))],
    [
      "a volume that is mounted elsewhere",
      sharing({}, { ...GPUS, volumeMounts: [{ name: "shm", mountPath: "/tmp" }] }),
    ],
    [
      "a volume that another one is mounted beside",
      sharing({}, { ...GPUS, volumeMounts: [{ name: "other", mountPath: "/dev/shm" }] }),
    ],
    [
      "another kind of volume",
      job({ ...GPUS, ...MOUNTED }, { volumes: [{ name: "shm", hostPath: { path: "/dev/shm" } }] }),
    ],
    [
      "a size above the limit of a container beside",
      sharing(FITTING, GPUS, { initContainers: [limited({ memory: "1Gi" })] }),
    ],
    ["no volumes", job({ ...GPUS, ...MOUNTED })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([sharedMemorySize], resource)).toEqual([]);
  });

  it.each<[string, TestResource, string[]]>([
    ["a volume on disk", sharing({ sizeLimit: "8Gi" }), [noMemory("absent")]],
    ["an empty medium", sharing({ ...FITTING, medium: "" }), [noMemory("absent")]],
    ["another medium", sharing({ ...FITTING, medium: "HugePages" }), [noMemory('"HugePages"')]],
    ["a volume without anything", sharing({}), [noMemory("absent"), NO_SIZE]],
    ["no size", sharing({ medium: "Memory" }), [NO_SIZE]],
    ["a size that is null", sharing({ medium: "Memory", sizeLimit: null }), [NO_SIZE]],
    [
      "no size beside a memory limit that is not known",
      sharing({ medium: "Memory" }, limited({ memory: UNKNOWN_STRING, "nvidia.com/gpu": 4 })),
      [NO_SIZE],
    ],
    ["a size above the limit", sharing({ ...FITTING, sizeLimit: "33Gi" }), [tooLarge("33Gi")]],
    [
      "a size above the limit of one of two containers",
      sharing(FITTING, GPUS, { initContainers: [{ ...MOUNTED, ...limited({ memory: "4Gi", "nvidia.com/gpu": 1 }) }] }),
      [tooLarge("8Gi")],
    ],
  ])("refuses %s", (_case, resource, messages) => {
    expect(lines(analyze([sharedMemorySize], resource))).toEqual(messages);
  });

  it("reaches into the workers of a training job", () => {
    const template = {
      spec: {
        containers: [{ name: "tensorflow", ...GPUS, ...MOUNTED }],
        volumes: [{ name: "shm", emptyDir: { medium: "Memory" } }],
      },
    };
    const spec = { tfReplicaSpecs: { Worker: { template } } };
    const props = { apiVersion: "kubeflow.org/v1", kind: "TFJob", metadata: { name: "mnist" }, spec };

    expect(lines(analyze([sharedMemorySize], { type: "kubernetes:kubeflow.org/v1:TFJob", props }))).toEqual([
      "advisory [GPU-12] TFJob mnist: spec.tfReplicaSpecs.Worker.template.spec.volumes[0].emptyDir.sizeLimit is absent; " +
        "allowed: a size below the memory limit. Set it, for example to a quarter of the memory limit.",
    ]);
  });

  it.each<[string, TestResource, string]>([
    ["the medium", sharing({ ...FITTING, medium: UNKNOWN_STRING }), `${EMPTY_DIR}.medium`],
    ["the size", sharing({ ...FITTING, sizeLimit: UNKNOWN_STRING }), `${EMPTY_DIR}.sizeLimit`],
    ["the volume", sharing(UNKNOWN_STRING), `${EMPTY_DIR}.medium, ${EMPTY_DIR}.sizeLimit`],
    [
      "the memory limit",
      sharing(FITTING, limited({ memory: UNKNOWN_STRING, "nvidia.com/gpu": 4 })),
      "spec.template.spec.containers[0].resources.limits.memory",
    ],
    [
      "the name of the volume",
      job({ ...GPUS, ...MOUNTED }, { volumes: [{ name: UNKNOWN_STRING, emptyDir: { medium: "Memory" } }] }),
      "spec.template.spec.volumes[0].name",
    ],
    [
      "the mounts",
      sharing({ medium: "Memory" }, { ...GPUS, volumeMounts: UNKNOWN_STRING }),
      "spec.template.spec.containers[0].volumeMounts",
    ],
    [
      "the number of GPUs",
      sharing({ medium: "Memory" }, limited({ "nvidia.com/gpu": UNKNOWN_STRING })),
      'spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"]',
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([sharedMemorySize], resource))).toEqual([
      `advisory [GPU-12] Job ml/mnist: ${path} is not known yet; allowed: a value that keeps "Shared memory is in memory, and ` +
        'within the memory limit". It is judged at update, before the object is created.',
    ]);
  });

  it("sets the medium, and a size of a quarter of the least memory limit", () => {
    const two = sharing({}, GPUS, {
      initContainers: [{ ...MOUNTED, ...limited({ memory: "4Gi", "nvidia.com/gpu": 1 }) }],
    });

    expect(fixOf(two)).toEqual([
      { path: `${EMPTY_DIR}.medium`, value: "Memory" },
      { path: `${EMPTY_DIR}.sizeLimit`, value: "1Gi" },
    ]);
    const reversed = sharing({}, limited({ memory: "4Gi", "nvidia.com/gpu": 1 }), {
      initContainers: [{ ...MOUNTED, ...GPUS }],
    });
    expect(fixOf(reversed)[1]).toEqual({ path: `${EMPTY_DIR}.sizeLimit`, value: "1Gi" });
  });

  it.each<[string, TestResource]>([
    ["a container has no memory limit", sharing({ medium: "Memory" }, limited({ "nvidia.com/gpu": 4 }))],
    [
      "one of two has no memory limit",
      sharing({ medium: "Memory" }, GPUS, { initContainers: [{ ...MOUNTED, ...limited({ "nvidia.com/gpu": 1 }) }] }),
    ],
    ["the size is above the limit", sharing({ ...FITTING, sizeLimit: "33Gi" })],
  ])("offers no size where %s", (_case, resource) => {
    expect(fixOf(resource)).toEqual([]);
  });

  it("goes by containers that use the volume only", () => {
    const beside = { initContainers: [limited({ memory: "1Gi", "nvidia.com/gpu": 1 })] };

    expect(fixOf(sharing({ medium: "Memory" }, GPUS, beside))).toEqual([
      { path: `${EMPTY_DIR}.sizeLimit`, value: "8Gi" },
    ]);
  });
});
