import { describe, expect, it } from "vitest";
import { efaAdapters } from "../../../../policies/gpu-ml/pods/efa-adapters";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";

const TYPE = "node.kubernetes.io/instance-type";
const P5 = { nodeSelector: { [TYPE]: "p5.48xlarge" } };
const WORKER = "spec.pytorchReplicaSpecs.Worker.template.spec";

interface Role {
  replicas?: unknown;
  limits?: unknown;
  podSpec?: object;
}

function role({ replicas = 2, limits = { "nvidia.com/gpu": 8 }, podSpec = P5 }: Role = {}): object {
  const containers = [{ name: "pytorch", image: "a:1", resources: { limits } }];
  return { replicas, template: { spec: { containers, ...podSpec } } };
}

function pyTorchJob(roles: Record<string, object>): TestResource {
  const spec = { pytorchReplicaSpecs: roles };
  const props = {
    apiVersion: "kubeflow.org/v1",
    kind: "PyTorchJob",
    metadata: { name: "chat", namespace: "ml" },
    spec,
  };
  return { type: "kubernetes:kubeflow.org/v1:PyTorchJob", props };
}

function workers(worker: Role = {}): TestResource {
  return pyTorchJob({ Worker: role(worker) });
}

function requiring(operator: string, ...values: unknown[]): object {
  return requiringAll({ key: TYPE, operator, values });
}

function requiringAll(requirement: object): object {
  const nodeSelectorTerms = [{ matchExpressions: [requirement] }];
  return { affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } } };
}

function found(path: string): string {
  return (
    `advisory [GPU-13] PyTorchJob ml/chat: ${path} is absent; allowed: the adapters of the machine, as its pods work together ` +
    "with those of other machines. Ask for all adapters of the machine, and for hugepages-2Mi."
  );
}

const ADAPTERS = `${WORKER}.containers[0].resources.limits["vpc.amazonaws.com/efa"]`;

describe("GPU-13 adapters", () => {
  it.each<[string, TestResource]>([
    ["adapters", workers({ limits: { "nvidia.com/gpu": 8, "vpc.amazonaws.com/efa": 32 } })],
    ["one machine", workers({ replicas: 1 })],
    [
      "machines without adapters",
      workers({ podSpec: { nodeSelector: { [TYPE]: "g5.xlarge" } }, limits: { "nvidia.com/gpu": 1 } }),
    ],
    ["machines that are not known to have GPUs", workers({ podSpec: { nodeSelector: { [TYPE]: "m7i.large" } } })],
    ["a type that is no text", workers({ podSpec: { nodeSelector: { [TYPE]: 5 } } })],
    ["no choice of machines", workers({ podSpec: {} })],
    ["a choice that excludes machines", workers({ podSpec: requiring("NotIn", "p5.48xlarge") })],
    ["a choice of which one has none", workers({ podSpec: requiring("In", "p5.48xlarge", "g5.xlarge") })],
    ["a choice that is no text", workers({ podSpec: requiring("In", 5) })],
    [
      "a choice that is no list",
      workers({ podSpec: requiringAll({ key: TYPE, operator: "In", values: "p5.48xlarge" }) }),
    ],
    [
      "a choice by another label",
      workers({ podSpec: requiringAll({ key: "a", operator: "In", values: ["p5.48xlarge"] }) }),
    ],
    ["pods of which two fit on one machine", workers({ limits: { "nvidia.com/gpu": 4 } })],
    ["pods without GPUs", workers({ limits: {} })],
    ["a label that says that there are none", workers({ podSpec: { nodeSelector: { "mlstack.dev/efa": "false" } } })],
    [
      "one pod with GPUs and one without",
      pyTorchJob({ Worker: role({ replicas: 1 }), Master: role({ replicas: 1, limits: {} }) }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(analyze([efaAdapters], resource)).toEqual([]);
  });

  it.each<[string, TestResource]>([
    ["the instance type", workers()],
    ["a required instance type", workers({ podSpec: requiring("In", "p5.48xlarge", "p4d.24xlarge") })],
    ["the label of machines with adapters", workers({ podSpec: { nodeSelector: { "mlstack.dev/efa": "true" } } })],
    ["five of eight GPUs", workers({ limits: { "nvidia.com/gpu": 5 } })],
    ["no adapters at all", workers({ limits: { "nvidia.com/gpu": 8, "vpc.amazonaws.com/efa": 0 } })],
  ])("refuses a job that chooses machines with adapters by %s and asks for none", (_case, resource) => {
    expect(lines(analyze([efaAdapters], resource))).toEqual([found(ADAPTERS)]);
  });

  it("counts the pods of all roles", () => {
    const resource = pyTorchJob({ Master: role({ replicas: 1 }), Worker: role({ replicas: 1 }) });

    expect(lines(analyze([efaAdapters], resource))).toEqual([
      found(ADAPTERS.replace("Worker", "Master")),
      found(ADAPTERS),
    ]);
  });

  it("counts no pods that do without each other", () => {
    const template = {
      spec: { ...P5, containers: [{ name: "a", image: "a:1", resources: { limits: { "nvidia.com/gpu": 8 } } }] },
    };
    const props = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "chat" },
      spec: { replicas: 4, template },
    };

    expect(analyze([efaAdapters], { type: "kubernetes:apps/v1:Deployment", props })).toEqual([]);
  });

  describe("with pods of other kinds", () => {
    const onP5 = { containers: [{ name: "a", image: "a:1", resources: { limits: { "nvidia.com/gpu": 8 } } }], ...P5 };
    const object = (apiVersion: string, kind: string, spec: object): TestResource => ({
      type: `kubernetes:${apiVersion}:${kind}`,
      props: { apiVersion, kind, metadata: { name: "chat" }, spec },
    });

    it("counts those of an indexed job, which wait for each other", () => {
      const spec = { completionMode: "Indexed", completions: 2, parallelism: 2, template: { spec: onP5 } };

      expect(analyze([efaAdapters], object("batch/v1", "Job", spec))).toHaveLength(1);
    });

    it("counts no templates of a workflow, which each work alone", () => {
      const container = { image: "a:1", resources: { limits: { "nvidia.com/gpu": 8 } } };
      const templates = ["a", "b"].map((name) => ({ name, container, ...P5 }));
      const steps = [
        [
          { name: "a", template: "a" },
          { name: "b", template: "b" },
        ],
      ];
      const spec = { entrypoint: "main", templates: [{ name: "main", steps }, ...templates] };

      expect(analyze([efaAdapters], object("argoproj.io/v1alpha1", "Workflow", spec))).toEqual([]);
    });

    it("counts no jobs that start when the others are done", () => {
      const template = { spec: { template: { spec: onP5 } } };
      const dependsOn = [{ name: "train", status: "Complete" }];
      const spec = {
        replicatedJobs: [
          { name: "train", template },
          { name: "test", template, dependsOn },
        ],
      };

      expect(analyze([efaAdapters], object("jobset.x-k8s.io/v1alpha2", "JobSet", spec))).toEqual([]);
    });
  });

  it("makes up no company of pods that may ask for no GPU", () => {
    const limits = { "nvidia.com/gpu": UNKNOWN_STRING };
    const resource = pyTorchJob({ Master: role({ replicas: 1 }), Worker: role({ replicas: 1, limits }) });

    expect(lines(analyze([efaAdapters], resource)).filter((line) => line.includes(" is absent"))).toEqual([]);
  });

  it("looks at what is known beside what is not", () => {
    const [known, more] = [8, UNKNOWN_STRING].map((amount) => ({
      resources: { limits: { "nvidia.com/gpu": amount } },
    }));

    expect(lines(analyze([efaAdapters], workers({ podSpec: { ...P5, containers: [known, more] } })))).toEqual([
      found(ADAPTERS),
    ]);
  });

  it("names the container that has the GPUs", () => {
    const containers = [{ name: "proxy" }, { name: "pytorch", resources: { limits: { "nvidia.com/gpu": 8 } } }];

    expect(lines(analyze([efaAdapters], workers({ podSpec: { ...P5, containers } })))).toEqual([
      found(ADAPTERS.replace("containers[0]", "containers[1]")),
    ]);
  });

  it.each<[string, TestResource, string]>([
    ["how many pods there are", workers({ replicas: UNKNOWN_STRING }), "spec.pytorchReplicaSpecs.Worker.template"],
    [
      "the instance type",
      workers({ podSpec: { nodeSelector: { [TYPE]: UNKNOWN_STRING } } }),
      `${WORKER}.nodeSelector["${TYPE}"]`,
    ],
    ["the selector", workers({ podSpec: { nodeSelector: UNKNOWN_STRING } }), `${WORKER}.nodeSelector`],
    ["a required instance type", workers({ podSpec: requiring("In", UNKNOWN_STRING) }), `${WORKER}.affinity`],
    [
      "what is required",
      workers({ podSpec: requiringAll({ key: TYPE, operator: "In", values: UNKNOWN_STRING }) }),
      `${WORKER}.affinity`,
    ],
    ["the operator", workers({ podSpec: requiring(UNKNOWN_STRING, "p5.48xlarge") }), `${WORKER}.affinity`],
    ["the adapters", workers({ limits: { "nvidia.com/gpu": 8, "vpc.amazonaws.com/efa": UNKNOWN_STRING } }), ADAPTERS],
    [
      "the number of GPUs",
      workers({ limits: { "nvidia.com/gpu": UNKNOWN_STRING } }),
      `${WORKER}.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
    ["the limits", workers({ limits: UNKNOWN_STRING }), `${WORKER}.containers[0].resources.limits`],
    [
      "another container",
      workers({ podSpec: { ...P5, containers: [{ resources: { limits: { "nvidia.com/gpu": 8 } } }, UNKNOWN_STRING] } }),
      `${WORKER}.containers[1]`,
    ],
    ["the containers", workers({ podSpec: { ...P5, containers: UNKNOWN_STRING } }), `${WORKER}.containers`],
  ])("leaves it to the update while %s is not known", (_case, resource, path) => {
    expect(lines(analyze([efaAdapters], resource))).toEqual([
      `advisory [GPU-13] PyTorchJob ml/chat: ${path} is not known yet; allowed: a value that keeps "Jobs on several machines ` +
        'with EFA use it". It is judged at update, before the object is created.',
    ]);
  });
});
