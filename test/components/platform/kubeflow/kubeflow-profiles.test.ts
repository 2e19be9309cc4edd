import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import {
  KubeflowProfiles,
  type KubeflowProfilesArgs,
  kubeflowProfilesRendering,
} from "../../../../components/platform/kubeflow";
import { PodSecurityLevel } from "../../../../components/platform/part/part-namespace";
import { problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { hasUpstream, platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { consoleOfLab, flawsOf, objectOf, titles } from "./samples";

const args = { console: consoleOfLab, platform: { certManager: true } };

describe("The manifests of profiles", () => {
  it.skipIf(!hasUpstream)("run the controller and the webhook of PodDefaults twice", async () => {
    const objects = await objectsOf(kubeflowProfilesRendering(args));
    expect(titles(objects, "CustomResourceDefinition", "Deployment", "PodDisruptionBudget", "Certificate")).toEqual([
      "CustomResourceDefinition profiles.kubeflow.org",
      "Deployment kubeflow/profiles-deployment",
      "PodDisruptionBudget kubeflow/profiles-deployment",
      "CustomResourceDefinition poddefaults.kubeflow.org",
      "Deployment kubeflow/poddefaults-webhook-deployment",
      "PodDisruptionBudget kubeflow/poddefaults-webhook-deployment",
      "Certificate kubeflow/poddefaults-webhook-cert",
    ]);
    expect(flawsOf(objects)).toEqual([]);
  });

  it.skipIf(!hasUpstream)(
    "hold users' namespaces to a level at a pinned version, with labels of one's own",
    async () => {
      const labelsOf = async (more: Partial<KubeflowProfilesArgs>) => {
        const objects = await objectsOf(kubeflowProfilesRendering({ ...args, ...more }));
        const { data } = objectOf(objects, "ConfigMap", "profiles-namespace-labels-data") as unknown as {
          data: Record<string, string>;
        };
        return parse(data["namespace-labels.yaml"]!) as object;
      };
      expect(await labelsOf({})).toEqual({
        "app.kubernetes.io/part-of": "kubeflow-profile",
        "katib.kubeflow.org/metrics-collector-injection": "enabled",
        "pipelines.kubeflow.org/enabled": "true",
        "serving.kubeflow.org/inferenceservice": "enabled",
        "pod-security.kubernetes.io/enforce": "baseline",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      });
      const own = { podSecurityLevel: PodSecurityLevel.restricted, namespaceLabels: { "example.com/queues": "gpu" } };
      expect(await labelsOf(own)).toMatchObject({
        "pod-security.kubernetes.io/enforce": "restricted",
        "example.com/queues": "gpu",
      });
    },
  );

  it.skipIf(!hasUpstream)("know the console's gateway, its header and the administrator", async () => {
    const console = { ...consoleOfLab, userHeader: "x-user" };
    const objects = await objectsOf(kubeflowProfilesRendering({ ...args, console, admin: "ada@lab.example" }));
    expect(objectOf(objects, "ConfigMap", "profiles-config")["data"]).toMatchObject({
      ADMIN: "ada@lab.example",
      USERID_HEADER: "x-user",
      ISTIO_INGRESS_GATEWAY_PRINCIPAL: "cluster.local/ns/istio-ingress/sa/istio-ingress",
    });
    expect(JSON.stringify(objectOf(objects, "NetworkPolicy", "profiles-kfam"))).toContain('"istio-ingress"');
  });
});

describe("KubeflowProfiles", () => {
  it.skipIf(!hasUpstream)("keep the type of profiles when they go", async () => {
    const program = await startMocks({ render: renderedOnce });
    const platform = { certManager: true, chartMirror: await platformMirror() };
    const profiles = new KubeflowProfiles("profiles", { console: consoleOfLab, platform });
    const type = await program.resource("profiles-objects-custom-resource-definition-profiles.kubeflow.org");
    expect(type.parent).toBe("profiles-objects");
    expect(await valueOf(profiles.ready)).toBe(true);
  });

  it("need a console, cert-manager and labels that are spelt right", () => {
    const wrong = { namespaceLabels: { "a/b/c": "x y" } } as unknown as KubeflowProfilesArgs;
    expect(problemsOf(() => new KubeflowProfiles("profiles", wrong)).reasons).toEqual([
      "console is missing; allowed: a gateway of Istio's. Install Istio with a gateway where users sign in, and name it.",
      'namespaceLabels is "a/b/c"; allowed: a label key such as example.com/team. Rename the key.',
      'namespaceLabels["a/b/c"] is "x y"; allowed: empty, or at most 63 letters, digits, and inner hyphens, dots and underscores. Shorten or respell the value.',
      "platform.certManager is false; allowed: true for PodDefaults. Install CertManager first, and say so in platform.certManager.",
    ]);
  });
});
