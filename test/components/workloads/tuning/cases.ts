import fc from "fast-check";
import { batchJobManifest, gpuJobManifest } from "../../../../components/workloads";
import { mxNetJobManifest, trainJobManifest } from "../../../../components/workloads/training";
import {
  categoricalSpace,
  discreteSpace,
  doubleSpace,
  intSpace,
  SpaceDistribution,
  Sweep,
  SweepAlgorithm,
  type SweepArgs,
  SweepDirection,
  sweepManifest,
  type SweepMetricsArgs,
  SweepResumePolicy,
  SweepStrategy,
  sweepTrial,
  validateSweep,
} from "../../../../components/workloads/tuning";
import { containerStep, param, workflowDefinition, workflowManifest } from "../../../../components/workloads/workflows";
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

const image = "ghcr.io/acme/mnist:1.4.0";
const command = ["python", "-m", "train"];
const objective = { metric: "accuracy", direction: SweepDirection.maximize };

const parameters = {
  learningRate: doubleSpace({ min: 1e-5, max: 0.1, distribution: SpaceDistribution.logUniform }),
  layers: intSpace({ min: 2, max: 8, step: 2 }),
  batchSize: discreteSpace([32, 64, 128]),
  optimizer: categoricalSpace(["sgd", "adamw"]),
};
const trial = sweepTrial(parameters, (p, { name }) =>
  gpuJobManifest("trial", {
    image,
    command,
    args: [`--lr=${p.learningRate}`, `--layers=${p.layers}`, `--batch=${p.batchSize}`, `--optimizer=${p.optimizer}`],
    env: { RUN: name },
  }),
);

const rate = { learningRate: parameters.learningRate };
const lineage = { commit: "0123abc", data: "s3://lake/mnist/?versionId=7", parameters: { epochs: "10" } };
const trainStep = containerStep("train", {
  inputs: { rate: param.string() },
  run: ({ inputs }) => ({ image, command, args: [`--lr=${inputs.rate}`], gpus: 1 }),
});

const noSteps = { rate: doubleSpace({ min: 0.1, max: 1 }), size: intSpace({ min: 1, max: 9 }) };
const steps = {
  rate: doubleSpace({ min: 0.1, max: 1, step: 0.1 }),
  size: intSpace({ min: 1, max: 9 }),
  kind: categoricalSpace(["a", "b"]),
};

/** What each algorithm takes. */
const searches: fc.Arbitrary<Partial<SweepArgs>> = fc.constantFrom<Partial<SweepArgs>>(
  { parameters },
  { parameters, algorithm: "random", algorithmSettings: { random_state: "7" } },
  { parameters, algorithm: "tpe", algorithmSettings: { gamma: "0.3", prior_weight: "1.5", n_EI_candidates: "24" } },
  { parameters, algorithm: "multivariate-tpe", algorithmSettings: { n_startup_trials: "5", n_ei_candidates: "24" } },
  { parameters: steps, algorithm: "grid" },
  {
    parameters: { ...noSteps, kind: categoricalSpace(["a", "b"]) },
    algorithm: "bayesianoptimization",
    algorithmSettings: { base_estimator: "RF", acq_func: "EI", acq_optimizer: "sampling", n_initial_points: "5" },
  },
  { parameters: noSteps, algorithm: "cmaes", algorithmSettings: { sigma: "0.5", restart_strategy: "ipop" } },
  { parameters: steps, algorithm: "sobol" },
  {
    parameters: { ...noSteps, epochs: intSpace({ min: 1, max: 9 }) },
    algorithm: "hyperband",
    algorithmSettings: { r_l: "9", eta: "3", resource_name: "epochs" },
    parallelTrials: 9,
    maxTrials: 20,
  },
  {
    parameters: steps,
    algorithm: "pbt",
    algorithmSettings: { suggestion_trial_dir: "/checkpoints/", n_population: "40", truncation_threshold: "0.2" },
    resumePolicy: "FromVolume",
  },
);

const collectors = fc.constantFrom<SweepMetricsArgs>(
  {},
  { kind: "StdOut", filters: ["([\\w|-]+)\\s*=\\s*((-?\\d+)(\\.\\d+)?)"] },
  { kind: "File" },
  { kind: "File", path: "/tmp/metrics/all.json", format: "JSON" },
  { kind: "TensorFlowEvent", path: "/tmp/events" },
  { kind: "Custom", container: { name: "collector", image }, path: "/shared" },
  { kind: "Push" },
);

/** What a trial's Job is made from, beside its program. */
const jobs = fc.tuple(joined(joined(programArgs, queueArgs), hardwareArgs(0)), objectArgs, dnsLabel());

const others: fc.Arbitrary<Partial<SweepArgs>> = someOf<SweepArgs>({
  maxFailedTrials: fc.integer({ min: 0, max: 3 }),
  resumePolicy: fc.constantFrom(...Object.values(SweepResumePolicy)),
  retainTrials: fc.boolean(),
  primaryContainer: fc.constant("main"),
  primaryPodLabels: fc.constant({ "example.com/role": "trainer" }),
  successCondition: fc.constant('status.conditions.#(type=="Complete")#|#(status=="True")#'),
  failureCondition: fc.constant('status.conditions.#(type=="Failed")#|#(status=="True")#'),
} as never);

const waits = fc.oneof(
  someOf<SweepArgs>({ waitForCompletion: fc.boolean() } as never),
  fc.integer({ min: 1, max: 86_400 }).map((waitSeconds) => ({ waitForCompletion: true, waitSeconds })),
);

const objectives = withRequired<SweepArgs["objective"]>(
  { metric: fc.constantFrom("accuracy", "val-loss"), direction: fc.constantFrom("maximize", "minimize") },
  {
    goal: fc.double({ noNaN: true, noDefaultInfinity: true }),
    strategy: fc.constantFrom(...Object.values(SweepStrategy)),
    additionalMetrics: fc.constantFrom(["loss"], ["loss", "f1"]),
  },
);

const ways: fc.Arbitrary<Partial<SweepArgs>> = fc.oneof(
  collectors.map((metrics) => ({ metrics })),
  someOf<SweepArgs>({
    earlyStopping: someOf({ minTrials: fc.integer({ min: 1, max: 9 }), startStep: fc.integer({ min: 1, max: 9 }) }),
  } as never),
);

const sweepArgs: fc.Arbitrary<SweepArgs> = fc
  .tuple(objectArgs, searches, jobs, objectives, fc.tuple(others, waits), ways)
  .map(([object, search, job, aim, [other, wait], way]) => {
    const given = { ...object, ...other, ...wait, ...way, ...search } as SweepArgs;
    return { ...given, objective: aim, trial: trialOf(given.parameters, job) };
  });

/** A Job that uses each parameter once. */
function trialOf(
  space: SweepArgs["parameters"],
  [pod, object, name]: typeof jobs extends fc.Arbitrary<infer T> ? T : never,
) {
  return sweepTrial(space, (p, facts) => {
    const args = Object.entries(p).map(([key, value]) => `--${key}=${value}`);
    return batchJobManifest(name, { ...object, ...pod, command, args: [...args, facts.name] });
  });
}

/** Sweeps by chance, so that what is wrong is not hidden by what an algorithm demands. */
const plainSweeps: fc.Arbitrary<SweepArgs> = objectArgs.map((object) => ({ ...object, parameters, trial, objective }));

const lr = (space: object) => ({ parameters: { ...parameters, learningRate: space } });
const range = { type: "double", min: 1, max: 2 };

/** The kinds that choose hyperparameters. */
export const tuningCases = [
  workloadCase<SweepArgs>({
    component: "Sweep",
    create: (name, args, opts) => new Sweep(name, args, opts),
    validate: validateSweep,
    objects: (name, args) => [sweepManifest(name, args)],
    variants: {
      minimal: {
        parameters: { learningRate: parameters.learningRate },
        trial: sweepTrial({ learningRate: parameters.learningRate }, (p) =>
          gpuJobManifest("trial", { image, command, args: [`--lr=${p.learningRate}`] }),
        ),
        objective,
      },
      "all-spaces": {
        parameters,
        trial,
        objective: { ...objective, goal: 0.99, strategy: "latest", additionalMetrics: ["loss"] },
        algorithm: "tpe",
        algorithmSettings: { gamma: "0.3" },
        maxTrials: 40,
        parallelTrials: 4,
        maxFailedTrials: 5,
        earlyStopping: { minTrials: 5, startStep: 3 },
        resumePolicy: "LongRunning",
      },
      "file-metrics": {
        parameters,
        trial,
        objective,
        metrics: { kind: "File", path: "/tmp/m/all.json", format: "JSON" },
      },
      "train-job": {
        parameters: rate,
        trial: sweepTrial(rate, (p) =>
          trainJobManifest("trial", {
            image,
            command,
            args: [`--lr=${p.learningRate}`],
            nodes: 2,
            queue: "research",
            topology: { level: "zone", required: true },
          }),
        ),
        objective,
        lineage,
      },
      "mx-net-job": {
        parameters: rate,
        trial: sweepTrial(rate, (p) =>
          mxNetJobManifest("trial", { image, command, args: [`--lr=${p.learningRate}`], workers: { replicas: 2 } }),
        ),
        objective,
        lineage,
      },
      workflow: {
        parameters: rate,
        trial: sweepTrial(rate, (p) =>
          workflowManifest("trial", {
            definition: workflowDefinition(trainStep),
            parameters: { rate: p.learningRate },
            serviceAccountName: "trials",
          }),
        ),
        objective,
        lineage,
        primaryPodLabels: { "app.kubernetes.io/component": "train" },
      },
    },
    args: sweepArgs,
    flaws: flawed(plainSweeps, [
      ...FLAWS.object,
      ["objectName", { objectName: "x".repeat(41) }],
      ["objectName", { objectName: "2x" }],
      ["parameters", { parameters: undefined }],
      ["parameters", { parameters: {} }],
      ['parameters["2x"]', { parameters: { "2x": range } }],
      ['parameters["trialName"]', { parameters: { trialName: range } }],
      ['parameters["momentum"]', { parameters: { ...parameters, momentum: range } }],
      ['parameters["learningRate"].type', lr({ type: "float" })],
      ['parameters["learningRate"].min', lr({ type: "double", max: 1 })],
      ['parameters["learningRate"].min', lr({ type: "int", min: 0.5, max: 1 })],
      ['parameters["learningRate"].max', lr({ type: "double", min: 1, max: 1 })],
      ['parameters["learningRate"].step', lr({ ...range, step: 0 })],
      ['parameters["learningRate"].step', lr({ ...range, step: 2 })],
      ['parameters["learningRate"].distribution', lr({ ...range, distribution: "square" })],
      ['parameters["learningRate"].min', lr({ type: "double", min: 0, max: 1, distribution: "logUniform" })],
      ['parameters["learningRate"].values', lr({ ...range, values: ["1"] })],
      ['parameters["learningRate"].values', lr({ type: "categorical", values: [] })],
      ['parameters["learningRate"].min', lr({ type: "categorical", values: ["a"], min: 1 })],
      ['parameters["learningRate"].values[1]', lr({ type: "categorical", values: ["a", "a"] })],
      ['parameters["learningRate"].values[0]', lr({ type: "categorical", values: ['"'] })],
      ['parameters["learningRate"].values[0]', lr({ type: "categorical", values: ["a b"] })],
      ['parameters["learningRate"].values[0]', lr({ type: "discrete", values: ["a"] })],
      ["algorithm", { algorithm: "magic" }],
      ['algorithmSettings["seed"]', { algorithmSettings: { seed: "1" } }],
      ['algorithmSettings["random_state"]', { algorithmSettings: { random_state: "-1" } }],
      ['algorithmSettings["gamma"]', { algorithm: SweepAlgorithm.tpe, algorithmSettings: { gamma: "1" } }],
      ['algorithmSettings["r_l"]', { algorithm: SweepAlgorithm.hyperband, parameters: noSteps }],
      [
        "resumePolicy",
        {
          algorithm: "pbt",
          parameters: steps,
          algorithmSettings: { suggestion_trial_dir: "/c", n_population: "5", truncation_threshold: "0" },
        },
      ],
      [
        "parallelTrials",
        { algorithm: "hyperband", parameters: noSteps, algorithmSettings: { r_l: "27", resource_name: "size" } },
      ],
      [
        'algorithmSettings["resource_name"]',
        { algorithm: "hyperband", parameters: noSteps, algorithmSettings: { r_l: "2", resource_name: "rate" } },
      ],
      ["parameters", { algorithm: "cmaes", parameters: { optimizer: parameters.optimizer } }],
      ["maxTrials", { algorithm: "grid", parameters: { layers: parameters.layers }, maxTrials: 5 }],
      ['parameters["rate"].step', { algorithm: "grid", parameters: noSteps }],
      ['parameters["rate"].step', { algorithm: "bayesianoptimization", parameters: steps }],
      ['parameters["learningRate"].distribution', { algorithm: "sobol" }],
      ["maxTrials", { maxTrials: 0 }],
      ["parallelTrials", { maxTrials: 2, parallelTrials: 3 }],
      ["maxFailedTrials", { maxTrials: 2, maxFailedTrials: 3 }],
      ["objective", { objective: undefined }],
      ["objective.metric", { objective: { ...objective, metric: "val/loss" } }],
      ["objective.direction", { objective: { ...objective, direction: "up" } }],
      ["objective.strategy", { objective: { ...objective, strategy: "mean" } }],
      ["objective.goal", { objective: { ...objective, goal: Infinity } }],
      ["objective.additionalMetrics[0]", { objective: { ...objective, additionalMetrics: ["accuracy"] } }],
      ["earlyStopping.minTrials", { earlyStopping: { minTrials: 0 } }],
      ["earlyStopping.startStep", { earlyStopping: { startStep: 0.5 } }],
      ["earlyStopping", { earlyStopping: {}, metrics: { kind: "Push" } }],
      ["metrics.kind", { metrics: { kind: "None" } }],
      ["metrics.path", { metrics: { path: "/a" } }],
      ["metrics.path", { metrics: { kind: "File", path: "a.log" } }],
      ["metrics.kind", { metrics: { kind: "PrometheusMetric" } }],
      ["metrics.format", { metrics: { kind: "File", format: "YAML" } }],
      ["metrics.filters", { metrics: { kind: "File", format: "JSON", filters: ["(a)(b)"] } }],
      ["metrics.filters[0]", { metrics: { filters: ["(a)"] } }],
      ["metrics.container", { metrics: { kind: "Custom" } }],
      ["trial", { trial: undefined }],
      ["trial", { trial: { kind: "Job" } }],
      ["trial", { trial: { ...trial, note: "${trialParameters.momentum}" } }],
      ["trial", { trial: { ...trial, note: "${trialSpec.Name}" } }],
      ["successCondition", { trial: { ...trial, kind: "Task" } }],
      ["resumePolicy", { resumePolicy: "Always" }],
      ["waitSeconds", { waitForCompletion: true, waitSeconds: 0 }],
      ["waitSeconds", { waitSeconds: 600 }],
      ['primaryPodLabels["-"]', { primaryPodLabels: { "-": "x" } }],
    ]),
  }),
];
