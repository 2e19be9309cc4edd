import { describe, expect, it } from "vitest";
import { VerticalPodAutoscaling } from "../../../../components/platform/foundations";
import { verticalPodAutoscalingRendering } from "../../../../components/platform/foundations/vertical-pod-autoscaling";
import type { KubernetesObject } from "../../../../components/rendering";
import { childList, problemsOf, startMocks } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";

function titles(objects: KubernetesObject[], kind: string): string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name);
}

describe("the chart without cert-manager", () => {
  it("recommends, and updates nothing, as pods would only be evicted to come back as they were", async () => {
    const objects = await objectsOf(verticalPodAutoscalingRendering({}));
    expect(titles(objects, "Deployment")).toEqual(["vertical-pod-autoscaler-recommender"]);
    expect(titles(objects, "MutatingWebhookConfiguration")).toEqual([]);
    expect(titles(objects, "CustomResourceDefinition")).toHaveLength(2);
  });
});

describe("the chart with cert-manager", () => {
  const platform = { certManager: true, systemPool: "system" };

  it("has all three programs twice, restricted, with budgets and limits, on the nodes for controllers", async () => {
    const objects = await objectsOf(verticalPodAutoscalingRendering({ platform }));
    const deployments = objects.filter(({ kind }) => kind === "Deployment");
    expect(deployments.map(({ metadata }) => metadata.name).sort()).toEqual([
      "vertical-pod-autoscaler-admission-controller",
      "vertical-pod-autoscaler-recommender",
      "vertical-pod-autoscaler-updater",
    ]);
    expect(titles(objects, "PodDisruptionBudget")).toHaveLength(3);
    for (const { spec } of deployments) {
      expect(spec).toMatchObject({
        replicas: 2,
        template: {
          spec: {
            nodeSelector: { "mlstack.dev/pool": "system" },
            securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
            containers: [
              {
                resources: { limits: { memory: "500Mi" } },
                securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              },
            ],
          },
        },
      });
    }
  });

  it("keeps the webhook and none of the hooks that would have made its certificate", async () => {
    const objects = await objectsOf(verticalPodAutoscalingRendering({ platform, namespace: "vpa" }));
    const webhooks = objects.filter(({ kind }) => kind === "MutatingWebhookConfiguration");
    expect(webhooks).toMatchObject([
      {
        metadata: { annotations: { "cert-manager.io/inject-ca-from": "vpa/vpa-tls-certs" } },
        webhooks: [{ failurePolicy: "Ignore", clientConfig: { service: { name: "vpa-webhook", namespace: "vpa" } } }],
      },
    ]);
    expect(titles(objects, "Job")).toEqual([]);
    expect(titles(objects, "Secret")).toEqual([]);
    expect(titles(objects, "ClusterRole").filter((name) => name.includes("certgen"))).toEqual([]);
  });
});

describe("a VerticalPodAutoscaling", () => {
  it("makes its certificate before what needs it", async () => {
    const program = await startMocks({ render: renderedOnce });
    const platform = { chartMirror: await platformMirror(), certManager: true };
    new VerticalPodAutoscaling("vpa", { platform });
    expect(await program.inputsOf("vpa-certificate")).toMatchObject({
      kind: "Certificate",
      metadata: { namespace: "vertical-pod-autoscaler", annotations: { "pulumi.com/waitFor": "condition=Ready" } },
      spec: {
        secretName: "vpa-tls-certs",
        dnsNames: ["vpa-webhook", "vpa-webhook.vertical-pod-autoscaler", "vpa-webhook.vertical-pod-autoscaler.svc"],
        issuerRef: { kind: "Issuer", name: "vpa-tls-certs" },
      },
    });
    expect((await program.resource("vpa-objects")).dependsOn).toEqual(
      expect.arrayContaining(["vpa-certificate", "vpa-namespace"]),
    );
  });

  it("waits for no certificate that nobody would make", async () => {
    const program = await startMocks();
    new VerticalPodAutoscaling("vpa", { platform: { certManager: true, simulated: true } });
    expect((await program.inputsOf("vpa-certificate"))["metadata"]).not.toHaveProperty("annotations");
  });

  it("has no certificate without updates", async () => {
    const program = await startMocks();
    new VerticalPodAutoscaling("vpa", { platform: { certManager: true }, updates: false });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:VerticalPodAutoscaling vpa",
      "kubernetes:core/v1:Namespace vpa-namespace < vpa",
      "mlstack:internal:RenderedObjects vpa-objects < vpa",
    ]);
  });

  it("is refused with updates and without cert-manager", () => {
    expect(problemsOf(() => new VerticalPodAutoscaling("vpa", { updates: true })).reasons).toEqual([
      "updates is true; allowed: false without cert-manager. " +
        "Install CertManager and set platform.certManager, or leave updates out.",
    ]);
  });
});
