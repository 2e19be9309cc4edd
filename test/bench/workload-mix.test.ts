import * as k8s from "@pulumi/kubernetes";
import { describe, expect, it } from "vitest";
import { WORKLOAD_KINDS } from "../../bench/workload-mix/kinds";
import { workloadMix } from "../../bench/workload-mix/mix";
import { registerRaw } from "../../bench/workload-mix/raw-objects";
import { allWorkloadCases } from "../components/workloads/all-cases";
import { type MockedProgram, startMocks } from "../support/mocks";

/** Kinds that are not measured, and why. */
const LEFT_OUT = {
  MasterWorkerJob: "it makes up a password, so its objects are no function of its arguments",
  ModelLoop: "it is made of workflows, a model that is served and a DriftMonitor, which are measured by themselves",
};

const provider = () => new k8s.Provider("cluster", { kubeconfig: "{}" });

/** Type and name of every Kubernetes object that was registered. */
async function objectsOf(program: MockedProgram): Promise<string[]> {
  const registered = await program.resources();
  const objects = registered.filter(({ inputs }) => inputs["kind"] !== undefined);
  return objects.map(({ type, inputs }) => `${type} ${(inputs["metadata"] as { name: string }).name}`).sort();
}

describe("the workloads of the benchmark", () => {
  it("are of every kind, but for those that are left out", () => {
    const kinds = [...Object.keys(WORKLOAD_KINDS), ...Object.keys(LEFT_OUT)];
    expect(kinds.sort()).toEqual(allWorkloadCases.map(({ component }) => component).sort());
  });

  it("have names of their own, and arguments that are valid", () => {
    const mix = workloadMix(200);
    expect(new Set(mix.map(({ name }) => name)).size).toBe(200);
    expect(mix.flatMap(({ name, kind, args }) => kind.validate(name, args))).toEqual([]);
  });

  it.each(workloadMix(Object.keys(WORKLOAD_KINDS).length).map((workload) => [workload.name, workload] as const))(
    "%s is the same resources with its component and without",
    async (name, { kind, args }) => {
      const components = await startMocks();
      kind.create(name, args, { providers: [provider()] });
      const expected = await objectsOf(components);

      const raw = await startMocks();
      registerRaw(kind.manifests(name, args), provider());
      expect(await objectsOf(raw)).toEqual(expected);
    },
  );
});
