import * as k8s from "@pulumi/kubernetes";
import ts from "typescript";
import { expect, it } from "vitest";
import { packageProgram, rawProgram } from "../../bench/consumer/programs";
import * as workloads from "../../components/workloads";
import { startMocks } from "../support/mocks";

const MODULES: Record<string, unknown> = { "@pulumi/kubernetes": k8s, "mlstack/workloads": workloads };

/** What a program registers in Kubernetes, by type and name. */
async function objectsOf(program: string): Promise<string[]> {
  const mocks = await startMocks();
  const { outputText } = ts.transpileModule(program, { compilerOptions: { module: ts.ModuleKind.CommonJS } });
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is a program of ours, as Node would load it.
  const load = new Function("require", "exports", outputText) as (
    require: (name: string) => unknown,
    exports: object,
  ) => void;
  load((name) => MODULES[name], {});
  const objects = (await mocks.resources()).filter(({ inputs }) => inputs["kind"] !== undefined);
  return objects.map(({ type, inputs }) => `${type} ${(inputs["metadata"] as { name: string }).name}`).sort();
}

it("the programs with and without the package, which the benchmark compares, declare the same objects", async () => {
  const objects = await objectsOf(packageProgram());
  expect(objects).toEqual([
    "kubernetes:batch/v1:CronJob crontask",
    "kubernetes:batch/v1:Job batchjob",
    "kubernetes:batch/v1:Job gpujob",
    "kubernetes:batch/v1:Job indexedjob",
    "kubernetes:core/v1:Service indexedjob",
  ]);
  expect(await objectsOf(rawProgram())).toEqual(objects);
});
