import { join } from "node:path";
import { AppsV1Api, BatchV1Api, CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkoutRoot } from "../../../../rehearsal/checkout";
import { readKubeconfig } from "../../../../rehearsal/cluster/kubeconfig";
import type { Outcome } from "../../../support/mlstack";
import { PulumiProgram } from "../../../support/pulumi-program";
import { PulumiProject } from "../../../support/pulumi-project";

const namespace = "default";
const compiled = join(checkoutRoot(), "bin", "components", "workloads", "serving");

/** One version of a service, whose training ends as it is told. */
function version(tag: string, training: "succeed" | "fail"): string {
  return `
const { WebService } = require(${JSON.stringify(compiled)});
new WebService("churn", {
  image: "registry.test/churn:${tag}",
  namespace: ${JSON.stringify(namespace)},
  trainFirst: {
    command: ["train"],
    backoffLimit: 0,
    annotations: { "mlstack.dev/simulate": "${training} after=100ms" },
  },
}, { providers: [provider] });`;
}

describe("a service that is trained first, on a cluster", { timeout: 180_000 }, () => {
  let project: PulumiProject;
  let program: PulumiProgram;
  let config: KubeConfig;

  beforeAll(async () => {
    project = await PulumiProject.create();
    config = readKubeconfig(project.environment.controlPlane.layout.kubeconfig);
    const resources = { cpu: "64", memory: "256Gi", pods: "110" };
    await config.makeApiClient(CoreV1Api).createNode({
      body: {
        metadata: { name: "node", annotations: { "kwok.x-k8s.io/node": "fake" } },
        status: { capacity: resources, allocatable: resources },
      },
    });
    program = await PulumiProgram.create(project.ground);
  }, 180_000);
  afterAll(async () => {
    await program.remove();
    await project.remove();
  });

  const up = (source: string): Promise<Outcome> => program.run("up", source, "--skip-preview");

  /** What serves: the image and the training of the pods, and how often they were changed. */
  async function serving() {
    const { spec, metadata } = await config
      .makeApiClient(AppsV1Api)
      .readNamespacedDeployment({ name: "churn", namespace });
    const [container] = spec!.template.spec!.containers;
    const training = container!.env!.find(({ name }) => name === "TRAINING_ID")!.value!;
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
    const pods = items.filter(({ metadata: of }) => of!.labels!["app.kubernetes.io/component"] === "web");
    const images = pods.map((pod) => pod.spec!.containers[0]!.image);
    return { image: container!.image, images, training, generation: metadata!.generation };
  }

  async function jobs() {
    const { items } = await config.makeApiClient(BatchV1Api).listNamespacedJob({ namespace });
    return items.map(({ metadata, status }) => {
      return { name: metadata!.name, uid: metadata!.uid, succeeded: status?.succeeded, failed: status?.failed };
    });
  }

  it("serves the version that was trained", async () => {
    const { code, output } = await up(version("1", "succeed"));
    expect(code, output).toBe(0);
    const { image, images, training } = await serving();
    expect([image, images]).toEqual(["registry.test/churn:1", ["registry.test/churn:1", "registry.test/churn:1"]]);
    expect(await jobs()).toMatchObject([{ name: `churn-train-${training}`, succeeded: 1 }]);
  });

  it("trains nothing anew where nothing is new", async () => {
    const before = await jobs();
    const { code, output } = await up(version("1", "succeed"));
    expect(code, output).toBe(0);
    expect(await jobs()).toEqual(before);
  });

  it("goes on to serve the version before where a training fails", async () => {
    const before = await serving();
    const { code, output } = await up(version("2", "fail"));
    expect(code).not.toBe(0);
    expect(output).toContain("churn-training");
    expect(await serving()).toEqual(before);
    expect(await jobs()).toMatchObject([{ failed: 1 }]);
  });

  it("trains the same version anew in the next update, and rolls it out once that succeeds", async () => {
    const before = await serving();
    const { code, output } = await up(version("2", "succeed"));
    expect(code, output).toBe(0);
    const { image, images, training } = await serving();
    expect([image, ...new Set(images)]).toEqual(["registry.test/churn:2", "registry.test/churn:2"]);
    expect(training).not.toBe(before.training);
    expect(await jobs()).toMatchObject([{ name: `churn-train-${training}`, succeeded: 1 }]);
  });
});
