import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import {
  defaultTrainingRuntimes,
  TrainingGangScheduler,
  TrainingRuntime,
  type TrainingRuntimeArgs,
  TrainingRuntimeKind,
  trainingRuntimeManifest,
} from "../../../../components/platform/operators";
import { expectGolden, toYaml } from "../../../support/golden";
import { childList, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { hasUpstream, upstreamFolder } from "../../../support/platform-mirror";

const image = "registry.example.com/train:1.2.3";
const reasonsOf = (args: TrainingRuntimeArgs) => problemsOf(() => new TrainingRuntime("llm", args)).reasons;

interface Runtime {
  metadata: { name: string; labels: Record<string, string> };
  spec: {
    mlPolicy: object;
    template: {
      spec: {
        network?: object;
        successPolicy?: object;
        replicatedJobs: { name: string; dependsOn?: object; template: { metadata?: object; spec: JobSpec } }[];
      };
    };
  };
}
interface JobSpec {
  template: { spec: { containers: Record<string, unknown>[] } };
}

describe("TrainingRuntime", () => {
  it("creates a runtime for all namespaces, and tells its name and kind", async () => {
    const program = await startMocks();
    const runtime = new TrainingRuntime("llm", { image: pulumi.output(image) });
    expect(await valueOf(pulumi.all([runtime.runtimeName, runtime.runtimeKind, runtime.ready]))).toEqual([
      "llm",
      "ClusterTrainingRuntime",
      true,
    ]);
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:TrainingRuntime llm",
      "kubernetes:trainer.kubeflow.org/v1alpha1:ClusterTrainingRuntime llm-runtime < llm",
    ]);
  });

  it("creates a runtime of one namespace", async () => {
    const program = await startMocks();
    new TrainingRuntime("llm", { image, namespace: "team-a" });
    expect((await program.resource("llm-runtime")).type).toBe(
      "kubernetes:trainer.kubeflow.org/v1alpha1:TrainingRuntime",
    );
  });
});

describe("the manifest of a training runtime", () => {
  it.each(Object.entries(defaultTrainingRuntimes()))("is that of %s", (name, args) => {
    expectGolden(`training-runtime-${name}.yaml`, toYaml(trainingRuntimeManifest(name, args)));
  });

  it("has everything that can be asked for", () => {
    const manifest = trainingRuntimeManifest("llm", {
      kind: TrainingRuntimeKind.mpi,
      runtimeName: "llama",
      namespace: "team-a",
      framework: "nemo",
      image,
      command: ["mpirun"],
      args: ["python", "train.py"],
      nodes: 4,
      processesPerNode: 8,
      gpusPerNode: 8,
      cpu: "64",
      memory: "512Gi",
      pool: "h100",
      tolerations: [{ key: "example.com/team", value: "a" }],
      env: { NCCL_DEBUG: "INFO" },
      workingDir: "/opt/train",
      sharedMemory: "64Gi",
      runAsUser: 2000,
      serviceAccountName: "trainer",
      gang: { scheduler: TrainingGangScheduler.coscheduling, timeoutSeconds: 120 },
      maxRestarts: 2,
      ttlSecondsAfterFinished: 600,
      mpi: { launcherIsNode: false, sshFolder: "/ssh", sshServerConfig: "/etc/sshd", sshPort: 2022 },
      labels: { "example.com/team": "a" },
      spec: { template: { metadata: { labels: { "example.com/cost": "research" } } } },
    });
    expectGolden("training-runtime-all-arguments.yaml", toYaml(manifest));
  });

  it.each(Object.entries(defaultTrainingRuntimes()))(
    "runs %s without root, in a folder that it can write",
    (_, args) => {
      const { spec } = trainingRuntimeManifest("standard", args) as unknown as Runtime;
      for (const { template } of spec.template.spec.replicatedJobs) {
        const pod = template.spec.template.spec;
        expect(pod).toMatchObject({ securityContext: { runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 } });
        if (args.kind === TrainingRuntimeKind.mpi) continue;
        expect(pod.containers).toMatchObject([{ workingDir: "/tmp", env: [{ name: "HOME", value: "/tmp" }, {}] }]);
      }
    },
  );

  it("keeps jobs without GPUs off GPU nodes", () => {
    const manifest = JSON.stringify(trainingRuntimeManifest("cpu", { image, gpusPerNode: 0 }));
    expect(manifest).not.toContain("nvidia.com/gpu");
  });

  it("says nothing of how processes find each other where the program does that itself", () => {
    expect(trainingRuntimeManifest("own", { kind: TrainingRuntimeKind.plain, image, nodes: 2 }).spec).toMatchObject({
      mlPolicy: { numNodes: 2 },
    });
  });

  it("leaves all pods at once to Volcano", () => {
    const gang = { scheduler: TrainingGangScheduler.volcano };
    expect(trainingRuntimeManifest("llm", { image, gang }).spec["podGroupPolicy"]).toEqual({ volcano: {} });
  });

  it.skipIf(!hasUpstream).each(Object.entries(defaultTrainingRuntimes()))(
    "of %s does what upstream's does",
    (name, args) => {
      const text = readFileSync(join(upstreamFolder, "trainer/runtimes/runtimes.yaml"), "utf8");
      const all = parseAllDocuments(text).map((document) => document.toJS() as Runtime);
      const upstream = all.find(({ metadata }) => metadata.name === name)!;
      const own = trainingRuntimeManifest(name, args) as unknown as Runtime;
      expect(own.spec.mlPolicy).toEqual(upstream.spec.mlPolicy);
      const label = "trainer.kubeflow.org/framework";
      expect(own.metadata.labels[label]).toBe(upstream.metadata.labels[label]);
      const [ours, theirs] = [own, upstream].map(({ spec }) => ({
        network: spec.template.spec.network,
        successPolicy: spec.template.spec.successPolicy,
        jobs: spec.template.spec.replicatedJobs.map((job) => ({
          name: job.name,
          dependsOn: job.dependsOn,
          metadata: job.template.metadata,
          containers: job.template.spec.template.spec.containers.map(
            ({ name, image, command, args, readinessProbe }) => ({
              name,
              image: String(image).replace(/^docker\.io\//, ""),
              command,
              args,
              readinessProbe,
            }),
          ),
        })),
      }));
      expect(ours).toEqual(theirs);
    },
  );
});

describe("the inputs of a training runtime", () => {
  it.each<[string, TrainingRuntimeArgs, string[]]>([
    [
      "an image that may be another one tomorrow",
      { image: "registry.example.com/train" },
      [
        'image is "registry.example.com/train"; allowed: an image with a tag other than latest, or a digest. Name the release.',
      ],
    ],
    [
      "no image, as there is no default",
      {} as TrainingRuntimeArgs,
      ["image is missing; allowed: an image. Name the image of the nodes."],
    ],
    [
      "settings of MPI with another kind",
      { image, processesPerNode: 4, mpi: { sshPort: 2222 } },
      [
        "processesPerNode is 4; allowed: a number with the kind mpi. Runtimes of kind torch have no such field. " +
          "A TrainJob says it in trainer.numProcPerNode.",
        'mpi is {"sshPort":2222}; allowed: set with the kind mpi. Runtimes of kind torch have no such field.',
      ],
    ],
    [
      "a timeout of Volcano's",
      { image, gang: { scheduler: TrainingGangScheduler.volcano, timeoutSeconds: 60 } },
      [
        "gang.timeoutSeconds is 60; allowed: a number with the scheduler coscheduling. " +
          "Volcano has a timeout of its own.",
      ],
    ],
    [
      "an unknown kind",
      { image, kind: "horovod" as TrainingRuntimeKind },
      ['kind is "horovod"; allowed: torch, mpi, jax, xgboost, plain. Set kind to one of these.'],
    ],
    [
      "a folder that is not from the root",
      { image, workingDir: "train" },
      ['workingDir is "train"; allowed: a path from the root. Start it with a slash.'],
    ],
    [
      "a port that takes root",
      { image, kind: TrainingRuntimeKind.mpi, mpi: { sshPort: 22 } },
      ["mpi.sshPort is 22; allowed: a whole number from 1024 to 65535. Set mpi.sshPort within that range."],
    ],
  ])("refuse %s", (_, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });

  it("accept a digest", () => {
    expect(reasonsOf({ image: `registry.example.com/train@sha256:${"0".repeat(64)}` })).toEqual([]);
  });
});
