import { describe, expect, it } from "vitest";
import { finishedJob } from "../../../../../policies/gpu-ml/preflight/advice/finished-job";
import { judgementsOf } from "../../../judgements";
import { analyze, lines, UNKNOWN_STRING, type TestResource } from "../../../analyzer";
import { object, subjectOf } from "../../stack/resources";

function rayJob(spec: object): TestResource {
  return object("ray.io/v1", "RayJob", "tune", { spec });
}

function mpiJob(cleanPodPolicy: unknown): TestResource {
  return object("kubeflow.org/v2beta1", "MPIJob", "bert", { spec: { runPolicy: { cleanPodPolicy } } });
}

function saidOf(resource: TestResource): string[] {
  return lines(analyze([finishedJob], resource));
}

const RAY = "advisory [ADV-04] RayJob ml/tune: spec.shutdownAfterJobFinishes is";

describe("ADV-04 machines of finished jobs", () => {
  it.each<[string, TestResource]>([
    ["a RayJob that shuts its cluster down", rayJob({ shutdownAfterJobFinishes: true })],
    ["a RayJob on a cluster of others", rayJob({ clusterSelector: { "ray.io/cluster": "a" } })],
    ["an MPIJob that cleans up", mpiJob("Running")],
    ["an MPIJob that says nothing", mpiJob(undefined)],
    ["other kinds", object("ray.io/v1", "RayCluster", "a", { spec: {} })],
  ])("accepts %s", (_case, resource) => {
    expect(saidOf(resource)).toEqual([]);
  });

  it.each<[string, TestResource, string]>([
    [
      "a RayJob that says nothing",
      rayJob({}),
      `${RAY} absent, so that its machines stay when it ends; allowed: true. Set it to true.`,
    ],
    [
      "a RayJob that keeps its cluster",
      rayJob({ shutdownAfterJobFinishes: false }),
      `${RAY} false; allowed: true. Set it to true.`,
    ],
    [
      "a RayJob with null",
      rayJob({ shutdownAfterJobFinishes: null, clusterSelector: null }),
      `${RAY} absent, so that its machines stay when it ends; allowed: true. Set it to true.`,
    ],
    [
      "an MPIJob with a field of RayJobs",
      object("kubeflow.org/v2beta1", "MPIJob", "bert", {
        spec: { clusterSelector: {}, runPolicy: { cleanPodPolicy: "None" } },
      }),
      'advisory [ADV-04] MPIJob ml/bert: spec.runPolicy.cleanPodPolicy is "None"; allowed: Running. Set it to Running.',
    ],
    [
      "an MPIJob that keeps its workers",
      mpiJob("None"),
      'advisory [ADV-04] MPIJob ml/bert: spec.runPolicy.cleanPodPolicy is "None"; allowed: Running. Set it to Running.',
    ],
  ])("refuses %s", (_case, resource, message) => {
    expect(saidOf(resource)).toEqual([message]);
  });

  it("cannot decide without knowing the field", () => {
    expect(saidOf(rayJob({ shutdownAfterJobFinishes: UNKNOWN_STRING }))).toEqual([
      'advisory [ADV-04] RayJob ml/tune: spec.shutdownAfterJobFinishes is not known yet; allowed: a value that keeps "Jobs ' +
        'give up their machines when they end". It is judged at update, before the object is created.',
    ]);
  });

  it.each<[TestResource, object]>([
    [rayJob({}), { path: "spec.shutdownAfterJobFinishes", value: true }],
    [mpiJob("None"), { path: "spec.runPolicy.cleanPodPolicy", value: "Running" }],
  ])("offers a fix", (resource, fix) => {
    expect(judgementsOf(finishedJob, [subjectOf(resource)], {})).toMatchObject([[{}, { fix: [fix] }]]);
  });
});
