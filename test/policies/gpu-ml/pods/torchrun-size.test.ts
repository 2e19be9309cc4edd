import { describe, expect, it } from "vitest";
import { Subject } from "../../../../policies/engine/subject";
import { torchrunSize } from "../../../../policies/gpu-ml/pods/torchrun-size";
import { analyze, job, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

const CONTAINER = "spec.template.spec.containers[0]";
const EIGHT = { resources: { limits: { "nvidia.com/gpu": 8 } } };

function running(args: unknown, command: unknown = ["torchrun"], container: object = EIGHT): TestResource {
  return job({ command, args, ...container });
}

function pyTorchJob(nnodes: string, workers: unknown, master?: object): TestResource {
  const containers = [{ name: "pytorch", args: [`--nnodes=${nnodes}`], ...EIGHT }];
  const template = { spec: { containers } };
  const roles = {
    ...(master === undefined ? {} : { Master: { ...master, template } }),
    Worker: { replicas: workers, template },
  };
  const props = {
    apiVersion: "kubeflow.org/v1",
    kind: "PyTorchJob",
    metadata: { name: "chat", namespace: "ml" },
    spec: { pytorchReplicaSpecs: roles },
  };
  return { type: "kubernetes:kubeflow.org/v1:PyTorchJob", props };
}

function parallel(resource: TestResource, fields: object): TestResource {
  const { spec } = resource.props as { spec: object };
  return { ...resource, props: { ...resource.props, spec: { ...spec, ...fields } } };
}

function processes(path: string, observed: string): string {
  return (
    `mandatory [GPU-16] Job ml/mnist: ${CONTAINER}.${path} is with ${observed}; allowed: 8, as the container has so many GPUs. ` +
    "Make --nproc-per-node and the GPUs in limits equal."
  );
}

function nodes(where: string, observed: string, pods: number): string {
  return (
    `mandatory [GPU-16] ${where} is with ${observed}; allowed: ${pods}, as the job has so many pods. ` +
    "Make --nnodes and the number of pods equal."
  );
}

describe("GPU-16 torchrun", () => {
  it.each<[string, TestResource]>([
    ["as many processes as GPUs", running(["--nproc-per-node=8", "train.py"])],
    ["the last of two numbers", running(["--nproc-per-node=4", "--nproc-per-node=8"])],
    ["a word that stands for what fits", running(["--nproc-per-node=gpu"])],
    ["a variable of a shell", running(["torchrun --nproc-per-node=$GPUS train.py"], ["sh", "-c"])],
    ["no option", running(["train.py"])],
    ["no GPU", running(["--nproc-per-node=4"], ["torchrun"], {})],
    ["arguments that are no text", running([7])],
    ["arguments that are not known for the script", running(["train.py", UNKNOWN_STRING])],
    ["arguments that are not known for a module", running(["-m", UNKNOWN_STRING])],
    ["arguments that are not known for another program", running([UNKNOWN_STRING], ["python"])],
    ["as many nodes as pods", pyTorchJob("2", 2)],
    ["as many nodes as pods of all roles", pyTorchJob("3", 2, {})],
    ["a range of nodes", pyTorchJob("1:4", 2)],
    ["a range of nodes for pods whose number is not known", pyTorchJob("1:4", UNKNOWN_STRING)],
    ["one node for a single pod", running(["--nnodes=1"])],
    ["one node for pods that do without each other", parallel(running(["--nnodes=1"]), { parallelism: 4 })],
    [
      "nodes of a kind whose groups are not known",
      {
        ...running(["--nnodes=4"]),
        props: { apiVersion: "v1", kind: "Pod", spec: { containers: [{ args: ["--nnodes=4"] }] } },
        type: "kubernetes:core/v1:Pod",
      },
    ],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([torchrunSize], resource)).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    ["fewer processes than GPUs", running(["--nproc-per-node=4", "train.py"]), processes("args[0]", "4")],
    ["the older spelling", running(["--nproc_per_node=4"]), processes("args[0]", "4")],
    ["an option in two parts", running(["train.py", "--nproc-per-node", "16"]), processes("args[2]", "16")],
    ["the last of two numbers", running(["--nproc-per-node=8", "--nproc-per-node=4"]), processes("args[1]", "4")],
    [
      "a line for a shell",
      running(undefined, ["sh", "-c", "torchrun --nproc-per-node='4' a.py"]),
      processes("command[2]", "4"),
    ],
    [
      "fewer nodes than pods",
      pyTorchJob("1", 2),
      nodes("PyTorchJob ml/chat: spec.pytorchReplicaSpecs.Worker.template.spec.containers[0].args[0]", "1", 2),
    ],
    [
      "more nodes than pods of an indexed job",
      parallel(running(["--nnodes=4"]), { parallelism: 2, completions: 2, completionMode: "Indexed" }),
      nodes(`Job ml/mnist: ${CONTAINER}.args[0]`, "4", 2),
    ],
    ["more nodes than the one pod", running(["--nnodes=2"]), nodes(`Job ml/mnist: ${CONTAINER}.args[0]`, "2", 1)],
    [
      "one node for pods that need each other",
      parallel(running(["--nnodes=1"]), { parallelism: 2, completions: 2, completionMode: "Indexed" }),
      nodes(`Job ml/mnist: ${CONTAINER}.args[0]`, "1", 2),
    ],
  ])("refuses %s", (_case, resource, message) => {
    expect(lines(analyze([torchrunSize], resource))).toEqual([message]);
  });

  it("reaches into the nodes of a TrainJob", () => {
    const trainer = { numNodes: 2, args: ["--nnodes=4"], resourcesPerNode: { limits: { "nvidia.com/gpu": 8 } } };
    const spec = { runtimeRef: { name: "torch" }, trainer };
    const props = { apiVersion: "trainer.kubeflow.org/v1alpha1", kind: "TrainJob", metadata: { name: "chat" }, spec };

    expect(
      lines(analyze([torchrunSize], { type: "kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob", props })),
    ).toEqual([nodes("TrainJob chat: spec.trainer.args[0]", "4", 2)]);
  });

  it("counts each pod of a job that has one of each role", () => {
    expect(analyze([torchrunSize], pyTorchJob("1", 1, {}))).toHaveLength(2);
  });

  describe("in a TrainJob with other pods beside its nodes", () => {
    const trainer = { numNodes: 2, args: ["--nnodes=2"], resourcesPerNode: { limits: { "nvidia.com/gpu": 8 } } };
    const fetching = [{ name: "dataset-initializer", template: { spec: { template: { spec: {} } } } }];
    const runtimePatches = [{ trainingRuntimeSpec: { template: { spec: { replicatedJobs: fetching } } } }];
    const spec = { runtimeRef: { name: "torch" }, trainer, runtimePatches };
    const apiVersion = "trainer.kubeflow.org/v1alpha1";
    const trainJob = { apiVersion, kind: "TrainJob", metadata: { name: "chat" }, spec };
    const type = `kubernetes:${apiVersion}:TrainJob`;

    it("counts the nodes alone where the runtime is elsewhere", () => {
      expect(analyze([torchrunSize], { type, props: trainJob })).toEqual([]);
    });

    it("counts the nodes alone where they wait for the others", () => {
      const containers = [{ name: "node", image: "a:1" }];
      const labels = { "trainer.kubeflow.org/trainjob-ancestor-step": "trainer" };
      const replicatedJobs = [
        { name: "node", template: { metadata: { labels }, spec: { template: { spec: { containers } } } } },
        {
          name: "fetch",
          dependsOn: [{ name: "node", status: "Complete" }],
          template: { spec: { template: { spec: { containers } } } },
        },
      ];
      const runtime = {
        apiVersion,
        kind: "ClusterTrainingRuntime",
        metadata: { name: "torch" },
        spec: { mlPolicy: { numNodes: 1, torch: {} }, template: { spec: { replicatedJobs } } },
      };
      const subject = new Subject({ type, props: trainJob, name: "it", urn: "urn" }, [runtime]);

      expect(subject.pods).toHaveLength(2);
      expect([...torchrunSize.judge(subject, {})]).toEqual([]);
    });
  });

  it.each<[string, TestResource, string]>([
    ["the number of processes", running(["--nproc-per-node", UNKNOWN_STRING]), `${CONTAINER}.args[1]`],
    ["an argument that may be the option", running([UNKNOWN_STRING, "train.py"]), `${CONTAINER}.args[0]`],
    ["the arguments", running(UNKNOWN_STRING), `${CONTAINER}.args`],
    [
      "the arguments of a module",
      running(UNKNOWN_STRING, ["python", "-c", "torch.distributed.run"]),
      `${CONTAINER}.args`,
    ],
    [
      "the number of GPUs",
      running(["--nproc-per-node=8"], ["torchrun"], { resources: { limits: { "nvidia.com/gpu": UNKNOWN_STRING } } }),
      `${CONTAINER}.resources.limits["nvidia.com/gpu"]`,
    ],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([torchrunSize], resource))).toEqual([
      `advisory [GPU-16] Job ml/mnist: ${path} is not known yet; allowed: a value that keeps "Torchrun is told how many GPUs ` +
        'and pods there are". It is judged at update, before the object is created.',
    ]);
  });

  it("leaves it to the update while the number of pods is not known", () => {
    expect(lines(analyze([torchrunSize], pyTorchJob("2", UNKNOWN_STRING)))[0]).toContain(
      "spec.pytorchReplicaSpecs.Worker.template is not known yet",
    );
  });
});
