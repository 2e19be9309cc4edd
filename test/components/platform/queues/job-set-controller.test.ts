import { beforeAll, describe, expect, it } from "vitest";
import { JobSetController, jobSetRendering } from "../../../../components/platform/queues/job-set-controller";
import { jobSetValues } from "../../../../components/platform/queues/job-set-controller-values";
import type { KubernetesObject } from "../../../../components/rendering";
import { childList, problemsOf, startMocks } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";

function titles(objects: KubernetesObject[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

describe("JobSet's chart with the component's values", () => {
  let objects: KubernetesObject[];
  const find = (kind: string) => objects.find((object) => object.kind === kind)!;
  beforeAll(async () => {
    objects = await objectsOf(jobSetRendering({ platform: { systemPool: "system" }, resources: { cpu: "3" } }));
  });

  it("has the type, the controller with its webhooks, and no namespace or hook", () => {
    expect(titles(objects)).toEqual(
      expect.arrayContaining([
        "CustomResourceDefinition jobsets.jobset.x-k8s.io",
        "Deployment jobset-controller",
        "PodDisruptionBudget jobset-controller-pdb",
        "MutatingWebhookConfiguration jobset-mutating-webhook-configuration",
        "ValidatingWebhookConfiguration jobset-validating-webhook-configuration",
      ]),
    );
    expect(objects.filter(({ kind }) => ["Namespace", "ServiceMonitor", "Certificate"].includes(kind))).toEqual([]);
  });

  it("runs two pods of the released image on system nodes, as nobody in particular", () => {
    const { spec } = find("Deployment") as unknown as { spec: { replicas: number; template: { spec: unknown } } };
    expect(spec.replicas).toBe(2);
    expect(spec.template.spec).toMatchObject({
      nodeSelector: { "kubernetes.io/os": "linux", "mlstack.dev/pool": "system" },
      securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
      containers: [{ image: "registry.k8s.io/jobset/jobset:v0.12.0", imagePullPolicy: "IfNotPresent" }],
    });
  });

  it("limits memory and not CPU, so that a request for more CPU than the chart's limit is no contradiction", () => {
    const { spec } = find("Deployment") as unknown as {
      spec: { template: { spec: { containers: { resources: unknown }[] } } };
    };
    expect(spec.template.spec.containers[0]!.resources).toEqual({
      requests: { cpu: "3", memory: "512Mi" },
      limits: { memory: "512Mi" },
    });
  });
});

describe("JobSet beside cert-manager and Prometheus", () => {
  it("has certificates issued, and its metrics read with the issued certificate", async () => {
    const objects = await objectsOf(jobSetRendering({ platform: { certManager: true, prometheus: true } }));
    expect(titles(objects)).toEqual(
      expect.arrayContaining(["Certificate jobset-cert", "ServiceMonitor jobset-metrics"]),
    );
    const monitor = objects.find(({ kind }) => kind === "ServiceMonitor")!;
    expect(monitor["spec"]).toMatchObject({
      endpoints: [{ tlsConfig: { serverName: "jobset-metrics-service.jobset-system.svc" } }],
    });
    const labels = (monitor["spec"] as { selector: { matchLabels: object } }).selector.matchLabels;
    const service = objects.find(({ metadata }) => metadata.name === "jobset-metrics-service")!;
    expect(service.metadata.labels).toMatchObject(labels);
  });

  it("reads metrics without verification where the controller signs its own certificate", () => {
    const { adjust } = jobSetRendering({ platform: { prometheus: true } });
    expect(adjust!([])[0]).toMatchObject({ spec: { endpoints: [{ tlsConfig: { insecureSkipVerify: true } }] } });
  });

  it("has no webhooks where no controller runs", async () => {
    const objects = await objectsOf(jobSetRendering({ platform: { simulated: true } }));
    expect(titles(objects).filter((title) => /Webhook/.test(title))).toEqual([]);
  });
});

describe("JobSet's values", () => {
  it("need no budget for a single pod, and give way to those of a program", () => {
    const values = jobSetValues({ replicas: 1, values: { controller: { tolerations: [{ key: "system" }] } } });
    expect(values).toMatchObject({
      controller: { replicas: 1, podDisruptionBudget: { enabled: false }, tolerations: [{ key: "system" }] },
    });
  });
});

describe("JobSetController", () => {
  it("creates everything in a restricted namespace", async () => {
    const program = await startMocks({ render: renderedOnce });
    new JobSetController("jobs", { platform: { chartMirror: await platformMirror() } });
    expect(childList(await program.resources())).toEqual(
      expect.arrayContaining([
        "kubernetes:core/v1:Namespace jobs-namespace < jobs",
        "kubernetes:apps/v1:Deployment jobs-objects-deployment-jobset-controller < jobs-objects",
      ]),
    );
    expect((await program.inputsOf("jobs-namespace"))["metadata"]).toEqual({
      name: "jobset-system",
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/enforce-version": "v1.35",
      },
    });
  });

  it("refuses what is wrong, all at once", async () => {
    await startMocks();
    expect(problemsOf(() => new JobSetController("jobs", { namespace: "default", replicas: 0 }))).toEqual({
      message: 'JobSetController "jobs": 2 invalid inputs',
      reasons: [
        'namespace is "default"; allowed: a namespace that is not Kubernetes\' own. ' +
          "The namespace is made with the part and deleted with it; give the part one of its own.",
        "replicas is 0; allowed: a whole number from 1. Set replicas within that range.",
      ],
    });
  });
});
