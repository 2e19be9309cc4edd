import { describe, expect, it } from "vitest";
import { type TrainJobArgs, TrainJobFramework, trainJobManifest } from "../../../../components/workloads/training";
import { frameworkFacts } from "../../../../components/workloads/training/train-job-frameworks";
import { defaultTrainingRuntimes } from "../../../../components/platform/operators/default-training-runtimes";
import { trainingRuntimeManifest } from "../../../../components/platform/operators/training-runtime-manifest";

const image = "ghcr.io/acme/train:1.4.0";

interface PodPatch {
  metadata: { labels: Record<string, string>; annotations: Record<string, string> };
  spec?: Record<string, unknown> & {
    containers?: { name: string; securityContext: object; volumeMounts?: object[] }[];
  };
}

interface Spec {
  runtimeRef: object;
  initializer?: object;
  trainer: {
    image?: string;
    env?: { name: string }[];
    numNodes: number;
    numProcPerNode?: number;
    resourcesPerNode: { limits: Record<string, string> };
  };
  runtimePatches: {
    manager: string;
    trainingRuntimeSpec: {
      template: { spec: { replicatedJobs: { name: string; template: { spec: { template: PodPatch } } }[] } };
    };
  }[];
}

interface Runtime {
  mlPolicy: { mpi?: { runLauncherAsNode: boolean } };
  template: {
    spec: {
      replicatedJobs: {
        name: string;
        template: { spec: { template: { spec: { containers: { name: string }[] } } } };
      }[];
    };
  };
}

const specOf = (args: TrainJobArgs = {}) => trainJobManifest("resnet", args).spec as Spec;
const patchesOf = (args: TrainJobArgs = {}) =>
  specOf(args).runtimePatches[0]!.trainingRuntimeSpec.template.spec.replicatedJobs.map(({ name, template }) => ({
    name,
    ...template.spec.template,
  }));

describe("the runtime of a TrainJob", () => {
  const runtimes = defaultTrainingRuntimes();
  const standard = Object.values(TrainJobFramework).filter(
    (framework) => frameworkFacts(framework).runtime !== undefined,
  );

  it("is one that the platform's Trainer makes, for each framework that it makes one for", () => {
    expect(standard.map((framework) => frameworkFacts(framework).runtime).sort()).toEqual(Object.keys(runtimes).sort());
  });

  it.each(standard)("has the jobs and containers that a job of %s patches", (framework) => {
    const { runtime = "", leastNodes } = frameworkFacts(framework);
    const { template, mlPolicy } = trainingRuntimeManifest(runtime, runtimes[runtime]!).spec as unknown as Runtime;
    const containers = new Map(
      template.spec.replicatedJobs.map((job) => [
        job.name,
        job.template.spec.template.spec.containers.map(({ name }) => name),
      ]),
    );
    for (const { name, spec } of patchesOf({ framework, nodes: leastNodes })) {
      expect(containers.get(name), name).toEqual(spec?.containers?.map((container) => container.name));
    }
    // Only then does Trainer give the hardware of a job to the nodes too.
    expect(mlPolicy.mpi?.runLauncherAsNode ?? true).toBe(true);
  });

  it.each<[string, TrainJobArgs, object]>([
    ["that of the framework", { framework: "jax" }, { name: "jax-distributed" }],
    ["that of PyTorch where nothing is said", {}, { name: "torch-distributed" }],
    ["the one that is named", { framework: "mpi", runtime: "horovod", nodes: 2 }, { name: "horovod" }],
    [
      "one of the namespace",
      { runtime: "mine", runtimeKind: "TrainingRuntime" },
      { name: "mine", kind: "TrainingRuntime" },
    ],
  ])("is %s", (_which, args, reference) => {
    expect(specOf(args).runtimeRef).toEqual(reference);
  });
});

describe("the nodes of a TrainJob", () => {
  it("have their program and their size from its trainer", () => {
    expect(
      specOf({ image, command: ["torchrun", "train.py"], args: ["--steps=5"], nodes: 4, gpus: 8 }).trainer,
    ).toEqual({
      image,
      command: ["torchrun", "train.py"],
      args: ["--steps=5"],
      env: [{ name: "NCCL_DEBUG", value: "WARN" }],
      numNodes: 4,
      numProcPerNode: 8,
      resourcesPerNode: {
        requests: { cpu: "24", memory: "96Gi", "nvidia.com/gpu": "8" },
        limits: { memory: "96Gi", "nvidia.com/gpu": "8" },
      },
    });
  });

  it("keep the image of the runtime unless they bring one", () => {
    expect(specOf().trainer.image).toBeUndefined();
  });

  it.each<[string, TrainJobArgs, number | undefined]>([
    ["one for each GPU", { gpus: 4 }, 4],
    ["one for a slice of a GPU, which Trainer would not count", { gpuSharing: "mig", migProfile: "1g.10gb" }, 1],
    ["one without GPUs", { gpus: 0, cpu: "16" }, 1],
    ["as many as asked for", { gpus: 0, processesPerNode: 4 }, 4],
    ["up to the program where the framework has no say", { framework: "jax", gpus: 4 }, undefined],
  ])("start processes: %s", (_how, args, processes) => {
    expect(specOf(args).trainer.numProcPerNode).toBe(processes);
  });

  it.each<[TrainJobArgs, number, string[]]>([
    [{}, 1, ["node"]],
    [{ framework: "deepspeed" }, 2, ["launcher", "node"]],
    [{ framework: "mpi", runtime: "horovod", nodes: 4 }, 4, ["launcher", "node"]],
  ])("are patched in every job of the runtime that has some: %j", (args, nodes, jobs) => {
    expect(specOf(args).trainer.numNodes).toBe(nodes);
    expect(patchesOf(args).map(({ name }) => name)).toEqual(jobs);
  });

  it("have the rest of a pod from a patch that nobody else writes", () => {
    const args: TrainJobArgs = {
      pool: "h100",
      gpus: 8,
      nodes: 2,
      runAsUser: 1000,
      serviceAccountName: "lake-reader",
      topology: { level: "zone" },
      annotations: { "example.com/note": "x" },
      volumes: [{ name: "data", mountPath: "/data", persistentVolumeClaim: "demand", readOnly: true }],
    };
    expect(specOf(args).runtimePatches.map(({ manager }) => manager)).toEqual(["mlstack.dev/workload"]);
    const [patch] = patchesOf(args);
    expect(patch?.metadata).toMatchObject({
      labels: { "app.kubernetes.io/name": "resnet", "sidecar.istio.io/inject": "false" },
      annotations: { "example.com/note": "x", "karpenter.sh/do-not-disrupt": "true" },
    });
    expect(patch?.spec).toEqual({
      nodeSelector: { "mlstack.dev/pool": "h100" },
      tolerations: [{ key: "nvidia.com/gpu", effect: "NoSchedule", operator: "Exists" }],
      affinity: {
        podAffinity: {
          preferredDuringSchedulingIgnoredDuringExecution: [
            {
              weight: 100,
              podAffinityTerm: {
                labelSelector: { matchLabels: { "app.kubernetes.io/name": "resnet" } },
                topologyKey: "topology.kubernetes.io/zone",
              },
            },
          ],
        },
      },
      serviceAccountName: "lake-reader",
      securityContext: {
        seccompProfile: { type: "RuntimeDefault" },
        runAsNonRoot: true,
        runAsUser: 1000,
        fsGroup: 1000,
        fsGroupChangePolicy: "OnRootMismatch",
      },
      containers: [
        {
          name: "node",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          volumeMounts: [
            { name: "shared-memory", mountPath: "/dev/shm" },
            { name: "data", mountPath: "/data", readOnly: true },
          ],
        },
      ],
      volumes: [
        { name: "shared-memory", emptyDir: { medium: "Memory", sizeLimit: "24576Mi" } },
        { name: "data", persistentVolumeClaim: { claimName: "demand" } },
      ],
    });
  });

  it("set no variable in a patch, which Trainer refuses", () => {
    const [patch] = patchesOf({ env: { EPOCHS: "9" }, nodes: 2 });
    expect(patch?.spec?.containers?.map((container) => Object.keys(container))).toEqual([
      ["name", "securityContext", "volumeMounts"],
    ]);
    expect(specOf({ env: { EPOCHS: "9" }, nodes: 2 }).trainer.env?.map(({ name }) => name)).toEqual([
      "NCCL_DEBUG",
      "EPOCHS",
    ]);
  });

  it.each<[string, TrainJobArgs, object | undefined]>([
    [
      "keep off GPU nodes without GPUs, as the runtime tolerates their taint",
      { gpus: 0 },
      { matchExpressions: [{ key: "mlstack.dev/gpu-model", operator: "DoesNotExist" }] },
    ],
    ["run where they are told to without GPUs", { gpus: 0, pool: "t4" }, undefined],
    ["run anywhere with GPUs", { gpus: 1 }, undefined],
  ])("%s", (_where, args, term) => {
    const affinity = patchesOf(args)[0]?.spec?.["affinity"] as
      { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: object[] } } } | undefined;
    expect(affinity?.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0]).toEqual(term);
  });
});

describe("what a TrainJob fetches", () => {
  const args: TrainJobArgs = {
    runtime: "fine-tuning",
    dataset: { storageUri: "s3://lake/demand", secretName: "lake" },
    model: { storageUri: "hf://acme/small", env: { REVISION: "main" } },
    serviceAccountName: "lake-reader",
  };

  it("is told to the runtime, with the Secret that it takes", () => {
    expect(specOf(args).initializer).toEqual({
      dataset: { storageUri: "s3://lake/demand", secretRef: { name: "lake" } },
      model: { storageUri: "hf://acme/small", env: [{ name: "REVISION", value: "main" }] },
    });
    expect(specOf().initializer).toBeUndefined();
  });

  it("is fetched by pods with the rights of the job, which no proxy of a mesh keeps alive", () => {
    const [dataset, model] = patchesOf(args);
    for (const patch of [dataset, model]) {
      expect(patch).toMatchObject({
        metadata: { labels: { "sidecar.istio.io/inject": "false", "app.kubernetes.io/component": patch?.name } },
        spec: { serviceAccountName: "lake-reader" },
      });
    }
    expect(patchesOf(args).map(({ name }) => name)).toEqual(["dataset-initializer", "model-initializer", "node"]);
  });
});
