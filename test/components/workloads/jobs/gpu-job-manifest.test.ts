import { describe, expect, it } from "vitest";
import { type GpuJobArgs, gpuJobManifest, gpuPoolShape, TaintEffect } from "../../../../components";
import { hardwareOf } from "../../../../components/workloads/pods";
import { compareQuantities, gpuInstanceTypes, nodeResources } from "../../../../components/model";
import { expectGolden, toYaml } from "../../../support/golden";

const image = "ghcr.io/acme/mnist:1.4.0";

describe("gpuJobManifest", () => {
  it.each<[string, GpuJobArgs]>([
    ["gpu-job-minimal.yaml", { image }],
    ["gpu-job-several-gpus.yaml", { image, gpus: 4 }],
    ["gpu-job-parallel.yaml", { image, parallelism: 2, completions: 8 }],
    [
      "gpu-job-all-arguments.yaml",
      {
        image,
        command: ["python", "train.py"],
        args: ["--steps", "500"],
        env: { EPOCHS: "10" },
        secretEnv: { TOKEN: { name: "tracking", key: "token" } },
        gpus: 2,
        cpu: "16",
        memory: "64Gi",
        sharedMemory: "8Gi",
        pool: "train",
        tolerations: [{ key: "team", value: "vision", effect: TaintEffect.noExecute }, { key: "night" }],
        priorityClassName: "research",
        volumes: [
          { name: "data", mountPath: "/data", persistentVolumeClaim: "imagenet", readOnly: true },
          { name: "checkpoints", mountPath: "/checkpoints", persistentVolumeClaim: "checkpoints" },
          { name: "settings", mountPath: "/etc/settings", configMap: "settings" },
          { name: "keys", mountPath: "/etc/keys", secret: "keys" },
          { name: "scratch", mountPath: "/scratch", scratch: { sizeLimit: "100Gi" } },
        ],
        parallelism: 1,
        completions: 1,
        backoffLimit: 1,
        permanentExitCodes: [78, 2, 78],
        activeDeadlineSeconds: 7200,
        ttlSecondsAfterFinished: 600,
        objectName: "resnet",
        namespace: "ml",
        labels: { "example.com/team": "vision" },
        annotations: { "mlstack.dev/simulate": "succeed after=2s" },
        serviceAccountName: "trainer",
        runAsUser: 1000,
      },
    ],
  ])("%s", (file, args) => {
    expectGolden(file, toYaml(gpuJobManifest("mnist", args)));
  });
});

describe("the user of a job", () => {
  const userOf = (args: Partial<GpuJobArgs>) => gpuJobManifest("mnist", { image, ...args }).spec.template;
  const seccompProfile = { type: "RuntimeDefault" };

  it.each<[string, Partial<GpuJobArgs>, object]>([
    ["is the image's own, perhaps root", {}, {}],
    ["may be the image's own where that is not root", { runAsNonRoot: true }, { runAsNonRoot: true }],
    ["may be root where that is said", { runAsNonRoot: false }, {}],
    [
      "is given and shares its volumes' group, which is set once",
      { runAsUser: 1000 },
      { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" },
    ],
    [
      "is not root where it is given, whatever else is said",
      { runAsUser: 7, runAsNonRoot: false },
      { runAsNonRoot: true, runAsUser: 7, fsGroup: 7, fsGroupChangePolicy: "OnRootMismatch" },
    ],
  ])("%s", (_case, args, context) => {
    expect(userOf(args)).toMatchObject({ spec: { securityContext: { seccompProfile } } });
    expect((userOf(args) as { spec: { securityContext: object } }).spec.securityContext).toEqual({
      seccompProfile,
      ...context,
    });
  });
});

describe("the defaults of a job", () => {
  const facts = { pods: 1, defaultGpus: 1, pools: undefined };
  const withRoom = gpuInstanceTypes().filter(({ gpuCount, memoryGib }) => gpuCount > 0 && memoryGib >= 16 * gpuCount);

  it("are too large for no machine with whole GPUs but g5g.xlarge", () => {
    const wholeGpus = gpuInstanceTypes().filter(({ gpuCount }) => gpuCount > 0);
    const tooSmall = wholeGpus.filter((type) => !withRoom.includes(type));
    expect(tooSmall.map(({ instanceType }) => instanceType)).toEqual(["g5g.xlarge"]);
  });

  it.each(withRoom.map(({ instanceType, gpuCount }) => ({ instanceType, gpuCount })))(
    "fit all $gpuCount GPUs of a $instanceType",
    ({ instanceType, gpuCount }) => {
      const { cpu, memory } = hardwareOf({ gpus: gpuCount }, facts);
      const { allocatable } = nodeResources(gpuPoolShape("p", { instanceType, maxNodes: 1 }));
      expect(compareQuantities(cpu, allocatable.cpu)).toBeLessThan(0);
      expect(compareQuantities(memory, allocatable.memory)).toBeLessThan(0);
    },
  );

  it.each<[string, Partial<GpuJobArgs>, string | undefined]>([
    ["a quarter of the default memory", {}, "3072Mi"],
    ["more for several GPUs", { gpus: 2 }, "6144Mi"],
    ["a quarter of the memory that is given", { gpus: 2, memory: "10G" }, "2384Mi"],
    ["what is given", { sharedMemory: "1Gi" }, "1Gi"],
    ["none for memory that is no quantity", { gpus: 2, memory: "much" }, undefined],
  ])("give shared memory: %s", (_case, args, sharedMemory) => {
    expect(hardwareOf(args, facts).sharedMemory).toBe(sharedMemory);
  });
});
