import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { batchJobManifest, indexedJobManifest } from "../../../../components/workloads";
import {
  categoricalSpace,
  doubleSpace,
  intSpace,
  type SweepArgs,
  sweepTrial,
  validateSweep,
} from "../../../../components/workloads/tuning";
import {
  mpiJobManifest,
  mxNetJobManifest,
  pyTorchJobManifest,
  tensorFlowJobManifest,
  trainJobManifest,
} from "../../../../components/workloads/training";

const image = "ghcr.io/acme/mnist:1.4.0";
const command = ["python", "-m", "train"];
const parameters = { lr: doubleSpace({ min: 0.001, max: 0.1 }), layers: intSpace({ min: 1, max: 4 }) };
const objective = { metric: "accuracy", direction: "maximize" } as const;
const words = ["--lr=${trialParameters.lr}", "--layers=${trialParameters.layers}"];

function jobOf(program: { command?: string[]; args?: string[] }): object {
  return batchJobManifest("trial", { image, command, args: words, ...program });
}

const sweep: SweepArgs = { parameters, objective, trial: jobOf({}) };
const reasonsOf = (args: Partial<SweepArgs>) => validateSweep("lr", { ...sweep, ...args }).map(({ reason }) => reason);
const NAMES =
  "${trialParameters.lr}, ${trialParameters.layers}, ${trialParameters.trialName}, ${trialParameters.trialNamespace}";

describe("placeholders", () => {
  it("may stand anywhere in a text, also in keys, and more than once", () => {
    const trial = batchJobManifest("trial", {
      image,
      command: ["sh", "-c", "train ${trialParameters.lr} ${trialParameters.lr} > /tmp/log"],
      env: { LAYERS: "x${trialParameters.layers}y" },
      annotations: { "example.com/${trialParameters.trialName}": "" },
    });
    expect(reasonsOf({ trial })).toEqual([]);
  });

  it("are each declared", () => {
    expect(reasonsOf({ trial: jobOf({ args: [...words, "${trialParameters.momentum}"] }) })).toEqual([
      `trial is "\${trialParameters.momentum}"; allowed: ${NAMES}. Declare or respell the parameter.`,
    ]);
  });

  it("are each used", () => {
    expect(reasonsOf({ trial: jobOf({ args: [words[0]!] }) })).toEqual([
      'parameters["layers"] is used nowhere; allowed: ${trialParameters.layers} in the trial. Use it, or remove it.',
    ]);
  });

  it("may all be in what only the engine will know", () => {
    const args = words.map((word) => pulumi.output(word));
    expect(reasonsOf({ trial: batchJobManifest("trial", { image, command, args }) })).toEqual([]);
  });

  it.each(["${trialSpec.Name}", "${trialParameter.lr}", "${trialParameters}", "${trialParameters."])(
    "are not spelled %s, which Katib would leave as it is",
    (misspelt) => {
      expect(
        reasonsOf({ trial: batchJobManifest("trial", { image, command, args: words, env: { X: misspelt } }) }),
      ).toEqual([`trial is "${misspelt}"; allowed: ${NAMES}. Write it like one of these.`]);
    },
  );
});

describe("a program whose output is read", () => {
  const remedy =
    "Katib hands the words to a shell, one after another. " +
    "Write what they mean as command sh, -c and one argument.";

  it.each(["two words", "", "it's", 'a"b', "a;b", "a&&b", "$HOME", "*.csv", "a\\b", "#1"])(
    "has no word %j, which a shell would take for something else",
    (word) => {
      expect(reasonsOf({ trial: jobOf({ args: [...words, word] }) })).toEqual([
        `trial is ${JSON.stringify(word)}; allowed: words without blanks, quotation marks and other characters of the shell. ${remedy}`,
      ]);
    },
  );

  it.each(["--path=/data/x_y.z,a:b@c%d+e", "$(MODEL_DIR)/x", "ü"])("may have a word %j", (word) => {
    expect(reasonsOf({ trial: jobOf({ args: [...words, word] }) })).toEqual([]);
  });

  it.each([[["sh", "-c"]], [["bash", "-c"]]])("may be a script of its own: %j", (shell) => {
    expect(reasonsOf({ trial: jobOf({ command: shell, args: [`train ${words.join(" ")} && echo "done"`] }) })).toEqual(
      [],
    );
  });

  it("is no script of a shell that Katib does not know by this path", () => {
    expect(reasonsOf({ trial: jobOf({ command: ["/bin/sh", "-c"], args: [words.join(" ")] }) })).toHaveLength(1);
  });

  it("may have any words where it pushes its metrics", () => {
    expect(reasonsOf({ metrics: { kind: "Push" }, trial: jobOf({ args: [...words, "two words"] }) })).toEqual([]);
  });

  it("is given no values that a shell would take for something else", () => {
    const named = { kind: categoricalSpace(["a", "b c"]) };
    const trial = sweepTrial(named, ({ kind }) => batchJobManifest("trial", { image, command, args: [kind] }));
    expect(reasonsOf({ parameters: named, trial })).toEqual([
      'parameters["kind"].values[1] is "b c"; allowed: words without blanks, quotation marks and other characters of the shell. ' +
        "Katib hands it to a shell; spell it differently.",
    ]);
  });
});

describe("a trial", () => {
  it("is a manifest", () => {
    expect(reasonsOf({ trial: "job.yaml" })).toEqual([
      "trial is no manifest; allowed: an object with apiVersion and kind. Hand over what a function such as gpuJobManifest returns.",
    ]);
  });

  it("of a kind that is not known is described", () => {
    const trial = { apiVersion: "example.com/v1", kind: "Task", spec: { args: words } };
    const known = "Job, TrainJob, JobSet, PyTorchJob, TFJob, XGBoostJob, MPIJob, SparkApplication, Workflow";
    expect(reasonsOf({ trial })).toEqual(
      ["primaryContainer", "successCondition", "failureCondition"].map(
        (path) =>
          `${path} is missing; allowed: what Katib needs for trials of this kind. ` +
          `Give it: of Task it is not known. Known kinds are ${known}.`,
      ),
    );
    const told = { primaryContainer: "main", successCondition: "status.ok", failureCondition: "status.bad" };
    expect(reasonsOf({ trial, ...told })).toEqual([]);
  });

  it.each<[kind: string, trial: object]>([
    ["TrainJob", trainJobManifest("trial", { image, command, args: words, nodes: 2 })],
    ["PyTorchJob", pyTorchJobManifest("trial", { image, command, args: words, nodes: 2 })],
    ["TFJob", tensorFlowJobManifest("trial", { image, command, args: words, workers: { replicas: 2 } })],
    ["TFJob", tensorFlowJobManifest("trial", { image, command, args: words, workers: {}, parameterServers: {} })],
    ["MPIJob", mpiJobManifest("trial", { image, command, args: words, workers: { replicas: 2 } })],
    ["JobSet", mxNetJobManifest("trial", { image, command, args: words, workers: { replicas: 2 } })],
  ])("is any kind of training: a %s", (_kind, trial) => {
    expect(reasonsOf({ trial })).toEqual([]);
  });

  it("that is a JobSet has a replicated Job called worker or workers, or says which container counts", () => {
    const jobSet = (...names: string[]) => ({
      apiVersion: "jobset.x-k8s.io/v1alpha2",
      kind: "JobSet",
      spec: {
        replicatedJobs: names.map((name) => ({
          name,
          template: { spec: { template: { spec: { containers: [{ name: `of-${name}`, command, args: words }] } } } },
        })),
      },
    });
    expect(reasonsOf({ trial: jobSet("worker") })).toEqual([]);
    expect(reasonsOf({ trial: jobSet("workers") })).toEqual([]);
    expect(reasonsOf({ trial: jobSet("trainer") })).toEqual([
      "primaryContainer is missing; allowed: what Katib needs for trials of this kind. Give it: of JobSet it is not known. " +
        "Known kinds are Job, TrainJob, JobSet, PyTorchJob, TFJob, XGBoostJob, MPIJob, SparkApplication, Workflow.",
    ]);
    expect(reasonsOf({ trial: jobSet("trainer"), primaryContainer: "of-trainer" })).toEqual([]);
    expect(reasonsOf({ trial: jobSet("driver", "worker") })).toEqual([
      "metrics.kind is StdOut, with pods that have of-driver, and no container of-worker; allowed: Push. " +
        "Katib refuses such pods where it collects metrics. Push them, in a namespace without " +
        "katib.kubeflow.org/metrics-collector-injection.",
    ]);
  });

  it("that is a Workflow has a program of words, as Argo starts it by a program of its own", () => {
    const labels = { "katib.kubeflow.org/model-training": "true" };
    const workflow = (...program: string[]) => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      spec: { templates: [{ name: "train", metadata: { labels }, container: { command: program } }] },
    });
    expect(reasonsOf({ trial: workflow("train", "{{inputs.parameters.x}}", ...words) })).toEqual([]);
    expect(reasonsOf({ trial: workflow("sh", "-c", words.join(" ")) })).toEqual([
      `trial is "${words.join(" ")}"; allowed: words without blanks, quotation marks and other characters of the shell. ` +
        "Katib hands the words to a shell, one after another. Put what they mean into a file of the image, or push the metrics.",
    ]);
  });

  it("is one object, and no Job whose workers find each other by a Service", () => {
    const trial = indexedJobManifest("trial", { image, command, args: words, workers: 2 });
    expect(reasonsOf({ trial })).toEqual([
      "trial is a Job whose pods have names by a Service; allowed: a workload that is one object. " +
        "Take a TrainJob or PyTorchJob, whose operator makes what workers find each other by.",
    ]);
  });

  it("has the primary container in each of its pods, where metrics are collected", () => {
    const trial = trainJobManifest("trial", { image, command, args: words, runtime: "torch-distributed" });
    const spec = { ...(trial.spec as object), initializer: { dataset: { storageUri: "s3://lake/x" } } };
    const fetching = { ...trial, spec };
    expect(reasonsOf({ trial: fetching })).toEqual([
      "metrics.kind is StdOut, with pods that have dataset-initializer, and no container node; allowed: Push. " +
        "Katib refuses such pods where it collects metrics. Push them, in a namespace without " +
        "katib.kubeflow.org/metrics-collector-injection.",
    ]);
    expect(reasonsOf({ trial: fetching, metrics: { kind: "Push" } })).toEqual([]);
  });

  it("that is a Workflow says which of its templates trains", () => {
    const workflow = (labels: object) => ({
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Workflow",
      spec: { templates: [{ name: "train", metadata: { labels }, container: { args: words } }] },
    });
    expect(reasonsOf({ trial: workflow({}) })).toEqual([
      "primaryPodLabels is missing, and no template has the label katib.kubeflow.org/model-training; allowed: " +
        'labels of the template that trains. Label that template with katib.kubeflow.org/model-training: "true", ' +
        "or name its labels here.",
    ]);
    expect(reasonsOf({ trial: workflow({ "katib.kubeflow.org/model-training": "true" }) })).toEqual([]);
    expect(reasonsOf({ trial: workflow({}), primaryPodLabels: { step: "train" } })).toEqual([]);
  });
});

describe("an algorithm", () => {
  it.each<[string, Partial<SweepArgs>, string[]]>([
    [
      "knows its settings",
      { algorithm: "tpe", algorithmSettings: { seed: "1" } },
      [
        'algorithmSettings["seed"] is "seed"; allowed: random_state, gamma, prior_weight, n_EI_candidates with tpe. ' +
          "Remove or respell the setting.",
      ],
    ],
    [
      "may have none",
      { algorithm: "sobol", algorithmSettings: { random_state: "1" } },
      [
        'algorithmSettings["random_state"] is "random_state"; allowed: no setting with sobol. Remove or respell the setting.',
      ],
    ],
    [
      "knows what they may be",
      { algorithm: "bayesianoptimization", algorithmSettings: { base_estimator: "gp" } },
      ['algorithmSettings["base_estimator"] is "gp"; allowed: GP, RF, ET, GBRT. Correct the value.'],
    ],
    [
      "may need some",
      { algorithm: "hyperband", algorithmSettings: { r_l: "9" } },
      ['algorithmSettings["resource_name"] is missing; allowed: the name of a parameter. Set it: hyperband needs it.'],
    ],
    [
      "may start with more trials than run at a time",
      { algorithm: "hyperband", algorithmSettings: { r_l: "81", resource_name: "layers" } },
      ["parallelTrials is 3; allowed: at least 81 with r_l 81 and eta 3. Raise it, or lower r_l."],
    ],
    [
      "may need a resource that trials can have more of",
      { algorithm: "hyperband", algorithmSettings: { r_l: "2", resource_name: "lr" } },
      [
        'algorithmSettings["resource_name"] is "lr"; allowed: layers. ' +
          "Name the parameter by which a trial runs for longer, such as a number of epochs.",
      ],
    ],
    [
      "may need steps, and have no more trials than combinations",
      { algorithm: "grid" },
      ['parameters["lr"].step is missing; allowed: a number above 0 with grid. Give the step.'],
    ],
    [
      "may search on a logarithmic scale",
      { algorithm: "bayesianoptimization", parameters: { ...parameters, lr: doubleSpace({ min: 0, max: 1 }) } },
      [
        'parameters["lr"].min is 0; allowed: a number above 0 with bayesianoptimization. It searches on a logarithmic scale.',
      ],
    ],
    [
      "may draw in a way of its own",
      {
        algorithm: "cmaes",
        parameters: { ...parameters, lr: doubleSpace({ min: 1, max: 2, distribution: "normal" }) },
      },
      ['parameters["lr"].distribution is "normal"; allowed: nothing with cmaes. It would not heed it.'],
    ],
    [
      "may heed some distributions only",
      {
        algorithm: "multivariate-tpe",
        parameters: { ...parameters, lr: doubleSpace({ min: 1, max: 2, distribution: "normal" }) },
      },
      [
        'parameters["lr"].distribution is "normal"; allowed: uniform, logUniform with multivariate-tpe. It would not heed it.',
      ],
    ],
    [
      "may need a volume",
      {
        algorithm: "pbt",
        parameters: { lr: doubleSpace({ min: 0, max: 1, step: 0.1 }), layers: parameters.layers },
        algorithmSettings: { suggestion_trial_dir: "/c", n_population: "9", truncation_threshold: "0.2" },
      },
      [
        "resumePolicy is missing; allowed: FromVolume with pbt. Its trials go on from checkpoints on the volume that this policy makes.",
      ],
    ],
  ])("%s", (_case, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });
});

describe("metrics", () => {
  it.each<[string, Partial<SweepArgs>, string[]]>([
    [
      "whose names would be cut",
      { objective: { ...objective, metric: "val/acc" } },
      [
        'objective.metric is "val/acc"; allowed: letters, digits, underscores, hyphens and | without filters. ' +
          "Rename the metric, or say how it is written in metrics.filters.",
      ],
    ],
    [
      "that end trials early, and are not in a file",
      { earlyStopping: {}, metrics: { kind: "TensorFlowEvent" } },
      ["earlyStopping is given with TensorFlowEvent; allowed: StdOut, File. Other collectors end no trial early."],
    ],
    [
      "with arguments of another kind",
      { metrics: { kind: "Push", path: "/tmp/x" } },
      ["metrics.path is given; allowed: nothing with Push. It is of use with File, TensorFlowEvent, Custom."],
    ],
    [
      "by expressions that RE2 does not have",
      { metrics: { filters: ["(a)(?=b)(c)"] } },
      [
        'metrics.filters[0] is "(a)(?=b)(c)"; allowed: a regular expression (RE2) with a group for the name and one for the value, ' +
          'without semicolons. Write it like "([\\\\w|-]+)\\\\s*=\\\\s*([+-]?\\\\d+)".',
      ],
    ],
  ])("are refused %s", (_case, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });

  it("may have any name where it is written otherwise", () => {
    const metrics = { kind: "File", format: "JSON" } as const;
    expect(reasonsOf({ objective: { ...objective, metric: "val/acc" }, metrics })).toEqual([]);
  });
});

it("leaves room in a sweep's name for those of its trials' pods", () => {
  const trial = mxNetJobManifest("trial", { image, command, args: words, workers: { replicas: 2 } });
  const reasons = (length: number) =>
    validateSweep("s".repeat(length), { ...sweep, trial }).map(({ reason }) => reason);
  expect(reasons(34)).toEqual([]);
  expect(reasons(35)).toEqual([
    `objectName is "${"s".repeat(35)}"; allowed: at most 34 characters as "-xxxxxxxx-scheduler-0-0-xxxxx" is added to it. ` +
      "Shorten it.",
  ]);
  const nodes = trainJobManifest("trial", { image, command, args: words, nodes: 100 });
  expect(validateSweep("s".repeat(38), { ...sweep, trial: nodes })).toEqual([]);
  expect(validateSweep("s".repeat(39), { ...sweep, trial: nodes })).toHaveLength(1);
});

it("says how long an update waits only where it waits", () => {
  expect(reasonsOf({ waitForCompletion: true, waitSeconds: 600 })).toEqual([]);
  expect(reasonsOf({ waitSeconds: 600 })).toEqual([
    "waitSeconds is 600; allowed: nothing without waitForCompletion. Set waitForCompletion to true.",
  ]);
});

it("leaves room in a sweep's name for those of its trials", () => {
  expect(validateSweep("s".repeat(40), sweep)).toEqual([]);
  expect(validateSweep("s".repeat(41), sweep).map(({ reason }) => reason)).toEqual([
    `objectName is "${"s".repeat(41)}"; allowed: at most 40 characters of a sweep. Shorten it.`,
  ]);
});
