import { CoreV1Api } from "@kubernetes/client-node";
import { readKubeconfig } from "../../rehearsal/cluster/kubeconfig";
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

/** A pool of one simulated node with a taint of its own beside the GPU taint, and a pod that tolerates only the latter. */
const podThatDoesNotTolerateItsPool = `
new k8s.core.v1.Node("train-0", {
  metadata: {
    name: "train-0",
    labels: { "mlstack.dev/pool": "train" },
    annotations: { "kwok.x-k8s.io/node": "fake" },
  },
  spec: { taints: [
    { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
    { key: "example.com/team", value: "vision", effect: "NoSchedule" },
  ] },
}, { provider });
new k8s.core.v1.Pod("trainer", {
  metadata: { name: "trainer" },
  spec: {
    nodeSelector: { "mlstack.dev/pool": "train" },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }],
    containers: [{ name: "main", image: "registry.test/trainer:1.4" }],
  },
}, { provider });`;

describe("the policy packs under the real engine", { timeout: 120_000 }, () => {
  let project: PulumiProject;
  beforeAll(async () => {
    project = await PulumiProject.create();
  });
  afterAll(() => project.remove());

  function core(): CoreV1Api {
    const config = readKubeconfig(project.environment.controlPlane.layout.kubeconfig);
    return config.makeApiClient(CoreV1Api);
  }

  async function configMaps(): Promise<(string | undefined)[]> {
    const { items } = await core().listNamespacedConfigMap({ namespace: "default" });
    return items.map(({ metadata }) => metadata?.name);
  }

  it("stop an update in its preview for a privileged container whose image is unknown, with nothing created", async () => {
    const { code, output } = await project.run("up", privilegedPodWithUnknownImage);
    expect(output).toContain("[POD-01] Pod default/app: spec.containers[0].securityContext.privileged is true");
    expect(output).toMatch(/\[mandatory\].*POD-01/);
    expect(output).toContain("[POD-22] Pod default/app: ");
    expect(code).not.toBe(0);
    expect(await configMaps()).not.toContain("source");
  });

  it("stop an update in its preview for what only the stack as a whole breaks", async () => {
    const { code, output } = await project.run("up", podThatDoesNotTolerateItsPool);
    expect(output).toContain(
      "[GPU-02] Pod default/trainer: spec.tolerations is without a match for the taint example.com/team=vision:NoSchedule",
    );
    expect(output).toMatch(/\[mandatory\].*GPU-02/);
    expect(code).not.toBe(0);
    expect((await core().listNode()).items).toEqual([]);
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

  it("mend what has one right answer, where a policy is at the level to do so", async () => {
    project.packConfiguration = {
      "pod-security": { all: "advisory" },
      "gpu-ml": { all: "advisory", gpu: { enforcementLevel: "remediate" } },
    };
    const { code, output } = await project
      .run(
        "up",
        `new k8s.core.v1.PodTemplate("mended", {
        metadata: { name: "mended" },
        template: { spec: { containers: [{
          name: "main", image: "registry.test/trainer:1.4", resources: { limits: { "nvidia.com/gpu": "1" } },
        }] } },
      }, { provider });`,
      )
      .finally(() => {
        project.packConfiguration = {};
      });

    expect(output).toContain("[remediate]");
    expect(code).toBe(0);
    const { template } = await core().readNamespacedPodTemplate({ namespace: "default", name: "mended" });
    expect(template?.spec?.tolerations).toContainEqual({
      key: "nvidia.com/gpu",
      operator: "Exists",
      effect: "NoSchedule",
    });
  });
});
