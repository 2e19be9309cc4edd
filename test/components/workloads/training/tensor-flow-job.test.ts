import { describe, expect, it } from "vitest";
import { gpuPoolShape } from "../../../../components";
import {
  type TensorFlowJobArgs,
  tensorFlowJobManifest,
  validateTensorFlowJob,
} from "../../../../components/workloads/training";

const image = "ghcr.io/acme/train:1.4.0";

interface Replica {
  replicas: number;
  restartPolicy: string;
  template: {
    metadata: { labels: Record<string, string> };
    spec: {
      affinity?: { podAffinity?: object };
      containers: {
        name: string;
        image: string;
        command?: string[];
        env?: { name: string; value: string }[];
        resources: { limits: Record<string, string> };
      }[];
    };
  };
}

interface Spec {
  runPolicy: Record<string, unknown> & { schedulingPolicy: { minAvailable: number } };
  successPolicy?: string;
  tfReplicaSpecs: Record<string, Replica>;
}

const specOf = (args: Partial<TensorFlowJobArgs> = {}) =>
  tensorFlowJobManifest("resnet", { image, workers: {}, ...args }).spec as Spec;
const rolesOf = (args: Partial<TensorFlowJobArgs> = {}) => specOf(args).tfReplicaSpecs;
const each = <T>(args: Partial<TensorFlowJobArgs>, tell: (replica: Replica) => T) =>
  Object.fromEntries(Object.entries(rolesOf(args)).map(([role, replica]) => [role, tell(replica)]));
const gpus = ({ template }: Replica) => template.spec.containers[0]!.resources.limits["nvidia.com/gpu"] ?? "0";
const variables = ({ template }: Replica) => (template.spec.containers[0]!.env ?? []).map(({ name }) => name);
const reasonsOf = (args: Partial<TensorFlowJobArgs>, name = "resnet") =>
  validateTensorFlowJob(name, { image, workers: {}, ...args }).map(({ reason }) => reason);

const everyRole = { parameterServers: { replicas: 2 }, workers: { replicas: 4 }, chief: {}, evaluator: {} };

describe("the roles of a TFJob", () => {
  it("have the names that the operator knows", () => {
    expect(each(everyRole, ({ replicas }) => replicas)).toEqual({ Chief: 1, PS: 2, Worker: 4, Evaluator: 1 });
  });

  it("have the container that the operator demands, and tell their pods apart by a label", () => {
    const told = each(everyRole, ({ template }) => [
      template.spec.containers.map(({ name }) => name),
      template.metadata.labels["app.kubernetes.io/component"],
    ]);
    expect(told).toEqual({
      Chief: [["tensorflow"], "chief"],
      PS: [["tensorflow"], "ps"],
      Worker: [["tensorflow"], "worker"],
      Evaluator: [["tensorflow"], "evaluator"],
    });
  });

  it.each<[string, Partial<TensorFlowJobArgs>, Record<string, string>]>([
    ["workers alone", everyRole, { Chief: "0", PS: "0", Worker: "1", Evaluator: "0" }],
    [
      "workers, as many as they ask for",
      { ...everyRole, workers: { gpus: 4 } },
      { Chief: "0", PS: "0", Worker: "4", Evaluator: "0" },
    ],
    [
      "a chief like a worker's without parameter servers",
      { chief: {}, workers: { gpus: 4 } },
      { Chief: "4", Worker: "4" },
    ],
    ["any role that asks for them", { parameterServers: { gpus: 1 }, workers: { gpus: 0 } }, { PS: "1", Worker: "0" }],
  ])("have GPUs: %s", (_who, args, expected) => {
    expect(each(args, gpus)).toEqual(expected);
  });

  it("have the program of the job, and their own where they say so", () => {
    const args = {
      ...everyRole,
      command: ["train"],
      evaluator: { command: ["evaluate"], image: "ghcr.io/acme/judge:2" },
    };
    const told = each(args, ({ template }) => [
      template.spec.containers[0]!.image,
      template.spec.containers[0]!.command,
    ]);
    expect(told).toEqual({
      Chief: [image, ["train"]],
      PS: [image, ["train"]],
      Worker: [image, ["train"]],
      Evaluator: ["ghcr.io/acme/judge:2", ["evaluate"]],
    });
  });

  it("are all placed close to each other, as pods are attracted by every pod of the job", () => {
    const close = each({ ...everyRole, topology: { level: "rack", required: true } }, ({ template }) => {
      return template.spec.affinity?.podAffinity !== undefined;
    });
    expect(close).toEqual({ Chief: true, PS: true, Worker: true, Evaluator: true });
  });

  it.each<[string, Partial<TensorFlowJobArgs>, Record<string, string[]>]>([
    ["workers without parameter servers", { workers: { replicas: 2 } }, { Worker: ["NCCL_DEBUG"] }],
    ["their chief too", { workers: {}, chief: {} }, { Chief: ["NCCL_DEBUG"], Worker: ["NCCL_DEBUG"] }],
    [
      "nobody with parameter servers, which are spoken to by gRPC",
      { ...everyRole, evaluator: { gpus: 1 } },
      { Chief: [], PS: [], Worker: [], Evaluator: [] },
    ],
    ["nobody alone", { workers: { gpus: 8 } }, { Worker: [] }],
  ])("exchange data by NCCL: %s", (_who, args, expected) => {
    expect(each(args, variables)).toEqual(expected);
  });

  it("take the adapters of a pool whose nodes they fill only where NCCL uses them", () => {
    const pools = [gpuPoolShape("h100", { instanceType: "p5.48xlarge", maxNodes: 4, efa: true })];
    const efa = ({ template }: Replica) => template.spec.containers[0]!.resources.limits["vpc.amazonaws.com/efa"];
    const roles = { workers: { replicas: 2, gpus: 8, pool: "h100" }, pools };
    expect(each(roles, efa)).toEqual({ Worker: "32" });
    expect(each({ ...roles, parameterServers: {} }, efa)).toEqual({ PS: undefined, Worker: undefined });
  });

  it("start failed programs again, unless they are told not to", () => {
    const args = {
      workers: { restartPolicy: "ExitCode" },
      chief: { restartPolicy: "Never" },
      parameterServers: {},
    } as const;
    expect(each(args, ({ restartPolicy }) => restartPolicy)).toEqual({
      Chief: "Never",
      PS: "OnFailure",
      Worker: "ExitCode",
    });
  });
});

describe("the run of a TFJob", () => {
  it("ends its parameter servers, is bounded in time and restarts, and starts as a whole", () => {
    expect(specOf(everyRole).runPolicy).toEqual({
      cleanPodPolicy: "Running",
      backoffLimit: 24,
      activeDeadlineSeconds: 86_400,
      schedulingPolicy: { minAvailable: 8 },
    });
  });

  it("is as its author says", () => {
    const args = {
      cleanPodPolicy: "All",
      backoffLimit: 0,
      activeDeadlineSeconds: 60,
      ttlSecondsAfterFinished: 0,
      gang: false,
    } as const;
    expect(specOf({ ...everyRole, ...args }).runPolicy).toEqual({
      cleanPodPolicy: "All",
      backoffLimit: 0,
      activeDeadlineSeconds: 60,
      ttlSecondsAfterFinished: 0,
      schedulingPolicy: { minAvailable: 1 },
    });
  });

  it.each([
    ["FirstWorker", undefined],
    ["AllWorkers", "AllWorkers"],
    [undefined, undefined],
  ] as const)("has succeeded by the policy %s: %s", (successPolicy, rendered) => {
    expect(specOf(successPolicy === undefined ? {} : { successPolicy }).successPolicy).toBe(rendered);
  });
});

describe("a TensorFlowJob is refused", () => {
  it.each<[string, Partial<TensorFlowJobArgs>, string]>([
    [
      "with several chiefs",
      { chief: { replicas: 2 } },
      "chief.replicas is 2; allowed: 1. Several chiefs would write the same checkpoints.",
    ],
    [
      "with several evaluators",
      { evaluator: { replicas: 3 } },
      "evaluator.replicas is 3; allowed: 1. TensorFlow knows one evaluator.",
    ],
    [
      "with a policy that its chief makes void",
      { chief: {}, successPolicy: "AllWorkers" },
      'successPolicy is "AllWorkers"; allowed: nothing with a chief. The job succeeds with its chief; leave one of the two out.',
    ],
    [
      "with a host list of its own",
      { workers: { env: { TF_CONFIG: "{}" } } },
      'workers.env["TF_CONFIG"] is "TF_CONFIG"; allowed: what the training operator does not set. Remove the variable.',
    ],
    [
      "with a variable that a Secret of the job would hide",
      { secretEnv: { TOKEN: { name: "a", key: "b" } }, workers: { env: { TOKEN: "x" } } },
      'workers.env["TOKEN"] is "TOKEN"; allowed: a variable that secretEnv of the job does not set. Remove it from one of the ' +
        "two.",
    ],
    [
      "without workers",
      { workers: undefined as never },
      "workers is missing; allowed: at least one worker. Say what the workers are, for example {}.",
    ],
  ])("%s", (_what, args, reason) => {
    expect(reasonsOf(args)).toEqual([reason]);
  });

  it("with a name that its pods' names make too long, whichever role has the longest", () => {
    const name = "x".repeat(53);
    expect(reasonsOf({}, name)).toEqual([]);
    expect(reasonsOf({ workers: { replicas: 11 } }, name)).toEqual([]);
    expect(reasonsOf({ evaluator: {} }, name)).toEqual([
      `objectName is "${name}"; allowed: at most 51 characters as "-evaluator-0" is added to it. Shorten it.`,
    ]);
  });

  it("once for what its roles take over from it", () => {
    expect(reasonsOf({ ...everyRole, image: " ", env: { "BATCH-SIZE": "1" } })).toEqual([
      'image is " "; allowed: an image with a tag or digest. Name the image to run.',
      'env["BATCH-SIZE"] is "BATCH-SIZE"; allowed: letters, digits and underscores, no digit first. Rename the variable.',
    ]);
  });
});
