import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  ModelVersion,
  type ModelVersionArgs,
  modelVersionManifests,
  validateModelVersion,
} from "../../../../components/workloads/registry";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const args: ModelVersionArgs = { model: "resnet", version: "1", uri: "s3://models/resnet/1" };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

interface PodSpec {
  securityContext: object;
  containers: { env: { name: string; value: string }[] }[];
}

const podOf = (given: Partial<ModelVersionArgs> = {}) =>
  (modelVersionManifests("resnet", { ...args, ...given }).job.spec.template as { spec: PodSpec }).spec;
const recordOf = (given: Partial<ModelVersionArgs>) => podOf(given).containers[0]?.env[0]?.value;

describe("ModelVersion", () => {
  it("creates a ConfigMap with the script, and then the Job that runs it", async () => {
    new ModelVersion("resnet", args);
    const resources = await program.resources();
    expect(childList(resources)).toEqual([
      "mlstack:index:ModelVersion resnet",
      "kubernetes:core/v1:ConfigMap resnet-script < resnet",
      "kubernetes:batch/v1:Job resnet-job < resnet",
    ]);
    expect(resources[2]).toMatchObject({
      dependsOn: ["resnet-script"],
      createTimeout: "1200s",
      deleteBeforeReplace: true,
    });
  });

  it("tells version and address once they are registered", async () => {
    const version = new ModelVersion("resnet", { ...args, objectName: "resnet-1", namespace: "ml" });
    expect(await valueOf(version.objectName)).toBe("resnet-1");
    expect(await valueOf(version.namespace)).toBe("ml");
    expect(await valueOf(version.version)).toBe("1");
    expect(await valueOf(version.modelUri)).toBe("s3://models/resnet/1");
  });

  it("tells neither in a preview, so that whatever takes them comes after", async () => {
    program = await startMocks({ preview: true });
    const { version, modelUri } = new ModelVersion("resnet", args);
    expect(await isKnown(version)).toBe(false);
    expect(await isKnown(modelUri)).toBe(false);
  });

  it("registers an address that is not known yet", async () => {
    const bucket = new k8s.core.v1.ConfigMap("bucket", { metadata: { name: "models" } });
    new ModelVersion("resnet", { ...args, uri: pulumi.interpolate`s3://${bucket.metadata.name}/1` });
    const { spec } = (await program.inputsOf("resnet-job")) as { spec: { template: { spec: PodSpec } } };
    expect(JSON.parse(spec.template.spec.containers[0]!.env[0]!.value)).toMatchObject({ uri: "s3://models/1" });
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message } = problemsOf(() => new ModelVersion("resnet", { ...args, model: "", uri: "" }));
    expect(message).toBe('ModelVersion "resnet": 2 invalid inputs');
    expect(await program.resources()).toEqual([]);
  });
});

describe("the name of a version", () => {
  const parameters = { lr: "0.1" };
  it.each<[object, string]>([
    [{ version: "7", lineage: { commit: "0123abc" } }, "7"],
    [{ version: undefined, lineage: { commit: "0123abc" } }, "0123abc"],
    [{ version: undefined, lineage: { parameters } }, "b9aee950eedcbb0c"],
    [{ version: undefined, lineage: { commit: "0123abc", parameters } }, "0123abc-b9aee950eedcbb0c"],
  ])("of %j is %s", (given, version) => {
    expect(JSON.parse(recordOf(given)!)).toMatchObject({ version });
  });

  it("follows from a commit that is not known yet", async () => {
    const version = new ModelVersion("resnet", {
      model: "resnet",
      uri: "s3://models/resnet/1",
      lineage: { commit: pulumi.output("0123abc"), parameters },
    });
    expect(await valueOf(version.version)).toBe("0123abc-b9aee950eedcbb0c");
  });
});

describe("the job of a registration", () => {
  it("is another one for another version, as all that is registered is in its environment", () => {
    expect(recordOf({ description: "a" })).not.toBe(recordOf({ description: "b" }));
  });

  it("keeps Kubernetes from reading variables into what is registered", () => {
    expect(recordOf({ description: "$(HOME) for $5, $$" })).toContain('"description":"$$(HOME) for $$5, $$$$"');
  });

  it("leaves the group of volumes alone, which it only reads", () => {
    expect(podOf().securityContext).toEqual({
      seccompProfile: { type: "RuntimeDefault" },
      runAsNonRoot: true,
      runAsUser: 1000,
    });
  });
});

describe("validateModelVersion refuses", () => {
  it.each<[string, Partial<ModelVersionArgs>, string[]]>([
    [
      "a version without a name",
      { version: undefined } as unknown as Partial<ModelVersionArgs>,
      ["version is missing; allowed: a name, or a lineage with commit or parameters. Name the version."],
    ],
    [
      "a path instead of an address",
      { uri: "/models/resnet" },
      ['uri is "/models/resnet"; allowed: an address such as s3://models/resnet/1. Say where the model\'s files are.'],
    ],
    [
      "a property of the lineage given by hand",
      { properties: { git_commit: "0123abc" } },
      ['properties["git_commit"] is the name of a property of the lineage; allowed: a name of its own. Rename it.'],
    ],
    [
      "a metric that is a property too",
      { properties: { size: "large" }, metrics: { size: 3 } },
      ['metrics["size"] is the name of a property; allowed: a name of its own. Rename it.'],
    ],
    [
      "a metric that could not be measured",
      { metrics: { loss: NaN } },
      ['metrics["loss"] is NaN; allowed: a finite number. Leave out what could not be measured.'],
    ],
    [
      "metrics on no volume",
      { metricsFile: "/metrics/test.json" },
      ['metricsFile is "/metrics/test.json"; allowed: a path in one of volumes. Mount the volume that it is on.'],
    ],
    [
      "a gate whose metric nobody tells",
      { metrics: { loss: 1 }, gate: { metric: "accuracy", atLeast: 0.9 } },
      ['gate.metric is "accuracy"; allowed: one of the metrics, loss. Tell it by metrics or metricsFile.'],
    ],
    [
      "a gate that lets everything pass",
      { metrics: { loss: 1 }, gate: { metric: "loss" } },
      ["gate is without a bound; allowed: atLeast or atMost. Say what passes."],
    ],
    [
      "a gate that lets nothing pass",
      { metrics: { loss: 1 }, gate: { metric: "loss", atLeast: 2, atMost: 1 } },
      ["gate.atMost is 1; allowed: at least atLeast, 2. Nothing would pass; swap them."],
    ],
    [
      "an image that is another one tomorrow",
      { image: "python:latest" },
      ['image is "python:latest"; allowed: an image with a tag other than latest, or a digest. Name the release.'],
    ],
  ])("%s", (_given, given, reasons) => {
    expect(validateModelVersion("resnet", { ...args, ...given }).map(({ reason }) => reason)).toEqual(reasons);
  });
});
