import { describe, expect, it } from "vitest";
import { resourceBounds } from "../../../../policies/pod-security/practices/resource-bounds";
import { job, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { said, waiting, waitsFor, written } from "./said";

const SPEC = "spec.template.spec";
const RESOURCES = `${SPEC}.containers[0].resources`;
const WHOLE = { requests: { cpu: 1, memory: "2Gi" }, limits: { memory: "2Gi" } };

function absent(path: string, object = "Job ml/mnist"): string {
  return (
    `mandatory [POD-20] ${object}: ${path} is absent; allowed: an amount in every container. ` +
    "Set what the program was measured to need."
  );
}

function gpu(request: string, limit: string): string {
  return (
    `mandatory [POD-20] Job ml/mnist: ${RESOURCES}.requests.memory is ${request}; allowed: the limit of memory, ` +
    `${limit}, in a container with GPUs. ` +
    "Set the request to the limit: a GPU pod that is evicted for memory gives up its GPUs."
  );
}

/** A Job whose one container asks so much, with more containers before it. */
function asking(resources: unknown, podSpec: object = {}): TestResource {
  return job(resources === undefined ? {} : { resources }, podSpec);
}

describe("POD-20 requests and limits", () => {
  it.each([
    ["all three amounts", asking(WHOLE)],
    ["limits, which stand for requests", asking({ limits: { cpu: 1, memory: "2Gi" } })],
    [
      "a request of memory below its limit, without GPUs",
      asking({ requests: { cpu: 1, memory: "1Gi" }, limits: { memory: "2Gi" } }),
    ],
    ["amounts of the whole pod", asking(undefined, { resources: WHOLE })],
    ["limits of the whole pod", asking(undefined, { resources: { limits: { cpu: 1, memory: "2Gi" } } })],
    [
      "an init container with a limit of memory",
      asking(WHOLE, { initContainers: [{ name: "fetch", resources: { limits: { memory: "1Gi" } } }] }),
    ],
    [
      "an ephemeral container, which may have none",
      asking(WHOLE, { ephemeralContainers: [{ name: "debug", restartPolicy: "Always" }] }),
    ],
    [
      "GPUs, and memory requested as limited",
      asking({ requests: { cpu: 1, memory: "2048Mi" }, limits: { memory: "2Gi", "nvidia.com/gpu": 1 } }),
    ],
    [
      "GPUs, and no request of memory",
      asking({ requests: { cpu: 1 }, limits: { memory: "2Gi", "nvidia.com/gpu": 1 } }),
    ],
    [
      "no GPU asked for",
      asking({ requests: { cpu: 1, memory: "1Gi" }, limits: { memory: "2Gi", "nvidia.com/gpu": 0 } }),
    ],
    [
      "GPUs by a word",
      asking({ requests: { cpu: 1, memory: "1Gi" }, limits: { memory: "2Gi", "nvidia.com/gpu": "one" } }),
    ],
    [
      "GPUs, and a request that is no quantity",
      asking({ requests: { cpu: 1, memory: "much" }, limits: { memory: "2Gi", "nvidia.com/gpu": 1 } }),
    ],
    [
      "GPUs, and a limit that is no quantity",
      asking({ requests: { cpu: 1, memory: "1Gi" }, limits: { memory: "much", "nvidia.com/gpu": 1 } }),
    ],
  ])("accepts %s", (_case, resource) => {
    expect(said(resourceBounds, resource)).toEqual([]);
  });

  it.each([
    ["nothing", asking(undefined), ["requests.cpu", "requests.memory", "limits.memory"]],
    [
      "amounts that are null",
      asking({ requests: { cpu: null, memory: null }, limits: null }),
      ["requests.cpu", "requests.memory", "limits.memory"],
    ],
    ["no CPU", asking({ limits: { memory: "2Gi" } }), ["requests.cpu"]],
    ["no memory", asking({ requests: { cpu: 1 } }), ["requests.memory", "limits.memory"]],
    ["no limit of memory", asking({ requests: { cpu: 1, memory: "2Gi" }, limits: { cpu: 2 } }), ["limits.memory"]],
    [
      "GPUs, and no limit of memory",
      asking({ requests: { cpu: 1, memory: "2Gi" }, limits: { "nvidia.com/gpu": 1 } }),
      ["limits.memory"],
    ],
  ])("refuses %s", (_case, resource, fields) => {
    expect(said(resourceBounds, resource)).toEqual(fields.map((field) => absent(`${RESOURCES}.${field}`)));
  });

  it("asks init containers for a limit of memory, and sidecars among them for everything", () => {
    const initContainers = [{ name: "fetch" }, { name: "proxy", restartPolicy: "Always" }];
    const at = (index: number, field: string) => `${SPEC}.initContainers[${index}].resources.${field}`;

    expect(said(resourceBounds, asking(WHOLE, { initContainers }))).toEqual([
      absent(at(0, "limits.memory")),
      absent(at(1, "requests.cpu")),
      absent(at(1, "requests.memory")),
      absent(at(1, "limits.memory")),
    ]);
  });

  it("lets no main container off for a restart policy of its own", () => {
    const resource = job({ resources: { limits: { memory: "2Gi" } }, restartPolicy: "Always" });

    expect(said(resourceBounds, resource)).toEqual([absent(`${RESOURCES}.requests.cpu`)]);
  });

  it.each([
    "nvidia.com/gpu",
    "nvidia.com/gpu.shared",
    "nvidia.com/mig-1g.5gb",
    "aws.amazon.com/neuroncore",
    "amd.com/gpu",
  ])("refuses a request of memory below its limit beside %s", (accelerator) => {
    const requests = { cpu: 1, memory: "1Gi" };
    const inLimits = asking({ requests, limits: { memory: "2Gi", [accelerator]: 1 } });
    const inRequests = asking({ requests: { ...requests, [accelerator]: 1 }, limits: { memory: "2Gi" } });

    expect(said(resourceBounds, inLimits)).toEqual([gpu('"1Gi"', '"2Gi"')]);
    expect(said(resourceBounds, inRequests)).toEqual([gpu('"1Gi"', '"2Gi"')]);
  });

  it("takes no other resource for an accelerator", () => {
    const limits = { memory: "2Gi", "vpc.amazonaws.com/efa": 1, "nvidia.com/gpu-memory": 1, "my.nvidia.com/gpu": 1 };

    expect(said(resourceBounds, asking({ requests: { cpu: 1, memory: "1Gi" }, limits }))).toEqual([]);
  });

  it.each(["predictor", "transformer", "explainer"])("leaves the first container of a %s to KServe", (role) => {
    const service = (kind: string) => `
apiVersion: serving.kserve.io/${kind === "InferenceService" ? "v1beta1" : "v1"}
kind: ${kind}
metadata: { name: churn }
spec: { ${role}: { containers: [{ name: kserve-container }, { name: beside, resources: { limits: { cpu: 1 } } }] } }
`;
    const at = (index: number) => `spec.${role}.containers[${index}].resources`;
    const beside = ["requests.memory", "limits.memory"].map((field) => `${at(1)}.${field}`);

    expect(said(resourceBounds, service("InferenceService"))).toEqual(
      beside.map((path) => absent(path, "InferenceService churn")),
    );
    expect(said(resourceBounds, service("AnotherService")).join("\n")).toContain(at(0));
  });

  it("leaves the canary of a predictor to KServe, too, but not what it asks for beside GPUs", () => {
    const service = `
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata: { name: churn }
spec:
  predictor:
    containers:
      - name: kserve-container
        resources: { requests: { memory: 1Gi }, limits: { memory: 2Gi, nvidia.com/gpu: 1 } }
  canary: [{ predictor: { containers: [{ name: kserve-container, resources: { limits: { memory: 2Gi } } }] } }]
`;
    const places = ["spec.predictor", "spec.canary[0].predictor"];

    expect(said(resourceBounds, service).map((line) => line.split(" is ")[0])).toEqual(
      places.map(
        (path) => `mandatory [POD-20] InferenceService churn: ${path}.containers[0].resources.requests.memory`,
      ),
    );
  });

  it("reaches the driver of a Spark application, and leaves runtimes of training to their jobs", () => {
    const connect = `
apiVersion: sparkoperator.k8s.io/v1alpha1
kind: SparkConnect
metadata: { name: etl }
spec: { server: { template: { spec: { containers: [{ name: spark-kubernetes-driver, resources: { limits: { cpu: 1 } } }] } } } }
`;
    const runtime = `
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainingRuntime
metadata: { name: torch }
spec: { template: { spec: { replicatedJobs: [{ name: node, template: { spec: { template: { spec: { containers: [{ name: node }] } } } } }] } } }
`;
    const at = "spec.server.template.spec.containers[0].resources";

    expect(said(resourceBounds, connect)).toEqual([
      absent(`${at}.requests.memory`, "SparkConnect etl"),
      absent(`${at}.limits.memory`, "SparkConnect etl"),
    ]);
    expect(said(resourceBounds, runtime)).toEqual([]);
    expect(said(resourceBounds, runtime.replace("TrainingRuntime", "ClusterTrainingRuntime"))).toEqual([]);
  });

  it.each([
    [
      "a request",
      asking({ requests: { cpu: UNKNOWN_STRING, memory: "2Gi" }, limits: { memory: "2Gi" } }),
      ["requests.cpu"],
    ],
    [
      "the limits",
      asking({ requests: { cpu: 1, memory: "2Gi" }, limits: UNKNOWN_STRING }),
      ["limits.memory", "requests.memory"],
    ],
    ["all amounts", asking(UNKNOWN_STRING), ["requests.cpu", "requests.memory", "limits.memory"]],
    [
      "the number of GPUs",
      asking({ requests: { cpu: 1, memory: "1Gi" }, limits: { memory: "2Gi", "nvidia.com/gpu": UNKNOWN_STRING } }),
      ["requests.memory"],
    ],
    [
      "the request beside GPUs",
      asking({ requests: { cpu: 1, memory: UNKNOWN_STRING }, limits: { memory: "2Gi", "nvidia.com/gpu": 1 } }),
      ["requests.memory"],
    ],
    [
      "the limit beside GPUs",
      asking({ requests: { cpu: 1, memory: "1Gi" }, limits: { memory: UNKNOWN_STRING, "nvidia.com/gpu": 1 } }),
      ["limits.memory", "requests.memory"],
    ],
  ])("waits for %s", (_case, resource, fields) => {
    const paths = waitsFor(resourceBounds, resource);

    expect([...new Set(paths)].toSorted()).toEqual(fields.map((field) => `${RESOURCES}.${field}`).toSorted());
  });

  it("says so once for each object", () => {
    expect(said(resourceBounds, asking({ ...WHOLE, requests: { cpu: UNKNOWN_STRING, memory: "2Gi" } }))).toEqual([
      waiting(resourceBounds, "Job ml/mnist", `${RESOURCES}.requests.cpu`),
    ]);
  });

  it("waits for the runtime of a TrainJob that asks for nothing itself", () => {
    const [trainJob] = written(`
apiVersion: trainer.kubeflow.org/v1alpha1
kind: TrainJob
metadata: { name: bert }
spec: { runtimeRef: { name: torch }, trainer: { image: "registry.example/bert:1.4", resourcesPerNode: { limits: { cpu: 1 } } } }
`);

    expect(waitsFor(resourceBounds, trainJob!)).toContain("spec.trainer.resourcesPerNode.limits.memory");
  });
});
