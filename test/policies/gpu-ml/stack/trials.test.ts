import { describe, expect, it } from "vitest";
import { trialCount } from "../../../../policies/gpu-ml/stack/trial-count";
import { trialQuota } from "../../../../policies/gpu-ml/stack/trial-quota";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../analyzer";
import { container, object, pyTorchJob, queue, queued, said, undecidedAt, variableAt } from "./resources";

const PARALLEL = "spec.parallelTrialCount";
const TRIAL = "spec.trialTemplate.trialSpec";

function resourceQuota(gpus: unknown): TestResource {
  return object("v1", "ResourceQuota", "gpus", { spec: { hard: { "requests.nvidia.com/gpu": gpus } } });
}

function experiment(spec: object, gpus: unknown = 2, trial: object = {}): TestResource {
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    spec: { template: { spec: { containers: [container(gpus)] } } },
    ...trial,
  };
  return object("kubeflow.org/v1beta1", "Experiment", "tune", { spec: { trialTemplate: { trialSpec: job }, ...spec } });
}

const six = { parallelTrialCount: 6, maxTrialCount: 30 };

describe("ML-13 quotas of trials", () => {
  const refusal = (needed: number, limit: string) =>
    `advisory [ML-13] Experiment ml/tune: ${PARALLEL} is such that the trials at once need ${needed} nvidia.com/gpu; ` +
    `allowed: at most ${limit}. Lower it, give each trial fewer, or raise the quota.`;

  it.each<[string, TestResource[]]>([
    ["trials that are exactly the quota", [resourceQuota(12), experiment(six)]],
    ["fewer trials in all than at once", [resourceQuota(8), experiment({ parallelTrialCount: 6, maxTrialCount: 4 })]],
    ["trials without GPUs", [resourceQuota(0), experiment(six, 0)]],
    ["trials without GPUs, under a quota that is not known yet", [resourceQuota(UNKNOWN_STRING), experiment(six, 0)]],
    [
      "trials without GPUs, of which it is not known how many pods there are",
      [resourceQuota(0), experiment(six, 0, pyTorchJob(UNKNOWN_STRING, undefined).props)],
    ],
    ["no quota", [experiment(six)]],
    ["another kind", [resourceQuota(0), pyTorchJob(3, 2)]],
    ["an experiment without trials", [resourceQuota(0), object("kubeflow.org/v1beta1", "Experiment", "tune", {})]],
  ])("accepts %s", (_case, resources) => {
    expect(said(trialQuota, resources)).toEqual([]);
  });

  it.each<[string, TestResource[], string]>([
    ["more than a ResourceQuota", [resourceQuota(11), experiment(six)], refusal(12, "11, by ResourceQuota ml/gpus")],
    [
      "the trials at once by default, which are 3",
      [resourceQuota(5), experiment({})],
      refusal(6, "5, by ResourceQuota ml/gpus"),
    ],
    [
      "more than their queue",
      [...queue("research", 8), experiment(six, 2, { metadata: queued("research") })],
      refusal(12, "8, by ClusterQueue ml/research"),
    ],
    [
      "all pods of trials",
      [resourceQuota(17), experiment(six, 2, pyTorchJob(3, 1).props)],
      refusal(18, "17, by ResourceQuota ml/gpus"),
    ],
  ])("advises against %s", (_case, resources, message) => {
    expect(said(trialQuota, resources)).toEqual([message]);
  });

  it("adds up the roles of trials", () => {
    const template = { spec: { containers: [container(1)] } };
    const trial = {
      apiVersion: "kubeflow.org/v1",
      kind: "PyTorchJob",
      spec: { pytorchReplicaSpecs: { Master: { template }, Worker: { replicas: 2, template } } },
    };

    expect(said(trialQuota, [resourceQuota(17), experiment(six, 1, trial)])).toEqual([
      refusal(18, "17, by ResourceQuota ml/gpus"),
    ]);
  });

  it.each<[string, TestResource[], string?]>([
    ["the quota", [resourceQuota(UNKNOWN_STRING), experiment(six)]],
    [
      "how many trials there are at once",
      [resourceQuota(8), experiment({ parallelTrialCount: UNKNOWN_STRING, maxTrialCount: 30 })],
    ],
    [
      "how many trials there are in all",
      [resourceQuota(8), experiment({ parallelTrialCount: 6, maxTrialCount: UNKNOWN_STRING })],
    ],
    ["either", [resourceQuota(8), experiment({ parallelTrialCount: UNKNOWN_STRING })], `${TRIAL}.spec.template.spec`],
    [
      "the GPUs of a trial",
      [resourceQuota(8), experiment(six, UNKNOWN_STRING)],
      `${TRIAL}.spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"]`,
    ],
    ["the kind of the trial", [resourceQuota(8), experiment(six, 2, { kind: UNKNOWN_STRING })], TRIAL],
    ["the version of the trial", [resourceQuota(8), experiment(six, 2, { apiVersion: UNKNOWN_STRING })], TRIAL],
    [
      "the trial",
      [
        resourceQuota(8),
        object("kubeflow.org/v1beta1", "Experiment", "tune", {
          spec: { trialTemplate: { trialSpec: UNKNOWN_STRING } },
        }),
      ],
      TRIAL,
    ],
  ])("cannot decide without knowing %s", (_case, resources, path = PARALLEL) => {
    expect(said(trialQuota, resources)).toEqual([undecidedAt(trialQuota, "Experiment ml/tune", path)]);
  });

  it("judges what is known beside what is not", () => {
    const hidden = { name: "b", resources: UNKNOWN_STRING };
    const spec = { template: { spec: { containers: [container(2, "nvidia.com/mig-1g.5gb"), hidden] } } };
    const quota = object("v1", "ResourceQuota", "slices", { spec: { hard: { "requests.nvidia.com/mig-1g.5gb": 11 } } });

    expect(said(trialQuota, [quota, experiment(six, 2, { spec })])).toEqual([
      refusal(12, "11, by ResourceQuota ml/slices").replace("nvidia.com/gpu", "nvidia.com/mig-1g.5gb"),
    ]);
  });

  it("tells what no policy will ever see", () => {
    const path = `${TRIAL}.spec.template.spec.containers[0].resources.limits["nvidia.com/gpu"]`;

    expect(said(trialQuota, [resourceQuota(8), experiment(six, "${trialParameters.gpus}")])).toEqual([
      variableAt(trialQuota, "Experiment ml/tune", path),
    ]);
  });

  it("needs not know how many of few trials there are", () => {
    expect(
      said(trialQuota, [resourceQuota(12), experiment({ parallelTrialCount: UNKNOWN_STRING, maxTrialCount: 6 })]),
    ).toEqual([]);
  });
});

describe("ML-13 number of trials", () => {
  it.each<[string, TestResource, string[]]>([
    ["accepts a number", experiment({ maxTrialCount: 12 }), []],
    ["accepts other kinds", pyTorchJob(3, 1), []],
    [
      "advises against none",
      experiment({}),
      ["absent; allowed: a number of trials. Set it to what the search is worth."],
    ],
    [
      "advises against null",
      experiment({ maxTrialCount: null }),
      ["absent; allowed: a number of trials. Set it to what the search is worth."],
    ],
    [
      "waits for what is not known yet",
      experiment({ maxTrialCount: UNKNOWN_STRING }),
      [
        'not known yet; allowed: a value that keeps "Experiments say how many trials they run at most". It is judged at update, before the object is created.',
      ],
    ],
  ])("%s", (_case, resource, ends) => {
    expect(lines(analyze([trialCount], resource))).toEqual(
      ends.map((end) => `advisory [ML-13] Experiment ml/tune: spec.maxTrialCount is ${end}`),
    );
  });
});
