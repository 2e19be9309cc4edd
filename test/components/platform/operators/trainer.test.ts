import { describe, expect, it } from "vitest";
import { CHARTS } from "../../../../components/model/versions";
import {
  defaultTrainingRuntimes,
  OperatorFailurePolicy,
  Trainer,
  trainerRendering,
  trainerValues,
} from "../../../../components/platform/operators";
import { expectGolden } from "../../../support/golden";
import { problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { renderedObjectsOf, renderedWithoutTypes, summaryOf, titlesOf, typesOf } from "./summary";

describe("Trainer", () => {
  it("makes the runtimes once its webhooks are there", async () => {
    const program = await startMocks({ render: renderedWithoutTypes });
    const trainer = new Trainer("trainer", { platform: { chartMirror: await platformMirror() } });
    expect(await valueOf(trainer.namespace)).toBe("kubeflow-system");
    const resources = await program.resources();
    const runtimes = resources.filter(({ type }) => type.endsWith(":ClusterTrainingRuntime"));
    expect(runtimes.map(({ name, parent }) => `${name} < ${parent}`).sort()).toEqual([
      "trainer-deepspeed-distributed-runtime < trainer-deepspeed-distributed",
      "trainer-jax-distributed-runtime < trainer-jax-distributed",
      "trainer-torch-distributed-runtime < trainer-torch-distributed",
      "trainer-xgboost-distributed-runtime < trainer-xgboost-distributed",
    ]);
    const webhook = "trainer-objects-validating-webhook-configuration-validator.trainer.kubeflow.org";
    for (const { dependsOn } of runtimes) expect(dependsOn).toContain(webhook);
  });

  it("makes only the runtimes that are asked for", async () => {
    const program = await startMocks();
    new Trainer("trainer", {
      standardRuntimes: false,
      runtimes: { llm: { image: "registry.example.com/llm:1.0", gpusPerNode: 8 } },
    });
    const runtimes = (await program.resources()).filter(({ type }) => type.endsWith(":ClusterTrainingRuntime"));
    expect(runtimes.map(({ inputs }) => inputs["metadata"])).toEqual([
      { name: "llm", labels: { "trainer.kubeflow.org/framework": "torch" } },
    ]);
  });

  it("lets a program replace a runtime that Trainer comes with", async () => {
    const program = await startMocks();
    new Trainer("trainer", { runtimes: { "torch-distributed": { image: "registry.example.com/torch:2" } } });
    const spec = (await program.inputsOf("trainer-torch-distributed-runtime"))["spec"];
    expect(JSON.stringify(spec)).toContain("registry.example.com/torch:2");
  });

  it("tells what is wrong with which runtime", () => {
    const { reasons } = problemsOf(
      () => new Trainer("trainer", { runtimes: { llm: { image: "llm:latest", nodes: 0 } } }),
    );
    expect(reasons).toEqual([
      'runtimes["llm"].image is "llm:latest"; allowed: an image with a tag other than latest, or a digest. Name the release.',
      'runtimes["llm"].nodes is 0; allowed: a whole number from 1. Set runtimes["llm"].nodes within that range.',
    ]);
  });
});

describe("Trainer's chart with the component's values", () => {
  it("has two pods of the controller, webhooks that fail closed, and nothing that a hook would do", async () => {
    const objects = await renderedObjectsOf(trainerRendering({}));
    expectGolden("trainer.yaml", summaryOf(objects));
    expect(typesOf(objects)).toEqual([
      "clustertrainingruntimes.trainer.kubeflow.org",
      "trainingruntimes.trainer.kubeflow.org",
      "trainjobs.trainer.kubeflow.org",
    ]);
    expect(titlesOf(objects, "Job")).toEqual([]);
  });

  it("keeps the empty Secret that the controller writes its certificate into free of fields", async () => {
    const objects = await renderedObjectsOf(trainerRendering({}));
    const secrets = objects.filter(({ kind }) => kind === "Secret");
    expect(secrets.map((secret) => Object.keys(secret).sort())).toEqual([["apiVersion", "kind", "metadata"]]);
  });

  it("passes requests unjudged only where it is told to", () => {
    expect(trainerValues({})["webhook"]).toEqual({ failurePolicy: "Fail" });
    expect(trainerValues({ failurePolicy: OperatorFailurePolicy.ignore })["webhook"]).toEqual({
      failurePolicy: "Ignore",
    });
  });
});

describe("the runtimes that Trainer comes with", () => {
  it("have images that follow its version", () => {
    const imagesOf = (version?: string) => Object.values(defaultTrainingRuntimes(version)).map(({ image }) => image);
    expect(imagesOf()).toEqual([
      "docker.io/pytorch/pytorch:2.13.0-cuda13.0-cudnn9-runtime",
      `ghcr.io/kubeflow/trainer/deepspeed-runtime:v${CHARTS.trainer.version}`,
      "nvcr.io/nvidia/jax:25.10-py3",
      `ghcr.io/kubeflow/trainer/xgboost-runtime:v${CHARTS.trainer.version}`,
    ]);
    expect(imagesOf("2.3.1")[1]).toBe("ghcr.io/kubeflow/trainer/deepspeed-runtime:v2.3.1");
  });
});
