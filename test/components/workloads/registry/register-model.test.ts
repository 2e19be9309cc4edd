import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ModelVersionArgs } from "../../../../components/workloads/registry";
import { ModelRegistryStandIn } from "../../../support/model-registry";
import { hasPython, RegistrationBench } from "../../../support/registration";

let bench: RegistrationBench;
let registry: ModelRegistryStandIn;
beforeEach(async () => {
  bench = await RegistrationBench.start();
  ({ registry } = bench);
});
afterEach(() => bench.stop());

const stringValue = (text: string) => ({ metadataType: "MetadataStringValue", string_value: text });
const doubleValue = (number: number) => ({ metadataType: "MetadataDoubleValue", double_value: number });

describe.skipIf(!hasPython)("a registration", { timeout: 30_000 }, () => {
  it("makes model, version and artifact, with lineage and metrics as properties", async () => {
    const { code, output } = await bench.register();
    expect(code).toBe(0);
    expect(JSON.parse(output)).toEqual({
      registered: true,
      registeredModelId: "1",
      modelVersionId: "2",
      modelArtifactId: "3",
    });
    const { registered_models, model_versions, model_artifacts } = registry.entities;
    expect(registered_models).toEqual([{ id: "1", name: "resnet/50 für $HOME", state: "LIVE", customProperties: {} }]);
    expect(model_versions).toMatchObject([{ id: "2", parent: "1", name: "1", state: "LIVE", description: "first" }]);
    expect(model_versions[0]?.customProperties).toEqual({
      git_commit: stringValue("0123abc"),
      data: stringValue("s3://lake/imagenet"),
      parameters_hash: stringValue("b9aee950eedcbb0c"),
      team: stringValue("vision"),
      accuracy: doubleValue(0.93),
      epochs: doubleValue(90),
    });
    expect(model_artifacts).toMatchObject([
      { id: "3", parent: "2", state: "LIVE", uri: "s3://models/resnet/1", modelFormatName: "onnx" },
    ]);
  });

  it("changes nothing when it is made again", async () => {
    const first = await bench.register();
    const before = structuredClone(registry.entities);
    registry.requests.length = 0;
    expect(await bench.register()).toEqual(first);
    expect(registry.entities).toEqual(before);
    expect(registry.requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  });

  it("goes on where one before it was ended", async () => {
    const model = registry.add("registered_models", { name: "resnet/50 für $HOME" });
    registry.add("model_versions", { name: "1", parent: model.id });
    const { code, output } = await bench.register();
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ registeredModelId: "1", modelVersionId: "2", modelArtifactId: "3" });
    expect(registry.entities.model_versions[0]?.customProperties).toMatchObject({ accuracy: doubleValue(0.93) });
  });

  it("adds another version to the model that is there", async () => {
    await bench.register();
    expect((await bench.register({ version: "2", uri: "s3://models/resnet/2" })).code).toBe(0);
    expect(registry.entities.registered_models).toHaveLength(1);
    expect(registry.entities.model_versions.map(({ name, parent }) => [name, parent])).toEqual([
      ["1", "1"],
      ["2", "1"],
    ]);
  });

  it("finds what others make at the same time", async () => {
    registry.beforeCreation = (kind) => {
      registry.beforeCreation = () => undefined;
      registry.add(kind, { name: "resnet/50 für $HOME" });
    };
    const { code, output } = await bench.register();
    expect(code).toBe(0);
    expect(JSON.parse(output)).toMatchObject({ registeredModelId: "1" });
    expect(registry.entities.registered_models).toHaveLength(1);
  });

  it("keeps properties that others have set, and tells new values of its own", async () => {
    await bench.register();
    const [known] = registry.entities.model_versions;
    known!.customProperties["approved"] = stringValue("yes");
    expect((await bench.register({ metrics: { accuracy: 0.94 }, description: "measured again" })).code).toBe(0);
    expect(known).toMatchObject({
      description: "measured again",
      customProperties: { approved: stringValue("yes"), accuracy: doubleValue(0.94), epochs: doubleValue(90) },
    });
  });

  it("makes live again what was archived", async () => {
    await bench.register();
    const archived = [registry.entities.registered_models[0]!, registry.entities.model_versions[0]!];
    for (const entity of archived) entity.state = "ARCHIVED";
    expect((await bench.register()).code).toBe(0);
    expect(archived.map(({ state }) => state)).toEqual(["LIVE", "LIVE"]);
  });

  it("sends its token, where it has one", async () => {
    await bench.register();
    expect(registry.authorization).toBeUndefined();
    await bench.register({}, "secret");
    expect(registry.authorization).toBe("Bearer secret");
  });
});

describe.skipIf(!hasPython)("a version that is registered already", { timeout: 30_000 }, () => {
  it.each<[string, Partial<ModelVersionArgs>, string]>([
    [
      "with other files",
      { uri: "s3://models/resnet/other" },
      "version 1 of resnet/50 für $HOME is registered already, with the model s3://models/resnet/1",
    ],
    [
      "from another commit",
      { lineage: { commit: "9999999" } },
      "version 1 of resnet/50 für $HOME is registered already, with git_commit 0123abc",
    ],
    [
      "with other parameters",
      { lineage: { parameters: { lr: "0.2" } } },
      "version 1 of resnet/50 für $HOME is registered already, with parameters_hash b9aee950eedcbb0c",
    ],
  ])("%s is left as it is, and another try would not help", async (_what, change, error) => {
    await bench.register();
    const before = structuredClone(registry.entities);
    expect(await bench.register(change)).toEqual({ code: 78, output: "", error });
    expect(registry.entities).toEqual(before);
  });
});

describe.skipIf(!hasPython)("a registry", { timeout: 30_000 }, () => {
  it("may be busy for a while", async () => {
    registry.faults.push(503, 500, 429, 503);
    const { code, error } = await bench.register();
    expect(code).toBe(0);
    expect(error.split("\n").map((line) => line.slice(0, 12))).toEqual(
      [1, 2, 3, 4].map((n) => `try ${n} of 5: `.slice(0, 12)),
    );
  });

  it("that stays busy fails the try, of which the job makes more", async () => {
    registry.faults.push(...Array.from({ length: 5 }, () => 503));
    const { code, error } = await bench.register();
    expect(code).toBe(1);
    expect(error.split("\n").at(-1)).toMatch(
      /^GET registered_model\?name=\S+: 503 \{"code":"503","message":"as the test asks"\}$/,
    );
  });

  it("that does not answer fails the try", async () => {
    const gone = await ModelRegistryStandIn.start();
    const { address } = gone;
    await gone.stop();
    const { code, error } = await bench.register({ registry: address });
    expect(code).toBe(1);
    expect(error.split("\n").at(-1)).toContain("Connection refused");
  });

  it("that lets nobody in fails the job at once", async () => {
    registry.faults.push(401);
    const { code, error } = await bench.register();
    expect(code).toBe(78);
    expect(error).toMatch(/^GET registered_model\S+: 401 /);
    expect(registry.requests).toHaveLength(1);
  });
});
