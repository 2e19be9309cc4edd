import fc from "fast-check";
import {
  type DriftDataArgs,
  DriftFormat,
  DriftMonitor,
  type DriftMonitorArgs,
  driftMonitorManifests,
  type PredictionQualityArgs,
  type RetrainArgs,
  validateDriftMonitor,
} from "../../../../components/workloads/monitoring";
import { dnsLabel, joined, objectArgs, queueArgs, someOf, withRequired } from "../../../support/workloads/arguments";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";

const minimal: DriftMonitorArgs = {
  schedule: "15 * * * *",
  reference: { persistentVolumeClaim: "training", files: "churn/*.csv" },
  recent: { persistentVolumeClaim: "requests", files: "churn/**/*.jsonl.gz", windowHours: 24 },
};

const data: fc.Arbitrary<DriftDataArgs> = withRequired<DriftDataArgs>(
  {
    persistentVolumeClaim: fc.constantFrom("training", "requests"),
    files: fc.constantFrom("a.csv", "requests/**/*.json", "x/[0-9]*/?.gz"),
  },
  { windowHours: fc.constantFrom(0.5, 24) },
).chain((args) =>
  fc
    .constantFrom<Partial<DriftDataArgs>>({}, ...Object.values(DriftFormat).map((format) => ({ format })), {
      format: DriftFormat.kserve,
      columns: ["age", "tenure"],
    })
    .map((more) => ({ ...args, ...more })),
);

const quality = fc.constantFrom<PredictionQualityArgs>(
  { prediction: "predicted", label: "churned", metric: "accuracy", worst: 0.9 },
  { prediction: "demand", label: "sold", metric: "rootMeanSquaredError", worst: 12.5 },
);

const retrain: fc.Arbitrary<RetrainArgs> = joined(
  fc.oneof(
    fc.constant<RetrainArgs>({ cronJob: "churn-train" }),
    withRequired<RetrainArgs>(
      { workflowTemplate: fc.constant("churn-loop") },
      { parameters: fc.constant({ data: "newest" }), serviceAccountName: fc.constant("workflow") },
    ),
  ),
  someOf<RetrainArgs>({
    coolDownHours: fc.integer({ min: 1, max: 500 }),
    limit: fc.integer({ min: 1, max: 9 }),
  } as never),
);

const hardware = someOf<DriftMonitorArgs>({
  cpu: fc.constantFrom("500m", "2"),
  memory: fc.constantFrom("512Mi", "4Gi"),
  pool: dnsLabel(),
  tolerations: fc.constant([{ key: "night" }]),
  architecture: fc.constantFrom("amd64", "arm64"),
  sharedMemory: fc.constant("64Mi"),
  gpus: fc.constant(0),
} as never);

const monitorArgs: fc.Arbitrary<DriftMonitorArgs> = joined(
  joined(joined(objectArgs, queueArgs), hardware),
  withRequired<DriftMonitorArgs>(
    { schedule: fc.constantFrom("@daily", "40 2 * * 1-5"), reference: data, recent: data },
    {
      timeZone: fc.constant("Europe/Berlin"),
      suspend: fc.boolean(),
      features: fc.constantFrom(["age"], ["age", "tenure", "plan"]),
      thresholds: someOf({ psi: fc.constantFrom(0.1, 1), ks: fc.constantFrom(0.1, 1) }),
      minFeatures: fc.constant(1),
      bins: fc.integer({ min: 2, max: 100 }),
      minRows: fc.integer({ min: 2, max: 500 }),
      maxRows: fc.integer({ min: 500, max: 9000 }),
      quality,
      retrain,
      reports: fc.constant({ persistentVolumeClaim: "reports", folder: "drift/churn" }),
      pushgateway: fc.constant("http://pushgateway.monitoring.svc:9091"),
      image: fc.constant("ghcr.io/acme/python:3.12"),
      runAsUser: fc.integer({ min: 1, max: 9999 }),
      activeDeadlineSeconds: fc.integer({ min: 1, max: 9999 }),
    },
  ),
);

const { reference } = minimal;

const wrongs: typeof FLAWS.program = [
  ...FLAWS.object,
  ...FLAWS.queue,
  ["objectName", { objectName: "x".repeat(53) }],
  ["cpu", { cpu: "four" }],
  ["memory", { memory: "16GB" }],
  ["pool", { pool: "My Pool" }],
  ["image", { image: " " }],
  ["runAsUser", { runAsUser: 0 }],
  ["gpus", { gpus: 1 }],
  ["gpuMemoryGib", { gpuMemoryGib: 16 }],
  ["gpuSharing", { gpuSharing: "exclusive" }],
  ["migProfile", { migProfile: "1g.10gb" }],
  ["efa", { efa: 1 }],
  ["schedule", { schedule: "hourly" }],
  ["schedule", { schedule: "0 0 31 2 *" }],
  ["timeZone", { timeZone: "Berlin" }],
  ["reference", { reference: undefined }],
  ["reference.persistentVolumeClaim", { reference: { ...reference, persistentVolumeClaim: "" } }],
  ["reference.files", { reference: { ...reference, files: "/etc/passwd" } }],
  ["recent.files", { recent: { ...reference, files: "a/../../b" } }],
  ["recent.format", { recent: { ...reference, format: "parquet" } }],
  ["recent.columns", { recent: { ...reference, columns: ["age"] } }],
  ["recent.windowHours", { recent: { ...reference, windowHours: 0 } }],
  ["features", { features: [], minFeatures: undefined }],
  ["features[1]", { features: ["age", "age"] }],
  ["thresholds.psi", { thresholds: { psi: 0 } }],
  ["thresholds.ks", { thresholds: { ks: 1.5 } }],
  ["minFeatures", { minFeatures: 0 }],
  ["minFeatures", { features: ["age"], minFeatures: 2 }],
  ["bins", { bins: 1 }],
  ["minRows", { minRows: 1 }],
  ["maxRows", { minRows: 500, maxRows: 100 }],
  ["quality.prediction", { quality: { prediction: "", label: "y", metric: "accuracy", worst: 0.9 } }],
  ["quality.label", { quality: { prediction: "y", label: "y", metric: "accuracy", worst: 0.9 } }],
  ["quality.metric", { quality: { prediction: "p", label: "y", metric: "f1", worst: 0.9 } }],
  ["quality.worst", { quality: { prediction: "p", label: "y", metric: "accuracy", worst: 90 } }],
  ["retrain", { retrain: {} }],
  ["retrain", { retrain: { cronJob: "a", workflowTemplate: "b" } }],
  ["retrain.cronJob", { retrain: { cronJob: "" } }],
  ["retrain.parameters", { retrain: { cronJob: "a", parameters: { a: "1" } } }],
  ["retrain.serviceAccountName", { retrain: { cronJob: "a", serviceAccountName: "b" } }],
  ["retrain.coolDownHours", { retrain: { cronJob: "a", coolDownHours: 0 } }],
  ["retrain.limit", { retrain: { cronJob: "a", limit: 0 } }],
  ["reports.persistentVolumeClaim", { reports: { persistentVolumeClaim: "", folder: "a" } }],
  ["reports.folder", { reports: { persistentVolumeClaim: "a", folder: "../a" } }],
  ["pushgateway", { pushgateway: "pushgateway:9091" }],
  ["activeDeadlineSeconds", { activeDeadlineSeconds: 0 }],
];

/** Settings as they are, and names alone of the program's files, which golden files need not repeat. */
function abbreviated(data: Record<string, unknown>): object {
  return Object.fromEntries(
    Object.entries(data).map(([file, text]) => [file, file.endsWith(".py") ? `drift-monitor/${file}` : text]),
  );
}

/** The kinds that watch. */
export const monitoringCases = [
  workloadCase<DriftMonitorArgs>({
    component: "DriftMonitor",
    create: (name, args, opts) => new DriftMonitor(name, args, opts),
    validate: validateDriftMonitor,
    objects: (name, args) => {
      const { program, ...others } = driftMonitorManifests(name, args);
      return [{ ...program, data: abbreviated(program.data!) }, ...Object.values(others)];
    },
    variants: {
      minimal,
      retrains: {
        ...minimal,
        quality: { prediction: "predicted", label: "churned", metric: "accuracy", worst: 0.9 },
        retrain: { cronJob: "churn-train", coolDownHours: 48 },
        reports: { persistentVolumeClaim: "training", folder: "drift/churn" },
      },
      "starts-workflows": {
        ...minimal,
        features: ["age", "tenure"],
        retrain: { workflowTemplate: "churn-loop", parameters: { data: "newest" }, serviceAccountName: "workflow" },
      },
    },
    args: monitorArgs,
    flaws: flawed(monitorArgs, wrongs),
  }),
];
