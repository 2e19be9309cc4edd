import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { gpuPoolShape } from "../../../../components";
import {
  MpiJob,
  MxNetJob,
  PyTorchJob,
  TensorFlowJob,
  TrainJob,
  validateMpiJob,
  validateMxNetJob,
  validatePyTorchJob,
  validateTensorFlowJob,
  validateTrainJob,
} from "../../../../components/workloads/training";
import type { InputProblem } from "../../../../components/internal";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/acme/train:1.4.0";

interface Job extends pulumi.ComponentResource {
  objectName: pulumi.Output<string>;
  namespace: pulumi.Output<string>;
}

interface Kind {
  component: string;
  /** Type of the object that it creates. */
  object: string;
  /** Condition of the object that has succeeded. */
  succeeded: string;
  create: (name: string, args: object, opts?: pulumi.ComponentResourceOptions) => Job;
  validate: (name: string, args: object) => InputProblem[];
  /** Asks for so many pods with so many GPUs. */
  sized: (pods: number, gpus: number) => object;
  /** What the advice to scale up is about. */
  size: string;
  /** Characters that are added to the name of a job of one pod for each role. */
  taken: number;
}

const nodes = (pods: number, gpus: number) => ({ image, nodes: pods, gpus });
const workers = (replicas: number, gpus: number) => ({ image, workers: { replicas, gpus } });

const kinds: Kind[] = [
  {
    component: "TrainJob",
    object: "kubernetes:trainer.kubeflow.org/v1alpha1:TrainJob",
    succeeded: "Complete",
    create: (name, args, opts) => new TrainJob(name, args, opts),
    validate: validateTrainJob,
    sized: nodes,
    size: "nodes",
    taken: "-node-0-0-xxxxx".length,
  },
  {
    component: "TensorFlowJob",
    object: "kubernetes:kubeflow.org/v1:TFJob",
    succeeded: "Succeeded",
    create: (name, args, opts) => new TensorFlowJob(name, args as never, opts),
    validate: validateTensorFlowJob as Kind["validate"],
    sized: workers,
    size: "workers.replicas",
    taken: "-worker-0".length,
  },
  {
    component: "PyTorchJob",
    object: "kubernetes:kubeflow.org/v1:PyTorchJob",
    succeeded: "Succeeded",
    create: (name, args, opts) => new PyTorchJob(name, args as never, opts),
    validate: validatePyTorchJob as Kind["validate"],
    sized: nodes,
    size: "nodes",
    taken: "-master-0".length,
  },
  {
    component: "MpiJob",
    object: "kubernetes:kubeflow.org/v2beta1:MPIJob",
    succeeded: "Succeeded",
    create: (name, args, opts) => new MpiJob(name, args as never, opts),
    validate: validateMpiJob as Kind["validate"],
    sized: workers,
    size: "workers.replicas",
    taken: "-launcher".length,
  },
  {
    component: "MxNetJob",
    object: "kubernetes:jobset.x-k8s.io/v1alpha2:JobSet",
    succeeded: "Completed",
    create: (name, args, opts) => new MxNetJob(name, args as never, opts),
    validate: validateMxNetJob as Kind["validate"],
    sized: workers,
    size: "workers.replicas",
    taken: "-scheduler-0-0-xxxxx".length,
  },
];

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe.each(kinds)("$component", ({ component, object, succeeded, create, validate, sized, size, taken }) => {
  const job = async () => program.resource("resnet-job");

  it("creates one object and nothing else", async () => {
    create("resnet", sized(1, 1));
    expect(childList(await program.resources())).toEqual([
      `mlstack:index:${component} resnet`,
      `${object} resnet-job < resnet`,
    ]);
  });

  it("is run anew where its arguments change, after the old one is gone, as both have one name", async () => {
    create("resnet", sized(1, 1));
    expect(await job()).toMatchObject({ replaceOnChanges: ["spec"], deleteBeforeReplace: true });
  });

  it("goes on by itself unless it is waited for", async () => {
    create("resnet", sized(1, 1));
    const { inputs, createTimeout } = await job();
    expect(inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
    expect(createTimeout).toBe("");
  });

  it.each([
    { given: {}, timeout: "86400s" },
    { given: { activeDeadlineSeconds: 3600 }, timeout: "3600s" },
    { given: { activeDeadlineSeconds: 3600, waitSeconds: 60 }, timeout: "60s" },
  ])("is waited for until it has succeeded, $timeout at most with $given", async ({ given, timeout }) => {
    create("resnet", { ...sized(1, 1), ...given, waitForCompletion: true });
    const { inputs, createTimeout } = await job();
    expect(inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/waitFor": `condition=${succeeded}` } });
    expect(createTimeout).toBe(timeout);
  });

  it("tells its name and namespace", async () => {
    const created = create("resnet", { ...sized(1, 1), objectName: "resnet-2", namespace: "ml" });
    expect(await valueOf(created.objectName)).toBe("resnet-2");
    expect(await valueOf(created.namespace)).toBe("ml");
  });

  it("can be previewed before its image is known", async () => {
    program = await startMocks({ preview: true });
    const source = new k8s.core.v1.ConfigMap("source", {});
    const created = create("resnet", { ...sized(2, 0), image: source.id });
    expect(await isKnown(created.objectName)).toBe(true);
    expect(childList(await program.resources())).toContain(`${object} resnet-job < resnet`);
  });

  it("keeps a secret variable secret", async () => {
    create("resnet", { ...sized(1, 1), env: { TOKEN: pulumi.secret("hunter2") } });
    const [registered, child] = await program.resources();
    expect(registered?.secretInputs).toEqual(["env"]);
    expect(child?.secretInputs).toEqual(["spec"]);
  });

  it("uses the provider that it is given", async () => {
    const provider = new k8s.Provider("lab", {});
    create("resnet", sized(1, 1), { providers: [provider] });
    expect((await job()).provider).toBe("lab");
  });

  it("waits in the queue of gangs with several pods, unless they may start one by one", async () => {
    create("resnet", sized(4, 0));
    create("alexnet", { ...sized(4, 0), gang: false, queue: "night" });
    create("lenet", { ...sized(4, 0), gang: false });
    const queueOf = async (name: string) => {
      const { metadata } = (await program.resource(`${name}-job`)).inputs as { metadata: { labels: object } };
      return Object.entries(metadata.labels).find(([label]) => label === "kueue.x-k8s.io/queue-name")?.[1] as unknown;
    };
    expect(await queueOf("resnet")).toBe("default");
    expect(await queueOf("alexnet")).toBe("night");
    expect(await queueOf("lenet")).toBeUndefined();
  });

  it("advises to take one bigger machine first", async () => {
    const warn = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
    create("resnet", sized(4, 2));
    create("alexnet", sized(1, 8));
    await program.resources();
    const said = warn.mock.calls.map(([message]) => message);
    warn.mockRestore();
    expect(said).toEqual([
      `[SIZE-01] ${component} resnet: ${size} is 4 pods with 2 GPUs each; allowed: one pod with 8 GPUs, as long as one machine ` +
        "has them. Ask for 8 GPUs in one pod on a machine with 8 GPUs or more: they exchange data faster than a network " +
        "does.",
    ]);
  });

  it("leaves room in its name for those of its pods", () => {
    const longest = 63 - taken;
    expect(validate("x".repeat(longest), sized(1, 1))).toEqual([]);
    expect(validate("x".repeat(longest + 1), sized(1, 1)).map(({ propertyPath }) => propertyPath)).toEqual([
      "objectName",
    ]);
  });

  it("has a name that services may have", () => {
    expect(validate("2nd", sized(1, 1)).map(({ reason }) => reason)).toEqual([
      'objectName is "2nd"; allowed: a name that begins with a letter. Services are called after it; put a letter before it.',
    ]);
  });

  it("has no wait without an end to wait for", () => {
    expect(validate("resnet", { ...sized(1, 1), waitSeconds: 60 }).map(({ reason }) => reason)).toEqual([
      "waitSeconds is 60; allowed: nothing without waitForCompletion. Set waitForCompletion to true.",
    ]);
  });

  it("may run without GPUs, and is refused where no known pool has as many as it asks for", () => {
    const pools = [gpuPoolShape("t4", { instanceType: "g4dn.xlarge", maxNodes: 4 })];
    const problems = (gpus: number) => validate("resnet", { ...sized(1, gpus), pools }).map(({ reason }) => reason);
    expect(problems(0)).toEqual([]);
    expect(problems(8)).toEqual([expect.stringContaining("gpus is 8 GPUs; allowed: t4 has 1 GPU per node.")]);
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message, reasons } = problemsOf(() => create("resnet", { ...sized(0, -1), queue: "my queue" }));
    expect(message).toBe(`${component} "resnet": ${reasons.length} invalid inputs`);
    expect(reasons.length).toBeGreaterThanOrEqual(3);
    expect(await program.resources()).toEqual([]);
  });
});
