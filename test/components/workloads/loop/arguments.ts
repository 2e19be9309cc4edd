import fc from "fast-check";
import { gpuJobManifest } from "../../../../components/workloads/jobs";
import type {
  LoopCanaryArgs,
  LoopEvaluateArgs,
  LoopTrainArgs,
  ModelLoopArgs,
} from "../../../../components/workloads/loop";
import type { DriftMonitorArgs } from "../../../../components/workloads/monitoring";
import type { InferenceServiceArgs, RouteArgs } from "../../../../components/workloads/serving";
import {
  dnsLabel,
  hardwareArgs,
  images,
  joined,
  objectArgs,
  programArgs,
  queueArgs,
  someOf,
  withRequired,
} from "../../../support/workloads/arguments";

/** Image of a loop's programs. */
export const image = "ghcr.io/acme/churn:1.4.0";

/** A whole loop and nothing that could be left out. */
export const minimalLoop: ModelLoopArgs = {
  train: { image, command: ["python", "-m", "churn.train"] },
  evaluate: { image, command: ["python", "-m", "churn.evaluate"], metrics: ["auc"] },
  gate: { metric: "auc", atLeast: 0.8 },
  serve: { model: { format: "sklearn" } },
  modelStore: "s3://models/churn",
};

/** What watches for drift. */
export const drift: DriftMonitorArgs = {
  schedule: "15 * * * *",
  reference: { persistentVolumeClaim: "training", files: "churn/*.csv" },
  recent: { persistentVolumeClaim: "requests", files: "churn/**/*.jsonl.gz", windowHours: 24 },
};

/** A workload of several GPUs that trains, and is told where its model goes. */
export const trainingJob = gpuJobManifest("churn-train", {
  image,
  gpus: 4,
  args: ["--output={{inputs.parameters.model-uri}}", "--rate={{inputs.parameters.rate}}"],
});

const command = fc.constantFrom(["python", "-m", "churn"], ["/run"]);
const limits = { retries: fc.integer({ min: 0, max: 5 }), activeDeadlineSeconds: fc.integer({ min: 1, max: 9999 }) };

/** Argo reads two braces as the start of a variable. */
const programs = programArgs.filter((args) => !JSON.stringify(args).includes("{{"));
const program = joined(joined(programs, hardwareArgs()), fc.record({ command }));
const train: fc.Arbitrary<LoopTrainArgs> = joined(program, someOf<LoopTrainArgs>(limits as never));
const workload: fc.Arbitrary<LoopTrainArgs> = withRequired<LoopTrainArgs>(
  { manifest: fc.constant(trainingJob) },
  {
    ...limits,
    successCondition: fc.constant("status.succeeded == 1"),
    failureCondition: fc.constant("status.failed > 3"),
  },
);
const evaluate: fc.Arbitrary<LoopEvaluateArgs> = joined(
  program,
  withRequired<LoopEvaluateArgs>({ metrics: fc.constantFrom(["auc"], ["auc", "loss_2"]) }, limits),
);
const canary: fc.Arbitrary<LoopCanaryArgs> = someOf<LoopCanaryArgs>({
  trafficPercent: fc.integer({ min: 0, max: 100 }),
  replicas: fc.constant(1),
  observeSeconds: fc.integer({ min: 0, max: 9999 }),
  check: program,
});
const route = fc.constantFrom<RouteArgs>(
  { hosts: ["a.example.com"] },
  { hosts: ["*.example.com"], path: "/churn", retries: 1 },
);
const serve = joined(
  joined(
    programs.map(({ image: _, ...options }) => options),
    queueArgs,
  ),
  withRequired<InferenceServiceArgs>(
    {
      model: fc.constantFrom({ format: "sklearn" }, { format: "onnx", version: "1", protocol: "v2" as const }),
    },
    { route, timeoutSeconds: fc.constant(30), replicas: fc.integer({ min: 1, max: 4 }), memory: fc.constant("4Gi") },
  ),
);
const register = someOf<NonNullable<ModelLoopArgs["register"]>>({
  model: fc.constant("churn"),
  registry: fc.constant("http://registry.ml.svc:8080"),
  registryToken: fc.constant({ name: "registry", key: "token" }),
  description: fc.constant('trained by the loop, "daily"'),
  properties: fc.constant({ team: "growth" }),
  image: images,
});

const common = joined(
  joined(joined(objectArgs, queueArgs), someOf<ModelLoopArgs>({ serviceAccountName: dnsLabel() } as never)),
  withRequired<ModelLoopArgs>(
    {
      evaluate,
      gate: fc.constantFrom(
        { metric: "auc", atLeast: 0.8 },
        { metric: "auc", atMost: -1.5 },
        { metric: "auc", atLeast: 0, atMost: 1e-7 },
      ),
      modelStore: fc.constantFrom("s3://models/churn", "gs://acme-models", "pvc://models", "pvc://models/churn/eu"),
    },
    {
      register,
      drift: fc.constantFrom(drift, { ...drift, retrain: { coolDownHours: 1, limit: 2 } }),
      schedule: fc.constantFrom(
        { schedules: ["@weekly"] },
        { schedules: ["40 2 * * 0", "40 2 1 * *"], timeZone: "Europe/Berlin", suspend: true },
      ),
      initialRun: fc.boolean(),
      readySeconds: fc.integer({ min: 1, max: 9999 }),
      readyPath: fc.constant("/ready"),
      stepImage: images,
      activeDeadlineSeconds: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
    },
  ),
);

const tried = joined(
  common,
  withRequired<ModelLoopArgs>(
    { serve: joined(serve, someOf<InferenceServiceArgs>({ versionHeader: fc.constant("x-version") } as never)) },
    { canary },
  ),
);
const direct = joined(common, fc.record({ serve, directly: fc.constant(true) }));
const trained = fc.oneof(
  joined(
    fc.record({ train }),
    someOf<ModelLoopArgs>({ parameters: fc.constantFrom({ rate: "0.1" }, { rate: "", depth: "3" }) } as never),
  ),
  fc.record({ train: workload, parameters: fc.constant({ rate: "0.1" }) }),
);
const waiting = fc.oneof(
  someOf<ModelLoopArgs>({ waitForCompletion: fc.boolean() } as never),
  fc.record({ waitForCompletion: fc.constant(true), waitSeconds: fc.integer({ min: 1, max: 9999 }) }),
);
/** Loops of all kinds. */
export const loopArgs = joined(
  joined(fc.oneof(tried, direct), trained),
  waiting,
) as unknown as fc.Arbitrary<ModelLoopArgs>;
