import fc from "fast-check";
import type { ProbeArgs } from "../../../../components";
import {
  type MemoryScalingArgs,
  MemoryScalingMode,
  TrafficDistribution,
  validateWebService,
  WebService,
  type WebServiceArgs,
  webServiceManifests,
} from "../../../../components/workloads/serving";
import {
  dnsLabel,
  hardwareArgs,
  joined,
  objectArgs,
  programArgs,
  queueArgs,
  someOf,
  withRequired,
} from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { replicas, routes, scalable } from "./arguments";

const image = "ghcr.io/acme/churn:1.4.0";

const pace = someOf<ProbeArgs>({
  periodSeconds: fc.integer({ min: 1, max: 60 }),
  timeoutSeconds: fc.integer({ min: 1, max: 60 }),
  failureThreshold: fc.integer({ min: 1, max: 60 }),
} as never);

const probe: fc.Arbitrary<ProbeArgs> = joined(
  fc.constantFrom<ProbeArgs>({}, { path: "/healthz" }, { command: ["pgrep", "serve"] }, { grpc: true }),
  pace,
);

const training = joined(
  withRequired<NonNullable<WebServiceArgs["trainFirst"]>>(
    { command: fc.constant(["python", "-m", "churn.train"]) },
    {
      image: fc.constant("ghcr.io/acme/churn-train:1.4.0"),
      args: fc.constant(["--epochs", "3"]),
      env: fc.constant({ EPOCHS: "3" }),
      volumes: fc.constant([{ name: "models", mountPath: "/models", persistentVolumeClaim: "models" }]),
      parallelism: fc.integer({ min: 1, max: 4 }),
      completions: fc.integer({ min: 1, max: 4 }),
      backoffLimit: fc.integer({ min: 0, max: 3 }),
      activeDeadlineSeconds: fc.integer({ min: 1, max: 9000 }),
      queue: dnsLabel(),
    },
  ),
  hardwareArgs(),
);

const serving = someOf<WebServiceArgs>({
  ports: fc.constantFrom(
    [{ name: "http", port: 8000 }],
    [
      { name: "grpc", port: 9000, servicePort: 443 },
      { name: "http-metrics", port: 9100 },
    ],
  ),
  readiness: probe,
  startup: probe,
  liveness: probe,
  memoryScaling: withRequired<MemoryScalingArgs>(
    { maxMemory: fc.constant("16Gi") },
    { minMemory: fc.constantFrom("1Gi", "16Gi"), mode: fc.constantFrom(...Object.values(MemoryScalingMode)) },
  ),
  maxSurge: fc.integer({ min: 0, max: 3 }),
  drainSeconds: fc.integer({ min: 0, max: 59 }),
  terminationSeconds: fc.integer({ min: 60, max: 600 }),
  progressSeconds: fc.integer({ min: 1, max: 3000 }),
  route: routes,
  trainFirst: training,
  beside: dnsLabel(),
  trafficDistribution: fc.constantFrom(...Object.values(TrafficDistribution)),
} as never);

const webServiceArgs: fc.Arbitrary<WebServiceArgs> = joined(
  joined(joined(programArgs, objectArgs), joined(queueArgs, hardwareArgs())),
  joined(replicas, serving),
).map(scalable);

const web: typeof FLAWS.program = [
  ...FLAWS.program,
  ...FLAWS.hardware,
  ...FLAWS.object,
  ...FLAWS.queue,
  ["objectName", { objectName: "1churn" }],
  ["objectName", { objectName: "x".repeat(47), trainFirst: { command: ["train"] } }],
  ["replicas", { replicas: 0, maxReplicas: 2, prometheus: undefined }],
  ["replicas", { replicas: 1.5 }],
  ["maxReplicas", { gpus: 0, replicas: 3, maxReplicas: 2 }],
  [
    "maxReplicas",
    { gpus: 2, replicas: 1, maxReplicas: 2, cpuPercent: undefined, prometheus: undefined, podMetric: undefined },
  ],
  ["cpuPercent", { cpuPercent: 101 }],
  ["cpuPercent", { gpus: 1, replicas: 1, maxReplicas: 2, cpuPercent: 80, prometheus: undefined }],
  ["cpuPercent", { replicas: 2, maxReplicas: 2, cpuPercent: 80, prometheus: undefined, podMetric: undefined }],
  ["prometheus.query", { prometheus: { query: " ", threshold: 1 } }],
  ["prometheus.threshold", { prometheus: { query: "up", threshold: 0 } }],
  ["prometheus.serverAddress", { prometheus: { query: "up", threshold: 1, serverAddress: "prometheus" } }],
  [
    "prometheus.authentication.name",
    { prometheus: { query: "up", threshold: 1, authentication: { name: "", mode: "tls" } } },
  ],
  [
    "prometheus.authentication.mode",
    { prometheus: { query: "up", threshold: 1, authentication: { name: "a", mode: "x" } } },
  ],
  ["podMetric.name", { podMetric: { name: "", average: "1" } }],
  ["podMetric.average", { podMetric: { name: "rps", average: "many" } }],
  ["podMetric", { prometheus: { query: "up", threshold: 1 }, podMetric: { name: "rps", average: "1" } }],
  ["memoryScaling.maxMemory", { memoryScaling: {} }],
  ["memoryScaling.maxMemory", { memoryScaling: { maxMemory: "16GB" } }],
  ["memoryScaling.minMemory", { memoryScaling: { maxMemory: "4Gi", minMemory: "0" } }],
  ["memoryScaling.minMemory", { memoryScaling: { maxMemory: "4Gi", minMemory: "5Gi" } }],
  ["memoryScaling.mode", { memoryScaling: { maxMemory: "4Gi", mode: "Auto" } }],
  ["ports", { ports: [] }],
  ["ports[0].name", { ports: [{ name: "HTTP", port: 1 }] }],
  ["ports[0].name", { ports: [{ name: "a-rather-long-port", port: 1 }] }],
  ["ports[0].port", { ports: [{ name: "http", port: 0 }] }],
  ["ports[0].servicePort", { ports: [{ name: "http", port: 1, servicePort: 65536 }] }],
  ["ports[1].name", { ports: [1, 2].map((port) => ({ name: "http", port })) }],
  [
    "ports[1].port",
    { ports: ["a", "b"].map((name, servicePort) => ({ name, port: 1, servicePort: servicePort + 1 })) },
  ],
  ["ports[1].servicePort", { ports: ["a", "b"].map((name, index) => ({ name, port: index + 1, servicePort: 9 })) }],
  ["readiness", { readiness: { path: "/", grpc: true } }],
  ["readiness.path", { readiness: { path: "healthz" } }],
  ["readiness.port", { readiness: { port: "admin" } }],
  ["startup.command", { startup: { command: [] } }],
  ["startup.port", { startup: { command: ["true"], port: "http" } }],
  ["startup.failureThreshold", { startup: { failureThreshold: 0 } }],
  ["liveness.periodSeconds", { liveness: { periodSeconds: 0 } }],
  ["liveness.timeoutSeconds", { liveness: { timeoutSeconds: 0.5 } }],
  ["maxSurge", { maxSurge: -1 }],
  ["drainSeconds", { drainSeconds: -1 }],
  ["drainSeconds", { drainSeconds: 60, terminationSeconds: 60 }],
  ["terminationSeconds", { terminationSeconds: 0 }],
  ["progressSeconds", { progressSeconds: 0 }],
  ["podMetric.average", { podMetric: { name: "rps" } }],
  ["ports[0].port", { ports: [{ name: "http" }] }],
  ["route.hosts", { route: {} }],
  ["route.hosts", { route: { hosts: [] } }],
  ["route.hosts[0]", { route: { hosts: ["churn"] } }],
  ["route.gateways", { route: { hosts: ["a.example.com"], gateways: [] } }],
  ["route.gateways[0]", { route: { hosts: ["a.example.com"], gateways: ["https"] } }],
  ["route.path", { route: { hosts: ["a.example.com"], path: "churn" } }],
  ["route.timeoutSeconds", { route: { hosts: ["a.example.com"], timeoutSeconds: 0 } }],
  ["route.retries", { route: { hosts: ["a.example.com"], retries: -1 } }],
  ["trainFirst.command", { trainFirst: { gpus: 1 } }],
  ["trainFirst.gpus", { trainFirst: { command: ["train"], gpus: -1 } }],
  ["trainFirst.parallelism", { trainFirst: { command: ["train"], parallelism: 0 } }],
  ["trainFirst.activeDeadlineSeconds", { trainFirst: { command: ["train"], activeDeadlineSeconds: 0 } }],
  ["trainFirst.queue", { trainFirst: { command: ["train"], queue: "my queue" } }],
  ['env["TRAINING_ID"]', { env: { TRAINING_ID: "1" }, trainFirst: { command: ["train"] } }],
  ['trainFirst.env["TRAINING_ID"]', { trainFirst: { command: ["train"], env: { TRAINING_ID: "1" } } }],
  ["beside", { beside: "My Model" }],
  ["trafficDistribution", { trafficDistribution: "PreferNowhere" }],
];

/** Web applications. */
export const webServiceCase = workloadCase<WebServiceArgs>({
  component: "WebService",
  create: (name, args, opts) => new WebService(name, args, opts),
  validate: validateWebService,
  objects: (name, args) => {
    const { trainingId: _, ...objects } = webServiceManifests(name, args);
    return Object.values(objects).filter((object) => object !== undefined);
  },
  variants: {
    minimal: { image },
    gpu: { image, gpus: 1 },
    "trained-first": {
      image,
      command: ["python", "-m", "churn.serve"],
      volumes: [{ name: "models", mountPath: "/models", persistentVolumeClaim: "models", readOnly: true }],
      lineage: { commit: "0123abc", parameters: { depth: "6" } },
      trainFirst: {
        command: ["python", "-m", "churn.train"],
        gpus: 1,
        volumes: [{ name: "models", mountPath: "/models", persistentVolumeClaim: "models" }],
      },
    },
    scaled: {
      image,
      maxReplicas: 10,
      memoryScaling: { maxMemory: "16Gi" },
      readiness: { path: "/healthz" },
      route: { hosts: ["churn.example.com"], timeoutSeconds: 30 },
    },
    "scaled-by-requests": {
      image,
      maxReplicas: 10,
      podMetric: { name: "http_requests_per_second", average: "100" },
    },
    "scaled-to-zero": {
      image,
      gpus: 1,
      replicas: 0,
      maxReplicas: 4,
      prometheus: { query: "sum(queue_length)", threshold: 20 },
    },
    beside: { image, beside: "detector", trafficDistribution: "PreferSameNode" },
  },
  args: webServiceArgs,
  flaws: flawed(webServiceArgs, web),
});
