import { describe, expect, it } from "vitest";
import { type PyTorchJobArgs, pyTorchJobManifest, validatePyTorchJob } from "../../../../components/workloads/training";

const image = "ghcr.io/acme/train:1.4.0";

interface Spec {
  nprocPerNode: string;
  elasticPolicy?: object;
  runPolicy: { backoffLimit: number; schedulingPolicy: { minAvailable: number } };
  pytorchReplicaSpecs: Record<
    string,
    { replicas: number; restartPolicy: string; template: { spec: { containers: { name: string }[] } } }
  >;
}

const specOf = (args: Partial<PyTorchJobArgs> = {}) => pyTorchJobManifest("resnet", { image, ...args }).spec as Spec;
const reasonsOf = (args: Partial<PyTorchJobArgs>, name = "resnet") =>
  validatePyTorchJob(name, { image, ...args }).map(({ reason }) => reason);

describe("the nodes of a PyTorchJob", () => {
  it.each([
    ["a master", {}, { Master: 1 }],
    ["a master and workers", { nodes: 4 }, { Master: 1, Worker: 3 }],
    ["workers alone where they come and go", { nodes: 4, elastic: {} }, { Worker: 4 }],
  ])("are %s", (_what, args, expected) => {
    const { pytorchReplicaSpecs } = specOf(args);
    expect(
      Object.fromEntries(Object.entries(pytorchReplicaSpecs).map(([role, { replicas }]) => [role, replicas])),
    ).toEqual(expected);
  });

  it("are alike, in the container that the operator demands", () => {
    const { Master: master, Worker: worker } = specOf({ nodes: 2, gpus: 4 }).pytorchReplicaSpecs;
    expect(worker!.template.spec).toEqual(master!.template.spec);
    expect(master!.template.spec.containers.map(({ name }) => name)).toEqual(["pytorch"]);
  });

  it.each([
    ["as many as GPUs", { gpus: 8 }, "8"],
    ["one for the default GPU", {}, "1"],
    ["one without GPUs", { gpus: 0 }, "1"],
    ["as many as asked for", { gpus: 0, processesPerNode: 4 }, "4"],
    ["one for a slice of a GPU", { gpuSharing: "mig", migProfile: "1g.10gb" } as const, "1"],
  ])("start processes: %s", (_how, args, processes) => {
    expect(specOf(args).nprocPerNode).toBe(processes);
  });
});

describe("the run of a PyTorchJob", () => {
  it("starts all nodes at once, and failed ones again", () => {
    const { runPolicy, pytorchReplicaSpecs } = specOf({ nodes: 4 });
    expect(runPolicy).toMatchObject({ backoffLimit: 12, schedulingPolicy: { minAvailable: 4 } });
    expect(Object.values(pytorchReplicaSpecs).map(({ restartPolicy }) => restartPolicy)).toEqual([
      "OnFailure",
      "OnFailure",
    ]);
  });

  it("starts with the least nodes with which an elastic one goes on", () => {
    const { runPolicy, elasticPolicy } = specOf({ nodes: 4, elastic: { minNodes: 3, maxRestarts: 9 } });
    expect(runPolicy.schedulingPolicy.minAvailable).toBe(3);
    expect(elasticPolicy).toEqual({ rdzvBackend: "c10d", minReplicas: 3, maxReplicas: 4, maxRestarts: 9 });
    expect(specOf({ nodes: 4, elastic: {} }).elasticPolicy).toMatchObject({ minReplicas: 1, maxRestarts: 3 });
  });
});

describe("a PyTorchJob is refused", () => {
  it.each([
    [
      "with more nodes at least than at all",
      { nodes: 2, elastic: { minNodes: 3 } },
      "elastic.minNodes is 3; allowed: a whole number from 1 to 2. Set elastic.minNodes within that range.",
    ],
    [
      "with a variable by which nodes find each other",
      { env: { MASTER_ADDR: "10.0.0.1" } },
      'env["MASTER_ADDR"] is "MASTER_ADDR"; allowed: what the training operator does not set. Remove the variable.',
    ],
  ])("%s", (_what, args, reason) => {
    expect(reasonsOf(args)).toEqual([reason]);
  });

  it("with a name that those of its pods make too long", () => {
    expect(reasonsOf({ nodes: 12 }, "x".repeat(54))).toEqual([
      `objectName is "${"x".repeat(54)}"; allowed: at most 53 characters as "-worker-10" is added to it. Shorten it.`,
    ]);
  });
});
