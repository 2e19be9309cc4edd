import { describe, expect, it } from "vitest";
import { oneMachine } from "../../../../../policies/gpu-ml/preflight/advice/one-machine";
import { plannedStackOf } from "../../../../../policies/gpu-ml/preflight/proofs/stack-plan";
import { planOf, type PlanSettings } from "../../../../../preflight/plan";
import { CapacityType, pricesWith } from "../../../../../components/model";
import { judgementsOf } from "../../../judgements";
import { UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { karpenterPool, nodeGroup, object, pod, pyTorchJob, said, subjectOf, undecidedAt } from "../../stack/resources";

const PATH = "spec.pytorchReplicaSpecs.Worker.template.spec";

function group(types: unknown, name = "train", rest: object = {}): TestResource {
  return nodeGroup(name, { instanceTypes: types, ...rest });
}

interface Told {
  pods?: number;
  gpus?: number;
  machines: string;
  price: string;
  where?: string;
  end?: string;
  large: string;
}

function advice({
  pods = 4,
  gpus = 4,
  machines,
  price,
  where = "us-east-1",
  end = "instanceTypes of NodeGroup train",
  large,
}: Told): string {
  const [name = ""] = large.split(" ");
  return (
    `advisory [ADV-01] PyTorchJob ml/bert: ${PATH} is ${pods} pods with ${gpus} GPUs on ${machines} at USD ${price}/h in ` +
    `${where} (${end}); allowed: one machine ${large}/h. Take one pod with ${gpus} GPUs on ${name}.`
  );
}

const G5 = { machines: "4 machines g5.2xlarge", price: "4.85", large: "g5.12xlarge with 4 GPUs at USD 5.67" };

function asking(resources: object): object {
  return { containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 1 }, ...resources } }] };
}

describe("ADV-01 one machine in place of several", () => {
  it.each<[string, TestResource[]]>([
    ["one pod", [group(["g5.2xlarge"]), pyTorchJob(1, 1)]],
    ["pods that one machine holds", [group(["g5.12xlarge"]), pyTorchJob(4, 1)]],
    [
      "pods that do without each other",
      [
        group(["g5.2xlarge"]),
        object("batch/v1", "Job", "a", {
          spec: {
            parallelism: 4,
            template: { spec: { containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 1 } } }] } },
          },
        }),
      ],
    ],
    ["pods without GPUs", [group(["g5.2xlarge"]), pyTorchJob(4, undefined)]],
    ["a large machine that is far dearer", [group(["g5.xlarge"]), pyTorchJob(4, 1)]],
    ["more pods than any machine holds", [group(["g5.2xlarge"]), pyTorchJob(9, 1)]],
    ["pods too large for the machine, which GPU-15 tells", [group(["g5.2xlarge"]), pyTorchJob(4, 2)]],
    ["pools of several types", [group(["g5.2xlarge", "g5.4xlarge"]), pyTorchJob(4, 1)]],
    ["several pools of different types", [group(["g5.2xlarge"]), group(["g5.4xlarge"], "b"), pyTorchJob(4, 1)]],
    ["pools that say nothing of their machines", [nodeGroup("train", {}), pyTorchJob(4, 1)]],
    ["machines that no table has", [group(["g9.2xlarge"]), pyTorchJob(4, 1)]],
    [
      "pods that no pool takes",
      [group(["g5.2xlarge"], "train", { labels: { a: "b" } }), pyTorchJob(4, 1, { nodeSelector: { a: "c" } })],
    ],
    ["hidden nodes", [group(["g5.2xlarge"]), { type: "eks:index:Cluster", props: {} }, pyTorchJob(4, 1)]],
    ["a stack without pools", [pyTorchJob(4, 1)]],
    [
      "pods with more CPUs than the large machine has",
      [group(["g5.2xlarge"]), pyTorchJob(4, 1, asking({ requests: { cpu: 12 } }))],
    ],
    [
      "pods with more memory than it has",
      [group(["g5.2xlarge"]), pyTorchJob(4, 1, asking({ limits: { "nvidia.com/gpu": 1, memory: "48Gi" } }))],
    ],
    [
      "slices",
      [
        group(["g5.2xlarge"]),
        pyTorchJob(4, 1, { containers: [{ name: "a", resources: { limits: { "nvidia.com/mig-1g.5gb": 1 } } }] }),
      ],
    ],
    [
      "slices beside GPUs",
      [
        group(["g5.2xlarge"]),
        pyTorchJob(4, 1, {
          containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 1, "nvidia.com/mig-1g.5gb": 1 } } }],
        }),
      ],
    ],
    [
      "pods of different sizes",
      [
        group(["g5.12xlarge"]),
        object("kubeflow.org/v1", "PyTorchJob", "bert", {
          spec: {
            pytorchReplicaSpecs: {
              Master: {
                template: { spec: { containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 4 } } }] } },
              },
              Worker: {
                replicas: 4,
                template: { spec: { containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 1 } } }] } },
              },
            },
          },
        }),
      ],
    ],
    [
      "a pool beside one of several types that hold the pods",
      [
        group(["g5.xlarge"]),
        nodeGroup("b", { instanceTypes: ["g5.12xlarge", "g5.24xlarge"], labels: { a: "b" } }),
        pyTorchJob(4, 1),
      ],
    ],
    ["one pod by itself", [group(["g5.2xlarge"]), pod(1)]],
    ["a price that is not known", [group(["p5e.48xlarge"]), pyTorchJob(2, 8)]],
  ])("has nothing to say about %s", (_case, resources) => {
    expect(said(oneMachine, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["pods of one GPU", [group(["g5.2xlarge"]), pyTorchJob(4, 1)], advice(G5)],
    [
      "more machines than the large one costs",
      [group(["g5.4xlarge"]), pyTorchJob(3, 1)],
      advice({
        pods: 3,
        gpus: 3,
        machines: "3 machines g5.4xlarge",
        price: "4.87",
        large: "g5.12xlarge with 4 GPUs at USD 5.67",
      }),
    ],
    [
      "pods of several GPUs",
      [group(["g7e.12xlarge"]), pyTorchJob(2, 2)],
      advice({
        pods: 2,
        gpus: 4,
        machines: "2 machines g7e.12xlarge",
        price: "16.57",
        large: "g7e.24xlarge with 4 GPUs at USD 16.57",
      }),
    ],
  ])("advises one for %s", (_case, resources, message) => {
    expect(said(oneMachine, resources)).toEqual([message]);
  });

  it("prefers a machine that a pool of the stack has", () => {
    const large = group(["g5.24xlarge"], "large", { labels: { pool: "large" } });
    const small = group(["g5.8xlarge"], "train", { labels: { pool: "train" } });
    const resources = [large, small, pyTorchJob(4, 1, { nodeSelector: { pool: "train" } })];
    const price = { price: "9.79", machines: "4 machines g5.8xlarge" };

    expect(said(oneMachine, resources)).toEqual([
      advice({ ...price, large: "g5.24xlarge with 4 GPUs at USD 8.14" }).replace(
        "8.14/h.",
        "8.14/h, which instanceTypes of NodeGroup large has.",
      ),
    ]);
    expect(said(oneMachine, resources.slice(1))).toEqual([
      advice({ ...price, large: "g5.12xlarge with 4 GPUs at USD 5.67" }),
    ]);
  });

  it("advises one at the same price, and looks at the pods with GPUs alone", () => {
    const config = { stack: { rules: { "ADV-01": { level: "advisory", dearer: 0 } } } };
    const job = object("kubeflow.org/v2beta1", "MPIJob", "bert", {
      spec: {
        mpiReplicaSpecs: {
          Launcher: { template: { spec: { nodeSelector: { pool: "cpu" }, containers: [{ name: "a" }] } } },
          Worker: {
            replicas: 2,
            template: {
              spec: {
                nodeSelector: { pool: "train" },
                containers: [{ name: "a", resources: { limits: { "nvidia.com/gpu": 2 } } }],
              },
            },
          },
        },
      },
    });
    const pools = [
      group(["m6i.large"], "cpu", { labels: { pool: "cpu" } }),
      group(["g7e.12xlarge"], "train", { labels: { pool: "train" } }),
    ];

    expect(said(oneMachine, [...pools, job], config)).toEqual([
      advice({
        pods: 2,
        gpus: 4,
        machines: "2 machines g7e.12xlarge",
        price: "16.57",
        large: "g7e.24xlarge with 4 GPUs at USD 16.57",
      })
        .replace("PyTorchJob", "MPIJob")
        .replace("spec.pytorchReplicaSpecs.Worker", "spec.mpiReplicaSpecs.Worker"),
    ]);
  });

  it("compares as the parameters say", () => {
    const config = (parameters: object) => ({ stack: { rules: { "ADV-01": { level: "advisory", ...parameters } } } });
    const resources = [group(["g5.2xlarge"]), pyTorchJob(4, 1)];

    expect(said(oneMachine, resources, config({ dearer: 17 }))).toEqual([advice(G5)]);
    expect(said(oneMachine, resources, config({ dearer: 16 }))).toEqual([]);
    expect(said(oneMachine, [group(["g5.2xlarge"]), pyTorchJob(4, 1)], config({ region: "us-west-2" }))).toEqual([
      advice({ ...G5, where: "us-west-2" }),
    ]);
  });

  it.each<[string, TestResource[], string]>([
    ["the machines", [group(UNKNOWN_STRING), pyTorchJob(4, 1)], PATH],
    ["one machine", [group(["g5.2xlarge", UNKNOWN_STRING]), pyTorchJob(4, 1)], PATH],
    [
      "how many pods there are",
      [group(["g5.2xlarge"]), pyTorchJob(UNKNOWN_STRING, 1)],
      "spec.pytorchReplicaSpecs.Worker.template",
    ],
    [
      "the amount",
      [group(["g5.2xlarge"]), pyTorchJob(4, UNKNOWN_STRING)],
      `${PATH}.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
    [
      "one of several pools",
      [
        group(["g5.2xlarge"]),
        group(["g5.2xlarge"], "b", { labels: UNKNOWN_STRING }),
        pyTorchJob(4, 1, { nodeSelector: { "node.kubernetes.io/instance-type": "g5.2xlarge" } }),
      ],
      PATH,
    ],
    [
      "the pool",
      [
        group(["g5.2xlarge"], "train", { labels: { a: "b" } }),
        pyTorchJob(4, 1, { nodeSelector: { a: UNKNOWN_STRING } }),
      ],
      PATH,
    ],
  ])("cannot decide without knowing %s", (_case, resources, path) => {
    expect(said(oneMachine, resources)).toEqual([undecidedAt(oneMachine, "PyTorchJob ml/bert", path)]);
  });
});

it("ADV-01 cannot decide of a job whose runtime is not in the stack, and says so", () => {
  const job = object("trainer.kubeflow.org/v1alpha1", "TrainJob", "bert", {
    spec: {
      runtimeRef: { name: "torch" },
      trainer: { numNodes: 4, resourcesPerNode: { limits: { "nvidia.com/gpu": 1 } } },
    },
  });

  expect(said(oneMachine, [group(["g5.2xlarge"]), job])).toEqual([
    "advisory [ADV-01] TrainJob ml/bert: spec.trainer is completed by what spec.runtimeRef names, of which the stack does not tell; " +
      'allowed: a value that keeps "Pods that need each other share one machine where there is one for them all". Declare that ' +
      "in the stack as well for this to be judged.",
  ]);
});

const requirement = (key: string, value: string) => ({ key, operator: "In", values: [value] });

/** A NodePool of Karpenter that buys machines of one type in one way. */
function bought(type: string, way: string, zone = "us-east-1a"): TestResource {
  const requirements = [
    requirement("node.kubernetes.io/instance-type", type),
    requirement("karpenter.sh/capacity-type", way),
    requirement("topology.kubernetes.io/zone", zone),
  ];
  return karpenterPool("train", requirements, { limits: { nodes: 8 } });
}

/** What the rule says where a plan of these resources was made at such prices, in its own words alone. */
function saidAt(resources: TestResource[], market: PlanSettings): string[] {
  const subjects = resources.map(subjectOf);
  const planned = plannedStackOf(subjects);
  const at = oneMachine.within({ ...planned, plan: planOf(planned.resources, market), market });
  return judgementsOf(at, subjects, { region: "us-east-1", dearer: 25 }).map(([, judgement]) =>
    "observed" in judgement ? `${judgement.observed}; ${judgement.allowed}` : judgement.undecidedPath,
  );
}

const own = (instanceType: string, capacityType: CapacityType, usdPerHour: number, region = "us-east-1") => ({
  ...{ instanceType, capacityType, usdPerHour, region, source: "our contract", asOf: "2026-11-01" },
});
const END = "spec.template.spec.requirements of NodePool ml/train";

describe("ADV-01 at the prices of a plan", () => {
  it("compares spot prices for pools on spot capacity", () => {
    const prices = pricesWith([
      own("g5.xlarge", CapacityType.spot, 0.5),
      own("g5.12xlarge", CapacityType.spot, 2.4),
      own("g5.24xlarge", CapacityType.spot, 9),
    ]);

    expect(saidAt([bought("g5.xlarge", "spot"), pyTorchJob(4, 1)], { prices })).toEqual([
      `4 pods with 4 GPUs on 4 machines g5.xlarge at the spot price of USD 2.00/h in us-east-1 (${END}); ` +
        "one machine g5.12xlarge with 4 GPUs at the spot price of USD 2.40/h",
    ]);
    expect(saidAt([bought("g5.xlarge", "on-demand"), pyTorchJob(4, 1)], { prices })).toEqual([]);
  });

  it("compares somebody's own prices, in the region of the pool", () => {
    const prices = pricesWith([
      own("g5.xlarge", CapacityType.onDemand, 5, "us-west-2"),
      own("g5.12xlarge", CapacityType.onDemand, 6, "us-west-2"),
    ]);

    expect(saidAt([bought("g5.xlarge", "on-demand", "us-west-2a"), pyTorchJob(4, 1)], { prices })).toEqual([
      `4 pods with 4 GPUs on 4 machines g5.xlarge at USD 20.00/h in us-west-2 (${END}); ` +
        "one machine g5.12xlarge with 4 GPUs at USD 6.00/h",
    ]);
  });

  it("compares prices of the plan's region where nothing tells that of the pool", () => {
    const prices = pricesWith([
      own("g5.xlarge", CapacityType.onDemand, 5, "us-west-2"),
      own("g5.12xlarge", CapacityType.onDemand, 6, "us-west-2"),
    ]);

    expect(saidAt([group(["g5.xlarge"]), pyTorchJob(4, 1)], { prices })).toEqual([]);
    expect(saidAt([group(["g5.xlarge"]), pyTorchJob(4, 1)], { prices, region: "us-west-2" })).toEqual([
      "4 pods with 4 GPUs on 4 machines g5.xlarge at USD 20.00/h in us-west-2 (instanceTypes of NodeGroup train); " +
        "one machine g5.12xlarge with 4 GPUs at USD 6.00/h",
    ]);
  });

  it("takes a price that a pool says of its own machines for no other type", () => {
    const pool = (usdPerNodeHour: number): TestResource => ({
      type: "mlstack:index:GpuNodePool",
      name: "train",
      props: { shape: { name: "train", instanceTypes: ["g5.xlarge"], usdPerNodeHour }, usdPerNodeHour },
    });
    const made = nodeGroup("train", { instanceTypes: ["g5.xlarge"], labels: { "mlstack.dev/pool": "train" } });

    expect(saidAt([pool(0.1), made, pyTorchJob(4, 1)], {})).toEqual([]);
    expect(saidAt([pool(9), made, pyTorchJob(4, 1)], {})).toEqual([
      "4 pods with 4 GPUs on 4 machines g5.xlarge at USD 36.00/h in us-east-1 (instanceTypes of NodeGroup train); " +
        "one machine g5.12xlarge with 4 GPUs at USD 5.67/h",
    ]);
  });
});
