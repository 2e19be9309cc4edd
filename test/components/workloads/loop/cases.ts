import fc from "fast-check";
import { gpuJobManifest } from "../../../../components/workloads/jobs";
import {
  ModelLoop,
  type ModelLoopArgs,
  modelLoopManifests,
  validateModelLoop,
} from "../../../../components/workloads/loop";
import { driftMonitorManifests } from "../../../../components/workloads/monitoring";
import {
  cronWorkflowManifest,
  workflowObjects,
  workflowTemplateManifest,
} from "../../../../components/workloads/workflows";
import { FLAWS, flawed } from "../../../support/workloads/flaws";
import { workloadCase } from "../../../support/workloads/workload-case";
import { drift, image, loopArgs, minimalLoop, trainingJob } from "./arguments";

/** What the API server would have given the memory's ConfigMap. */
const OWNER = "11111111-2222-3333-4444-555555555555";

const whole: ModelLoopArgs = {
  ...minimalLoop,
  namespace: "ml",
  lineage: { commit: "0123abc", data: "s3://lake/churn/?versionId=7" },
  train: { ...minimalLoop.train, gpus: 1, activeDeadlineSeconds: 7200 },
  evaluate: { ...minimalLoop.evaluate, metrics: ["auc", "loss"] },
  gate: { metric: "auc", atLeast: 0.8, atMost: 1 },
  parameters: { rate: "0.1" },
  register: { model: "churn" },
  serve: { model: { format: "sklearn" }, route: { hosts: ["churn.example.com"] }, replicas: 3 },
  canary: { trafficPercent: 10, observeSeconds: 600, check: { image, command: ["python", "-m", "churn.check"] } },
  drift: { ...drift, retrain: { coolDownHours: 12, parameters: { rate: "0.05" } } },
  schedule: { schedules: ["40 2 * * 0"] },
  queue: "research",
};

function objects(name: string, args: ModelLoopArgs): object[] {
  const parts = modelLoopManifests(name, args, OWNER);
  const { memory, program, script, budget, template, run, schedule } = parts;
  const ofDrift = parts.drift === undefined ? [] : Object.values(driftMonitorManifests(`${name}-drift`, parts.drift));
  const ofSchedule = schedule === undefined ? [] : [cronWorkflowManifest(`${name}-schedule`, schedule)];
  return [
    memory,
    program,
    ...(script === undefined ? [] : [script]),
    ...workflowObjects(name, template, workflowTemplateManifest(name, template), args.namespace),
    ...(budget === undefined ? [] : [budget]),
    ...ofSchedule,
    ...(ofDrift as object[]),
    ...(run === undefined ? [] : [run]),
  ];
}

const { gate } = minimalLoop;
const withProgram = { train: minimalLoop.train, parameters: undefined };
const tries = { directly: undefined, serve: minimalLoop.serve };

const wrongs: typeof FLAWS.program = [
  ...FLAWS.object,
  ...FLAWS.queue,
  ["objectName", { objectName: "x".repeat(56) }],
  ["objectName", { objectName: "1churn" }],
  ["train", { train: undefined }],
  ["evaluate", { evaluate: undefined }],
  ["gate", { gate: undefined }],
  ["serve", { serve: undefined }],
  ["modelStore", { modelStore: undefined }],
  ["modelStore", { modelStore: "https://models.example.com" }],
  ["modelStore", { modelStore: "s3://models/churn/" }],
  ["train", { train: {} }],
  ["train", { train: { image, command: ["a"], manifest: trainingJob } }],
  ["train.manifest", { train: { manifest: gpuJobManifest("churn", { image }) } }],
  ["train.manifest", { train: { manifest: trainingJob }, parameters: { depth: "3" } }],
  ["train.gpus", { train: { manifest: trainingJob, gpus: 1 } }],
  ["train.successCondition", { train: { ...minimalLoop.train, successCondition: "status.succeeded == 1" } }],
  ["train.successCondition", { train: { manifest: trainingJob, successCondition: "status.x[0]" } }],
  ["train.command", { train: { image } }],
  ["train.retries", { train: { ...minimalLoop.train, retries: -1 } }],
  ["evaluate.metrics", { evaluate: { ...minimalLoop.evaluate, metrics: [] } }],
  ["evaluate.metrics[0]", { evaluate: { ...minimalLoop.evaluate, metrics: ["f1-score"] } }],
  ["evaluate.metrics[1]", { evaluate: { ...minimalLoop.evaluate, metrics: ["auc", "auc"] } }],
  ["evaluate.command", { evaluate: { image, metrics: ["auc"] } }],
  ['evaluate.env["MODEL_URI"]', { evaluate: { ...minimalLoop.evaluate, env: { MODEL_URI: "x" } } }],
  ["gate", { gate: { metric: "auc" } }],
  ["gate.metric", { gate: { metric: "f1", atLeast: 1 } }],
  ["gate.atMost", { gate: { ...gate, atMost: 0.5 } }],
  ["gate.atLeast", { gate: { metric: "auc", atLeast: NaN } }],
  ["canary", { directly: true, canary: {} }],
  ["canary.observeSeconds", { ...tries, canary: { observeSeconds: -1 } }],
  ["canary.trafficPercent", { ...tries, canary: { trafficPercent: 101 } }],
  ["canary.replicas", { ...tries, canary: { replicas: 0 } }],
  ["canary.check.command", { ...tries, canary: { check: { image } } }],
  ["canary.check.gpus", { ...tries, canary: { check: { image, command: ["a"], gpus: -1 } } }],
  ["serve.storageUri", { serve: { ...minimalLoop.serve, storageUri: "s3://models/churn/7" } }],
  ["serve.mode", { serve: { ...minimalLoop.serve, mode: "Knative" } }],
  ["serve.namespace", { serve: { ...minimalLoop.serve, namespace: "ml" } }],
  ["serve.model", { ...tries, serve: { image } }],
  ["serve.model.format", { serve: { model: { format: " " } } }],
  ["serve.memory", { serve: { ...minimalLoop.serve, memory: "16GB" } }],
  ["drift.schedule", { drift: { ...drift, schedule: "hourly" } }],
  ["drift.objectName", { drift: { ...drift, objectName: "watch" } }],
  ["drift.retrain.cronJob", { drift: { ...drift, retrain: { cronJob: "train" } } }],
  ["drift.retrain.limit", { drift: { ...drift, retrain: { limit: 0 } } }],
  [
    'drift.retrain.parameters["depth"]',
    { drift: { ...drift, retrain: { parameters: { depth: "3" } } }, ...withProgram },
  ],
  ["serve", { serve: { ...minimalLoop.serve, env: { A: "{{B" } } }],
  ["schedule.schedules", { schedule: { schedules: [] } }],
  ["schedule.schedules[0]", { schedule: { schedules: ["60 * * * *"] } }],
  ["schedule.timeZone", { schedule: { schedules: ["@daily"], timeZone: "Berlin" } }],
  ["register.registry", { register: { registry: "registry" } }],
  ["register.model", { register: { model: " " } }],
  ["register.image", { register: { image: "python" } }],
  ['parameters["learning-rate"]', { ...withProgram, parameters: { "learning-rate": "0.1" } }],
  ['parameters["MODEL_URI"]', { ...withProgram, parameters: { MODEL_URI: "0.1" } }],
  ["readySeconds", { readySeconds: 0 }],
  ["readyPath", { readyPath: "ready" }],
  ["waitSeconds", { waitForCompletion: true, waitSeconds: 0 }],
  ["waitSeconds", { waitForCompletion: false, waitSeconds: 60 }],
  ["activeDeadlineSeconds", { activeDeadlineSeconds: 0 }],
];

const ofPrograms = [...FLAWS.program, ...FLAWS.hardware];
const programLoops = loopArgs.map((args): ModelLoopArgs => ({ ...args, ...(withProgram as object) }));

/** A loop over all of a model's life. */
export const loopCases = [
  workloadCase<ModelLoopArgs>({
    component: "ModelLoop",
    create: (name, args, opts) => new ModelLoop(name, args, opts),
    validate: validateModelLoop,
    objects,
    variants: {
      minimal: minimalLoop,
      whole,
      workload: {
        ...minimalLoop,
        train: { manifest: trainingJob },
        parameters: { rate: "0.1" },
        modelStore: "pvc://models/churn",
        serve: { model: { format: "onnx", protocol: "v2" }, gpus: 1 },
        directly: true,
        initialRun: false,
      },
    },
    args: loopArgs,
    flaws: fc.oneof(
      flawed(loopArgs, wrongs),
      flawed(
        programLoops,
        ofPrograms.filter(([path]) => path !== "image"),
        "train",
      ),
      flawed(loopArgs, ofPrograms, "evaluate"),
    ),
  }),
];
