import type { KubernetesObject } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { podDurations, scenarioWorkloads } from "../../../cli/rehearse/pod-durations";
import { arrivalsOf } from "../../../rehearsal/scenarios/arrivals";
import type { LoadedScenario, LoadedWorkload } from "../../../rehearsal/scenarios/scenario-file";

function job(annotations = {}, podAnnotations = {}, spec = {}, kind = "Job"): KubernetesObject {
  const containers = [{ name: "main", image: "registry.example.com/main:1" }];
  const template = { metadata: { annotations: podAnnotations }, spec: { restartPolicy: "Never", containers } };
  return { apiVersion: "batch/v1", kind, metadata: { annotations }, spec: { ...spec, template } } as KubernetesObject;
}

function durations(workloads: Partial<LoadedWorkload>[], rules: LoadedScenario["durations"] = []) {
  const loaded = workloads.map((each) => ({ name: "a", at: 0, fails: 0, exit: 1, objects: [job()], ...each }));
  const scenario = { speed: 60, workloads: loaded, durations: rules, faults: [] };
  const arrivals = arrivalsOf(loaded);
  return podDurations(scenario, arrivals, scenarioWorkloads(arrivals));
}

describe("how long pods of a rehearsal take", () => {
  it("is what the scenario says, else what pods say, what is expected, the deadline, or ten minutes", () => {
    const { assumed } = durations(
      [
        { name: "told", takes: 90 },
        { name: "ruled" },
        { name: "says", objects: [job({}, { "mlstack.dev/simulate": "fail after=3m" })] },
        {
          name: "expected",
          objects: [job({ "mlstack.dev/expected-duration": "2h" }, {}, { activeDeadlineSeconds: 9 })],
        },
        { name: "bounded", objects: [job({}, {}, { activeDeadlineSeconds: 1800 })] },
        { name: "other" },
        { name: "saves", checkpoints: 300 },
      ],
      [{ name: "rul*", takes: 45, fails: 2, exit: 3 }],
    );
    expect(assumed).toEqual([
      { workload: "Job default/told", seconds: 90, from: "scenario", fails: 0 },
      { workload: "Job default/ruled", seconds: 45, from: "scenario", fails: 2 },
      { workload: "Job default/says", from: "pod", fails: 0 },
      { workload: "Job default/expected", seconds: 7200, from: "annotation", fails: 0 },
      { workload: "Job default/bounded", seconds: 1800, from: "deadline", fails: 0 },
      { workload: "Job default/other", seconds: 600, from: "default", fails: 0 },
      { workload: "Job default/saves", seconds: 600, from: "default", fails: 0, checkpoints: 300 },
    ]);
  });

  it("becomes rules: those of the scenario first and firm, longer names before shorter, then what all take", () => {
    const { rules, failing } = durations(
      [
        { name: "train", takes: 60, namespace: "research" },
        { name: "train-large", fails: 1, exit: 137, namespace: "research" },
      ],
      [{ name: "*", namespace: "ml", takes: 5, fails: 0, exit: 1 }],
    );
    expect(rules.map(({ namespace, name, does, seconds, isFirm }) => [namespace, name, does, seconds, isFirm])).toEqual(
      [
        ["research", "train-large", "fail", undefined, true],
        ["research", "train", "succeed", 60, true],
        ["ml", "*", "succeed", 5, true],
        ["research", "*", "succeed", 600, false],
      ],
    );
    expect(failing).toMatchObject([{ name: "train-large", fails: 1, exit: 137 }]);
  });

  it("knows each arrival by its own name", () => {
    expect(durations([{ name: "tune", every: 60, count: 2, takes: 30 }]).rules.map(({ name }) => name)).toEqual([
      "tune-1",
      "tune-2",
      "*",
    ]);
  });
});
