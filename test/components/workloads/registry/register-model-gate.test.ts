import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelVersionArgs } from "../../../../components/workloads/registry";
import type { ModelRegistryStandIn } from "../../../support/model-registry";
import { hasPython, RegistrationBench } from "../../../support/registration";

let bench: RegistrationBench;
let registry: ModelRegistryStandIn;
beforeEach(async () => {
  bench = await RegistrationBench.start();
  ({ registry } = bench);
});
afterEach(() => bench.stop());

const doubleValue = (number: number) => ({ metadataType: "MetadataDoubleValue", double_value: number });

describe.skipIf(!hasPython)("a gate", { timeout: 30_000 }, () => {
  const gate = { metric: "accuracy", atLeast: 0.95 };

  it("that is not passed fails for good, before anything is registered", async () => {
    expect(await bench.register({ gate })).toEqual({
      code: 78,
      output: "",
      error: "the gate is not passed: accuracy is 0.93, below 0.95",
    });
    expect(registry.requests).toEqual([]);
  });

  it("that is not passed may leave the version out, and nothing fails", async () => {
    const { code, output } = await bench.register({ gate: { ...gate, otherwise: "skip" } });
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({ registered: false, reason: "accuracy is 0.93, below 0.95" });
    expect(registry.requests).toEqual([]);
  });

  it.each<[ModelVersionArgs["gate"], number]>([
    [{ metric: "accuracy", atLeast: 0.93 }, 0],
    [{ metric: "epochs", atMost: 90 }, 0],
    [{ metric: "epochs", atMost: 89 }, 78],
    [{ metric: "epochs", atLeast: 0, atMost: 100 }, 0],
  ])("%j ends with %d", async (given, code) => {
    expect((await bench.register({ gate: given! })).code).toBe(code);
  });
});

describe.skipIf(!hasPython)("metrics of a file", { timeout: 30_000 }, () => {
  const written = (content: string) => {
    const metricsFile = join(bench.folder, "metrics.json");
    writeFileSync(metricsFile, content);
    return { metricsFile, gate: { metric: "accuracy", atLeast: 0.95 } };
  };

  it("are those that an evaluation has measured, and win", async () => {
    expect((await bench.register(written('{"accuracy": 0.97, "rmse": 2}'))).code).toBe(0);
    expect(registry.entities.model_versions[0]?.customProperties).toMatchObject({
      accuracy: doubleValue(0.97),
      rmse: doubleValue(2),
      epochs: doubleValue(90),
    });
  });

  it.each([
    ["not JSON", "accuracy=0.97", /^metrics cannot be read: Expecting value/],
    ["a list", "[0.97]", /^\S+metrics\.json holds no object of metrics by name$/],
    ["no numbers", '{"accuracy": "high"}', /^the metric accuracy is "high"; allowed: a finite number$/],
    ["not finite", '{"accuracy": NaN}', /^the metric accuracy is NaN; allowed: a finite number$/],
  ])("that are %s fail for good", async (_what, content, error) => {
    const ending = await bench.register(written(content));
    expect(ending.code).toBe(78);
    expect(ending.error).toMatch(error);
    expect(registry.requests).toEqual([]);
  });

  it("must have what the gate asks for", async () => {
    const given = written('{"rmse": 2}');
    expect(await bench.register({ ...given, metrics: {} })).toMatchObject({
      code: 78,
      error: "the gate asks for the metric accuracy; there are: rmse",
    });
  });

  it("must be there", async () => {
    const { code, error } = await bench.register({ metricsFile: join(bench.folder, "nothing.json") });
    expect(code).toBe(78);
    expect(error).toContain("No such file or directory");
  });
});
