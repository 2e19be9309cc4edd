import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PulumiProject } from "../support/pulumi-project";

/** A container whose image is known only once the config map beside it exists. */
const privilegedPodWithUnknownImage = `
const source = new k8s.core.v1.ConfigMap("source", { metadata: { name: "source" } }, { provider });
new k8s.core.v1.Pod("app", {
  metadata: { name: "app" },
  spec: { containers: [{
    name: "main",
    image: source.id.apply((id) => "registry.test/app:" + id.length),
    securityContext: { privileged: true },
  }] },
}, { provider });`;

const privilegedFinding = "[POD-01] Pod default/app: spec.containers[0].securityContext.privileged is true";

describe("the policy packs under the real engine", { timeout: 120_000 }, () => {
  let project: PulumiProject;
  beforeAll(async () => {
    project = await PulumiProject.create();
  });
  afterAll(() => project.remove());

  async function configMaps(): Promise<(string | undefined)[]> {
    const config = new KubeConfig();
    config.loadFromFile(project.environment.controlPlane.layout.kubeconfig);
    const { items } = await config.makeApiClient(CoreV1Api).listNamespacedConfigMap({ namespace: "default" });
    return items.map(({ metadata }) => metadata?.name);
  }

  it("keep a privileged container a mandatory violation in preview, though its image is unknown", async () => {
    const { code, output } = await project.run("preview", privilegedPodWithUnknownImage);
    expect(output).toContain(privilegedFinding);
    expect(output).toMatch(/\[mandatory\].*POD-01/);
    expect(output).toContain("[POD-22] Pod default/app: ");
    expect(code).not.toBe(0);
  });

  it("stop an update in its preview, so that not even what is allowed is created", async () => {
    const { code, output } = await project.run("up", privilegedPodWithUnknownImage);
    expect(output).toContain(privilegedFinding);
    expect(code).not.toBe(0);
    expect(await configMaps()).not.toContain("source");
  });

  it("let a program pass that keeps the rules", async () => {
    const { code, output } = await project.run(
      "up",
      `new k8s.core.v1.ConfigMap("allowed", { metadata: { name: "allowed" } }, { provider });`,
    );
    expect(output).not.toContain("mandatory");
    expect(code).toBe(0);
    expect(await configMaps()).toContain("allowed");
  });

  it("report every violation of a preview at once", async () => {
    const { code, output } = await project.run(
      "preview",
      `new k8s.core.v1.Pod("trainer", {
        metadata: { name: "trainer" },
        spec: { containers: [{
          name: "main", image: "registry.test/trainer:latest", securityContext: { privileged: true },
          resources: { limits: { "nvidia.com/gpu": "0.5" } },
        }] },
      }, { provider });`,
    );
    for (const rule of ["GPU-01", "GPU-02", "POD-01", "POD-22"])
      expect(output).toContain(`[${rule}] Pod default/trainer: `);
    expect(code).not.toBe(0);
  });
});
