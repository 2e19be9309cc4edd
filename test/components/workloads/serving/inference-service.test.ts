import { beforeEach, describe, expect, it } from "vitest";
import {
  InferenceService,
  type InferenceServiceArgs,
  inferenceServiceManifest,
  inferenceServiceManifests,
} from "../../../../components/workloads/serving";
import { childList, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const model = { format: "sklearn" };
const storageUri = "s3://models/churn/7";
const minimal: InferenceServiceArgs = { model, storageUri };
const canary = { name: "v2", trafficPercent: 10, storageUri: "s3://models/churn/8" };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

const specOf = (args: InferenceServiceArgs) => inferenceServiceManifest("churn", args).spec as Record<string, object>;
const annotationsOf = (args: InferenceServiceArgs) => inferenceServiceManifest("churn", args).metadata.annotations;

describe("InferenceService", () => {
  it("creates an InferenceService, and a budget for its pods", async () => {
    new InferenceService("churn", minimal);
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:InferenceService churn",
      "kubernetes:serving.kserve.io/v1beta1:InferenceService churn-service < churn",
      "kubernetes:policy/v1:PodDisruptionBudget churn-budget < churn",
    ]);
  });

  it("has Istio share requests between versions, once KServe runs them", async () => {
    new InferenceService("churn", {
      ...minimal,
      replicas: 1,
      canaries: [canary],
      route: { hosts: ["churn.example.com"] },
    });
    expect(childList(await program.resources()).slice(2)).toEqual([
      "kubernetes:networking.istio.io/v1:VirtualService churn-split < churn",
      "kubernetes:networking.istio.io/v1:VirtualService churn-route < churn",
    ]);
    expect((await program.resource("churn-split")).dependsOn).toEqual(["churn-service"]);
  });

  it("is not waited for", async () => {
    new InferenceService("churn", minimal);
    const { metadata } = await program.inputsOf("churn-service");
    expect(metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
  });

  it("is waited for until the model answers where that is asked for", async () => {
    new InferenceService("churn", { ...minimal, waitUntilReady: true });
    const service = await program.resource("churn-service");
    expect(service.inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/waitFor": "condition=Ready" } });
    expect(service.createTimeout).toBe("1200s");
  });

  it.each<[string, Partial<InferenceServiceArgs>, string]>([
    ["the model", {}, "http://churn-predictor.ml.svc"],
    [
      "the transformer in front of it",
      { transformer: { image: "ghcr.io/acme/f:1" } },
      "http://churn-transformer.ml.svc",
    ],
  ])("tells the address of %s", async (_what, args, url) => {
    const service = new InferenceService("churn", { ...minimal, namespace: "ml", ...args });
    expect(await valueOf(service.objectName)).toBe("churn");
    expect(await valueOf(service.namespace)).toBe("ml");
    expect(await valueOf(service.url)).toBe(url);
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message, reasons } = problemsOf(() => new InferenceService("churn", { nodes: 0, timeoutSeconds: 0 }));
    expect(message).toBe('InferenceService "churn": 3 invalid inputs');
    expect(reasons).toEqual([
      "image is missing; allowed: an image, or a model. " +
        "Say which model a server of the platform serves, or name the image of your own.",
      "nodes is 0; allowed: a whole number from 1. Set nodes within that range.",
      "timeoutSeconds is 0; allowed: a whole number from 1. Set timeoutSeconds within that range.",
    ]);
    expect(await program.resources()).toEqual([]);
  });
});

describe("what scales a model", () => {
  const metric = (name: string, averageUtilization: number) => {
    return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
  };

  it.each<[string, Partial<InferenceServiceArgs>, string, object[] | undefined]>([
    ["nothing by default", {}, "none", undefined],
    ["CPU where there is room", { maxReplicas: 5 }, "hpa", [metric("cpu", 80)]],
    ["memory alone where that is said", { maxReplicas: 5, memoryPercent: 70 }, "hpa", [metric("memory", 70)]],
    ["both", { maxReplicas: 5, cpuPercent: 60, memoryPercent: 70 }, "hpa", [metric("cpu", 60), metric("memory", 70)]],
  ])("is %s", (_what, args, autoscalerClass, metrics) => {
    const given = { ...minimal, ...args };
    expect(annotationsOf(given)).toMatchObject({ "serving.kserve.io/autoscalerClass": autoscalerClass });
    expect(specOf(given)["predictor"]).toHaveProperty("minReplicas", 2);
    expect((specOf(given)["predictor"] as { autoScaling?: object }).autoScaling).toEqual(metrics && { metrics });
  });

  it("is a number of Prometheus by KEDA, down to no pod at all", () => {
    const authentication = { name: "prometheus", mode: "bearer" as const };
    const prometheus = { query: "sum(queue_length)", threshold: 0.5, serverAddress: "https://p:9090", authentication };
    const given: InferenceServiceArgs = { ...minimal, gpus: 1, replicas: 0, maxReplicas: 3, prometheus };
    expect(annotationsOf(given)).toMatchObject({ "serving.kserve.io/autoscalerClass": "keda" });
    expect(specOf(given)["predictor"]).toMatchObject({
      minReplicas: 0,
      maxReplicas: 3,
      autoScaling: {
        metrics: [
          {
            type: "External",
            external: {
              metric: { backend: "prometheus", serverAddress: "https://p:9090", query: "sum(queue_length)" },
              target: { type: "Value", value: "0.5" },
              authenticationRef: { authModes: "bearer", authenticationRef: { name: "prometheus" } },
            },
          },
        ],
      },
    });
  });

  it.each<[string, Partial<InferenceServiceArgs>, object]>([
    ["requests at a time", { concurrency: 10 }, { scaleMetric: "concurrency", scaleTarget: 10 }],
    ["requests per second", { requestsPerSecond: 100 }, { scaleMetric: "rps", scaleTarget: 100 }],
  ])("is Knative's own measure of %s", (_what, args, scaling) => {
    const given: InferenceServiceArgs = { ...minimal, mode: "Knative", maxReplicas: 5, ...args };
    expect(specOf(given)["predictor"]).toMatchObject({ ...scaling, minReplicas: 2, maxReplicas: 5 });
    expect(annotationsOf(given)).not.toHaveProperty("serving.kserve.io/autoscalerClass");
  });

  it("is for a transformer its own CPU, whatever scales the model", () => {
    const prometheus = { query: "sum(queue_length)", threshold: 5 };
    const transformer = { image: "ghcr.io/acme/f:1", maxReplicas: 4, cpuPercent: 60 };
    expect(specOf({ ...minimal, maxReplicas: 3, prometheus, transformer })["transformer"]).toMatchObject({
      annotations: { "serving.kserve.io/autoscalerClass": "hpa" },
      autoScaling: { metrics: [metric("cpu", 60)] },
    });
    expect(
      specOf({ ...minimal, maxReplicas: 3, transformer: { image: "ghcr.io/acme/f:1" } })["transformer"],
    ).toMatchObject({
      annotations: { "serving.kserve.io/autoscalerClass": "none" },
    });
  });
});

describe("how a rollout goes on", () => {
  it.each<[string, Partial<InferenceServiceArgs>, object]>([
    ["adds a pod first", {}, { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }],
    [
      "takes a GPU away first",
      { gpus: 1 },
      { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
    ],
    [
      "adds GPUs first where that is said",
      { gpus: 1, maxSurge: 2 },
      { type: "RollingUpdate", rollingUpdate: { maxSurge: 2, maxUnavailable: 0 } },
    ],
    ["starts all nodes of a model anew", { gpus: 8, nodes: 2, storageUri: "pvc://models/llama" }, { type: "Recreate" }],
  ])("%s", (_what, args, deploymentStrategy) => {
    expect(specOf({ ...minimal, ...args })["predictor"]).toMatchObject({ deploymentStrategy });
  });
});

describe("a canary", () => {
  it("says only what is different, and all variables where one of them is", () => {
    const args: InferenceServiceArgs = {
      ...minimal,
      env: { A: "1", B: "1" },
      gpus: 1,
      replicas: 2,
      canaries: [{ ...canary, env: { B: "2" } }],
    };
    expect(specOf(args)["canary"]).toEqual([
      {
        predictor: {
          name: "v2",
          minReplicas: 1,
          model: {
            name: "kserve-container",
            modelFormat: { name: "sklearn" },
            storageUri: "s3://models/churn/8",
            env: [
              { name: "A", value: "1" },
              { name: "B", value: "2" },
            ],
          },
        },
        trafficPercent: 10,
      },
    ]);
  });

  const hostsOf = (rule: { route: { destination: { host: string }; weight?: number }[] }) =>
    rule.route.map(({ destination, weight }) => `${destination.host} ${weight ?? "all"}`);
  const splitOf = (args: Partial<InferenceServiceArgs>) => {
    const { split } = inferenceServiceManifests("churn", { ...minimal, ...args });
    return (split?.spec as { http: { match?: object[]; route: never[] }[] } | undefined)?.http;
  };

  it("gets its share of the requests from within the mesh, for the name of the stable version", () => {
    const { split } = inferenceServiceManifests("churn", { ...minimal, canaries: [canary] });
    expect(split?.spec).toMatchObject({ hosts: ["churn-predictor"], gateways: ["mesh"] });
    expect(splitOf({ canaries: [canary] })?.map(hostsOf)).toEqual([["churn-predictor 90", "churn-v2-predictor 10"]]);
  });

  it("gets all where the stable version gets none", () => {
    const canaries = [{ ...canary, trafficPercent: 100 }];
    expect(splitOf({ canaries })?.map(hostsOf)).toEqual([["churn-v2-predictor all"]]);
  });

  it("runs without requests and without Istio", () => {
    expect(splitOf({ canaries: [{ ...canary, trafficPercent: 0 }] })).toBeUndefined();
  });

  it("is chosen by clients that name it", () => {
    const rules = splitOf({ canaries: [{ ...canary, trafficPercent: 0 }], versionHeader: "x-version" });
    expect(rules?.map(({ match }) => match)).toEqual([
      [{ headers: { "x-version": { exact: "stable" } } }],
      [{ headers: { "x-version": { exact: "v2" } } }],
      undefined,
    ]);
    expect(rules?.map(hostsOf)).toEqual([["churn-predictor all"], ["churn-v2-predictor all"], ["churn-predictor all"]]);
  });
});

describe("requests from outside", () => {
  const rulesOf = (args: Partial<InferenceServiceArgs>) => {
    const { route } = inferenceServiceManifests("churn", {
      ...minimal,
      route: { hosts: ["churn.example.com"] },
      ...args,
    });
    return (route?.spec as { http: { match?: object[]; route: { destination: { host: string } }[] }[] }).http.map(
      ({ match, route: [first] }) => ({ match, to: first?.destination.host }),
    );
  };

  it("go to the model", () => {
    expect(rulesOf({})).toEqual([{ match: undefined, to: "churn-predictor" }]);
  });

  it("go to the explainer where they ask why, and through the transformer else", () => {
    const step = { image: "ghcr.io/acme/f:1" };
    expect(rulesOf({ transformer: step, explainer: step })).toEqual([
      { match: [{ uri: { regex: "^/v1/models/[\\w-]+:explain$" } }], to: "churn-explainer" },
      { match: undefined, to: "churn-transformer" },
    ]);
  });

  it("go to a version that they choose, below a path", () => {
    const route = { hosts: ["models.example.com"], path: "/v1/models/churn" };
    const uri = { prefix: "/v1/models/churn" };
    expect(rulesOf({ route, canaries: [canary], versionHeader: "x-version" })).toEqual([
      { match: [{ uri, headers: { "x-version": { exact: "stable" } } }], to: "churn-predictor" },
      { match: [{ uri, headers: { "x-version": { exact: "v2" } } }], to: "churn-v2-predictor" },
      { match: [{ uri }], to: "churn-predictor" },
    ]);
  });

  it("come by the ingress of KServe only where that is asked for", () => {
    const labelsOf = (args: InferenceServiceArgs) => inferenceServiceManifest("churn", args).metadata.labels;
    const label = "networking.kserve.io/visibility";
    expect(labelsOf(minimal)).toMatchObject({ [label]: "cluster-local" });
    expect(labelsOf({ ...minimal, exposed: true })).not.toHaveProperty([label]);
  });
});

describe("a server of one's own", () => {
  it("has its model downloaded, and tells its port", () => {
    const args: InferenceServiceArgs = { image: "ghcr.io/acme/churn:1", storageUri, port: 9000, env: { A: "1" } };
    expect(specOf(args)["predictor"]).toMatchObject({
      containers: [
        {
          name: "kserve-container",
          image: "ghcr.io/acme/churn:1",
          env: [
            { name: "A", value: "1" },
            { name: "STORAGE_URI", value: storageUri },
          ],
          ports: [{ name: "http", containerPort: 9000 }],
        },
      ],
    });
  });

  it("runs under Knative as nobody who may do much, though pods have no security context there", () => {
    const args: InferenceServiceArgs = { image: "ghcr.io/acme/churn:1", mode: "Knative", runAsUser: 1000 };
    const predictor = specOf(args)["predictor"] as { containers: object[] };
    expect(predictor).not.toHaveProperty("securityContext");
    expect(predictor).not.toHaveProperty("topologySpreadConstraints");
    expect(predictor.containers[0]).toMatchObject({
      ports: [{ name: "http1" }],
      securityContext: {
        allowPrivilegeEscalation: false,
        seccompProfile: { type: "RuntimeDefault" },
        runAsNonRoot: true,
        runAsUser: 1000,
      },
    });
  });
});

describe("a model on several nodes", () => {
  it("has pods alike on each, of which the runtime starts the others", () => {
    const args: InferenceServiceArgs = {
      model,
      storageUri: "pvc://models/llama",
      nodes: 3,
      gpus: 8,
      command: ["serve"],
    };
    expect(specOf(args)["predictor"]).toMatchObject({
      minReplicas: 1,
      maxReplicas: 1,
      model: { command: ["serve"], resources: { requests: { "nvidia.com/gpu": "8" } } },
      workerSpec: {
        pipelineParallelSize: 3,
        tensorParallelSize: 8,
        containers: [{ name: "worker-container", resources: { requests: { "nvidia.com/gpu": "8" } } }],
      },
    });
    const { workerSpec } = specOf(args)["predictor"] as { workerSpec: { containers: object[] } };
    expect(workerSpec.containers[0]).not.toHaveProperty("command");
  });

  it("tells KServe that adapters are no GPUs that it does not know", () => {
    const args: InferenceServiceArgs = { model, storageUri: "pvc://models/llama", nodes: 2, gpus: 8, efa: 4 };
    expect(annotationsOf(args)).toMatchObject({
      "serving.kserve.io/gpu-resource-types": '["vpc.amazonaws.com/efa","hugepages-2Mi"]',
    });
    expect(annotationsOf({ ...args, efa: 0 })).not.toHaveProperty("serving.kserve.io/gpu-resource-types");
  });
});
