import { describe, expect, it } from "vitest";
import { gpuDeviceAccess } from "../../../../policies/gpu-ml/pods/gpu-device-access";
import { analyze, job, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

const SPEC = "spec.template.spec";
const ONE_GPU = { resources: { limits: { "nvidia.com/gpu": 1 } } };
const PLUGIN = { image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0" };

function mounting(path: unknown, container: object = {}): TestResource {
  return job(container, {
    volumes: [
      { name: "data", emptyDir: {} },
      { name: "device", hostPath: { path } },
    ],
  });
}

describe("GPU-06 access to GPUs", () => {
  it.each<[string, TestResource]>([
    ["neither", job()],
    ["another runtime class", job({}, { runtimeClassName: "gvisor" })],
    ["a GPU with its runtime class", job(ONE_GPU, { runtimeClassName: "nvidia" })],
    ["a GPU with a device file", mounting("/dev/nvidia0", ONE_GPU)],
    ["a MIG slice", job({ resources: { limits: { "nvidia.com/mig-1g.5gb": 1 } } }, { runtimeClassName: "nvidia" })],
    ["another device", mounting("/dev/fuse")],
    ["another path that ends like one", mounting("/data/dev/nvidia0")],
    ["a path that is no text", mounting(7)],
    ["the device plugin", job(PLUGIN, { runtimeClassName: "nvidia" })],
    ["volumes that are no list", job({}, { volumes: "all" })],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([gpuDeviceAccess], resource)).toEqual([]);
  });

  it.each(["nvidia", "nvidia-cdi", "nvidia-legacy"])(
    "refuses the runtime class %s without a GPU",
    (runtimeClassName) => {
      expect(lines(analyze([gpuDeviceAccess], job({}, { runtimeClassName })))).toEqual([
        `mandatory [GPU-06] Job ml/mnist: ${SPEC}.runtimeClassName is "${runtimeClassName}", although the pods ask for no ` +
          "GPU; allowed: a runtime class without GPUs, or none. Ask for GPUs in limits, or remove it.",
      ]);
    },
  );

  it.each(["/dev/nvidia0", "/dev/nvidiactl", "/dev//nvidia-uvm", "/dev/./nvidia0"])("refuses the device %s", (path) => {
    expect(lines(analyze([gpuDeviceAccess], mounting(path)))).toEqual([
      `mandatory [GPU-06] Job ml/mnist: ${SPEC}.volumes[1].hostPath.path is a device file of a GPU, although the pods ask ` +
        "for none; allowed: a path other than /dev/nvidia…. Ask for GPUs in limits, or remove the volume.",
    ]);
  });

  it("asks a device plugin with another container beside it", () => {
    const beside = job(PLUGIN, { runtimeClassName: "nvidia", initContainers: [{ image: "registry.example/tools:1" }] });

    expect(analyze([gpuDeviceAccess], beside)).toHaveLength(1);
  });

  it("reaches into the templates of a workflow", () => {
    const templates = [
      { name: "train", volumes: [{ name: "d", hostPath: { path: "/dev/nvidia0" } }], container: { image: "a:1" } },
    ];
    const props = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      metadata: { name: "w" },
      spec: { entrypoint: "train", templates },
    };

    expect(lines(analyze([gpuDeviceAccess], { type: "kubernetes:argoproj.io/v1alpha1:Workflow", props }))).toEqual([
      "mandatory [GPU-06] Workflow w: spec.templates[0].volumes[0].hostPath.path is a device file of a GPU, although the pods " +
        "ask for none; allowed: a path other than /dev/nvidia…. Ask for GPUs in limits, or remove the volume.",
    ]);
  });

  it.each<[string, TestResource, string]>([
    ["the runtime class", job({}, { runtimeClassName: UNKNOWN_STRING }), "runtimeClassName"],
    ["the volumes", job({}, { volumes: UNKNOWN_STRING }), "volumes"],
    ["a volume", job({}, { volumes: [UNKNOWN_STRING] }), "volumes[0]"],
    ["the path", mounting(UNKNOWN_STRING), "volumes[1].hostPath.path"],
    ["the resources", mounting("/dev/nvidia0", { resources: UNKNOWN_STRING }), "containers[0].resources"],
    ["the image", job({ image: UNKNOWN_STRING }, { runtimeClassName: "nvidia" }), "containers[0].image"],
    ["the containers", job({}, { runtimeClassName: "nvidia", containers: UNKNOWN_STRING }), "containers"],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([gpuDeviceAccess], resource))).toEqual([
      `advisory [GPU-06] Job ml/mnist: ${SPEC}.${path} is not known yet; allowed: a value that keeps ` +
        '"Pods reach GPUs only by asking for them". It is judged at update, before the object is created.',
    ]);
  });

  it("goes by the runtime classes and images that configuration names", () => {
    const rule = { runtimeClasses: ["acme-gpu"], agentImages: ["registry.example/agent"] };
    const config = { gpu: { rules: { "GPU-06": rule } } };

    expect(analyze([gpuDeviceAccess], job({}, { runtimeClassName: "nvidia" }), config)).toEqual([]);
    expect(analyze([gpuDeviceAccess], job({}, { runtimeClassName: "acme-gpu" }), config)).toHaveLength(1);
    const agent = job({ image: "registry.example/agent:2" }, { runtimeClassName: "acme-gpu" });
    expect(analyze([gpuDeviceAccess], agent, config)).toEqual([]);
  });

  it.each(["nvidia", [1]])("takes no %j for a list of runtime classes", (names) => {
    expect(gpuDeviceAccess.parameters.runtimeClasses.accepts(names)).toBe(false);
  });
});
