import type { KubernetesObject } from "@kubernetes/client-node";
import { describe, expect, it } from "vitest";
import { arrivalsOf } from "../../../rehearsal/scenarios/arrivals";
import type { LoadedWorkload } from "../../../rehearsal/scenarios/scenario-file";

const template = {
  spec: { restartPolicy: "Never", containers: [{ name: "main", image: "registry.example.com/a:1" }] },
};
const job = (name: string) =>
  ({ apiVersion: "batch/v1", kind: "Job", metadata: { name }, spec: { template } }) as KubernetesObject;
const settings = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" } };

function workload(fields: Partial<LoadedWorkload>): LoadedWorkload {
  return { name: "refit", objects: [job("train")], at: 0, fails: 0, exit: 1, ...fields };
}

function told(workloads: LoadedWorkload[], until?: number) {
  return arrivalsOf(workloads, until).map(({ name, at, objects }) => [
    at,
    name,
    objects.map(({ kind, metadata }) => `${kind} ${metadata?.namespace}/${metadata?.name}`).join(", "),
  ]);
}

describe("arrivals of a scenario", () => {
  it("come in the order of their times, each under the name of its workload", () => {
    expect(told([workload({ at: 60 }), workload({ name: "first", namespace: "research" })])).toEqual([
      [0, "first", "Job research/first"],
      [60, "refit", "Job default/refit"],
    ]);
  });

  it("are numbered where they come several times, and share what brings no pods", () => {
    expect(told([workload({ every: 30, count: 2, at: 5, objects: [settings, job("train")] })])).toEqual([
      [5, "refit-1", "ConfigMap default/settings, Job default/refit-1"],
      [35, "refit-2", "ConfigMap default/settings, Job default/refit-2"],
    ]);
  });

  it("keep the names of several objects that bring pods", () => {
    expect(told([workload({ objects: [job("a"), job("b")] })])).toEqual([[0, "refit", "Job default/a, Job default/b"]]);
  });

  it("come again until the end of the scenario", () => {
    const at = (until: number) => told([workload({ at: 10, every: 20 })], until).map(([time]) => time);
    expect([at(50), at(49), at(9)]).toEqual([[10, 30, 50], [10, 30], []]);
  });
});
