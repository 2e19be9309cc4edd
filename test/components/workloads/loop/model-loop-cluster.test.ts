import { CoreV1Api, CustomObjectsApi, type KubeConfig } from "@kubernetes/client-node";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { modelLoopManifests } from "../../../../components/workloads/loop";
import { memoryManifest } from "../../../../components/workloads/loop/model-loop-manifest";
import { workflowTemplateManifest } from "../../../../components/workloads/workflows";
import { readKubeconfig } from "../../../../rehearsal/cluster/kubeconfig";
import { eventually, TestCluster } from "../../../support/cluster";
import { askApi } from "../../../support/cluster-inventory";
import { fullTypes } from "../../../support/resource-types";
import { createTypes } from "../../../support/served-types";
import { minimalLoop } from "./arguments";

const namespace = "ml";
const loop = { ...minimalLoop, namespace, canary: { trafficPercent: 0, replicas: 1 } };
const services = { group: "serving.kserve.io", version: "v1beta1", namespace, plural: "inferenceservices" };

interface Template {
  name: string;
  resource?: { manifest: string };
}

describe("what a loop serves", { timeout: 120_000 }, () => {
  let cluster: TestCluster;
  let config: KubeConfig;
  let templates: Template[];

  beforeAll(async () => {
    cluster = await TestCluster.start();
    config = readKubeconfig(cluster.controlPlane.layout.kubeconfig);
    const types = (await fullTypes()).filter(({ metadata }) => metadata.name === "inferenceservices.serving.kserve.io");
    await createTypes(config, types);
    const core = cluster.api(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    await cluster.create(memoryManifest("churn", loop));
    const { metadata } = await core.readNamespacedConfigMap({ namespace, name: "churn-served" });
    const { template } = modelLoopManifests("churn", loop, metadata!.uid!);
    ({ templates } = workflowTemplateManifest("churn", template).spec as { templates: Template[] });
  }, 120_000);
  afterAll(() => cluster.remove());

  async function list(): Promise<object[]> {
    const { items } = (await cluster.api(CustomObjectsApi).listNamespacedCustomObject(services)) as { items: object[] };
    return items;
  }

  /** The object of a step with its inputs filled in, as Argo does. */
  function objectOf(step: string): object {
    const text = templates.find(({ name }) => name === step)!.resource!.manifest;
    return parse(text.replaceAll(/\{\{=toJson\(.+?\)\[1:-1\]\}\}/g, "s3://models/churn/1")) as object;
  }

  it.each(["serve", "serve-candidate"])("is accepted as the step %s has it, with no field unknown", async (step) => {
    const path = `/apis/serving.kserve.io/v1beta1/namespaces/${namespace}/inferenceservices`;
    const { status, body } = await askApi(config, `${path}?dryRun=All&fieldValidation=Strict`, objectOf(step));
    expect([status, (body as { message?: string }).message]).toEqual([201, undefined]);
  });

  it("goes when the stack deletes the memory", async () => {
    await cluster.api(CustomObjectsApi).createNamespacedCustomObject({ ...services, body: objectOf("serve") });
    expect(await list()).toHaveLength(1);
    await cluster.api(CoreV1Api).deleteNamespacedConfigMap({ namespace, name: "churn-served" });
    await eventually("it is gone", async () => (await list()).length === 0, 90_000);
  });
});
