import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { Kueue, kueueRendering } from "../../../../components/platform/queues/kueue";
import { JobFramework, type KueueArgs, ManagedNamespaces } from "../../../../components/platform/queues/kueue-args";
import { featureGates, kueueConfig } from "../../../../components/platform/queues/kueue-config";
import { kueueValues } from "../../../../components/platform/queues/kueue-values";
import type { KubernetesObject } from "../../../../components/rendering";
import { problemsOf, startMocks } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";

interface Webhook {
  name: string;
  failurePolicy: string;
  namespaceSelector?: { matchLabels?: object };
}

describe("Kueue's chart with the component's values", () => {
  let objects: KubernetesObject[];
  const find = (kind: string) => objects.find((object) => object.kind === kind)!;
  beforeAll(async () => {
    objects = await objectsOf(
      kueueRendering({
        platform: { systemPool: "system", certManager: true, prometheus: true },
        additionalFrameworks: [JobFramework.sparkApplication],
      }),
    );
  });

  it("runs two pods of the released image on system nodes, not from the staging registry", () => {
    const { spec } = find("Deployment") as unknown as { spec: { replicas: number; template: { spec: unknown } } };
    expect(spec.replicas).toBe(2);
    expect(spec.template.spec).toMatchObject({
      nodeSelector: { "mlstack.dev/pool": "system" },
      priorityClassName: "system-cluster-critical",
      securityContext: { runAsNonRoot: true },
      containers: [
        {
          image: "registry.k8s.io/kueue/kueue:v0.19.2",
          args: expect.arrayContaining(["--feature-gates=SparkApplicationIntegration=true"]) as string[],
          resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "1Gi" } },
        },
      ],
    });
    expect(find("PodDisruptionBudget")["spec"]).toMatchObject({ minAvailable: 1 });
    expect(JSON.stringify(objects)).not.toContain("staging");
  });

  it("gives the controller the whole configuration, with what the chart needs of it", () => {
    const { data } = find("ConfigMap") as unknown as { data: Record<string, string> };
    const config = parse(data["controller_manager_config.yaml"]!) as Record<string, unknown>;
    expect(config).toMatchObject({
      ...kueueConfig({ additionalFrameworks: [JobFramework.sparkApplication] }, "kueue-system"),
      internalCertManagement: { enable: false },
    });
    expect(config).toMatchObject({
      webhook: { port: 9443 },
      leaderElection: { leaderElect: true, resourceName: "c1f6bfd2.kueue.x-k8s.io" },
    });
  });

  it("asks Kueue about jobs of queued namespaces only, so that the platform does not depend on it", () => {
    const webhooks = objects
      .filter(({ kind }) => kind.endsWith("WebhookConfiguration"))
      .flatMap((object) => object["webhooks"] as Webhook[]);
    const ofPods = webhooks.filter(({ name }) => /^[mv](pod|deployment|job|statefulset)\./.test(name));
    expect(ofPods.length).toBeGreaterThan(3);
    for (const { namespaceSelector, failurePolicy } of ofPods) {
      expect(namespaceSelector?.matchLabels).toEqual({ "mlstack.dev/queued": "true" });
      expect(failurePolicy).toBe("Fail");
    }
  });

  it("has no page of KueueViz, no namespace, and no namespace on what belongs to none", () => {
    expect(objects.filter(({ metadata }) => metadata.name.includes("viz"))).toEqual([]);
    expect(objects.filter(({ kind }) => kind === "Namespace")).toEqual([]);
    const configurations = objects.filter(({ kind }) => kind.endsWith("WebhookConfiguration"));
    expect(configurations.map(({ metadata }) => metadata.namespace)).toEqual([undefined, undefined]);
  });

  it("verifies the certificate of metrics that cert-manager issued", () => {
    expect(find("ServiceMonitor")["spec"]).toMatchObject({
      endpoints: [
        {
          tlsConfig: {
            insecureSkipVerify: false,
            serverName: "kueue-controller-manager-metrics-service.kueue-system.svc",
            ca: { secret: { name: "kueue-metrics-server-cert", key: "ca.crt" } },
          },
        },
      ],
    });
    expect(objects.filter(({ kind }) => kind === "Certificate").map(({ metadata }) => metadata.name)).toContain(
      "kueue-metrics-cert",
    );
  });
});

describe("Kueue where no controller runs", () => {
  it("has its types and nothing that the API server would ask", async () => {
    const objects = await objectsOf(kueueRendering({ platform: { simulated: true } }));
    expect(objects.filter(({ kind }) => /Webhook|APIService/.test(kind))).toEqual([]);
    const types = objects.filter(({ kind }) => kind === "CustomResourceDefinition");
    expect(types.map(({ metadata }) => metadata.name)).toContain("clusterqueues.kueue.x-k8s.io");
    expect(types.filter(({ spec }) => (spec as { conversion?: unknown }).conversion !== undefined)).toEqual([]);
  });
});

describe("Kueue's configuration", () => {
  const config = (args: KueueArgs) => kueueConfig(args, "kueue-system");

  it("lets jobs without a queue wait too, and gives up jobs whose pods never become ready", () => {
    expect(config({})).toMatchObject({
      manageJobsWithoutQueueName: true,
      waitForPodsReady: { timeout: "30m", recoveryTimeout: "10m", requeuingStrategy: { backoffLimitCount: 10 } },
      fairSharing: { preemptionStrategies: ["LessThanOrEqualToFinalShare", "LessThanInitialShare"] },
      objectRetentionPolicies: { workloads: { afterFinished: "168h" } },
      resources: { excludeResourcePrefixes: ["hugepages-"] },
    });
  });

  it("leaves out the legacy training operator, Spark and AppWrappers until they are asked for", () => {
    const { frameworks } = config({}).integrations as { frameworks: string[] };
    expect(frameworks).toEqual([
      "batch/job",
      "jobset.x-k8s.io/jobset",
      "trainer.kubeflow.org/trainjob",
      "kubeflow.org/mpijob",
      "ray.io/rayjob",
      "ray.io/rayservice",
      "ray.io/raycluster",
      "pod",
      "deployment",
      "statefulset",
      "leaderworkerset.x-k8s.io/leaderworkerset",
    ]);
    const chosen = config({ frameworks: [JobFramework.job], additionalFrameworks: [JobFramework.pyTorchJob] });
    expect(chosen).toMatchObject({ integrations: { frameworks: ["batch/job", "kubeflow.org/pytorchjob"] } });
  });

  it.each([
    [{}, []],
    [{ frameworks: [JobFramework.sparkApplication] }, [{ name: "SparkApplicationIntegration", enabled: true }]],
    [{ featureGates: { TopologyAwareScheduling: false } }, [{ name: "TopologyAwareScheduling", enabled: false }]],
  ])("sets the feature gates of %j", (args, gates) => {
    expect(featureGates(args)).toEqual(gates);
  });

  it.each([
    [{}, { "mlstack.dev/queued": "true" }],
    [{ managedNamespaces: ManagedNamespaces.allButExcluded }, undefined],
  ])("%j manages namespaces labelled %j, and never those of the cluster and of Kueue", (args, labels) => {
    const made = kueueConfig({ ...args, excludedNamespaces: ["ci"] }, "admission");
    const { matchLabels, matchExpressions } = made["managedJobsNamespaceSelector"] as {
      matchLabels?: object;
      matchExpressions: [{ operator: string; values: string[] }];
    };
    expect(matchLabels).toEqual(labels);
    const [{ operator, values }] = matchExpressions;
    expect(operator).toBe("NotIn");
    expect(values).toEqual(expect.arrayContaining(["kube-system", "admission", "monitoring", "ci"]));
  });

  it("counts transformed resources, and gives way to a program's own fields", () => {
    const made = config({
      transformations: [{ input: "nvidia.com/mig-1g.10gb", outputs: { "example.com/gpu-memory": "10Gi" } }],
      fairSharing: false,
      config: { clientConnection: { qps: 50 } },
    });
    expect(made).toMatchObject({
      clientConnection: { qps: 50, burst: 500 },
      resources: {
        transformations: [
          { input: "nvidia.com/mig-1g.10gb", strategy: "Retain", outputs: { "example.com/gpu-memory": "10Gi" } },
        ],
      },
    });
    expect(made).not.toHaveProperty("fairSharing");
  });
});

describe("Kueue", () => {
  it("names Kueue's values where a program sets others", () => {
    expect(kueueValues({ values: { enableKueueViz: true }, replicas: 1 })).toMatchObject({
      enableKueueViz: true,
      controllerManager: { podDisruptionBudget: { enabled: false } },
    });
  });

  it("creates its webhooks after its controller, in a restricted namespace", async () => {
    const program = await startMocks({ render: renderedOnce });
    new Kueue("kueue", { platform: { chartMirror: await platformMirror() } });
    const webhook = await program.resource(
      "kueue-objects-mutating-webhook-configuration-kueue-mutating-webhook-configuration",
    );
    expect(webhook.dependsOn).toContain("kueue-objects-deployment-kueue-controller-manager");
    expect(await program.inputsOf("kueue-namespace")).toMatchObject({
      metadata: { name: "kueue-system", labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    });
  });

  it("refuses what is wrong, all at once", async () => {
    await startMocks();
    const args = {
      frameworks: [],
      podsReadyTimeoutMinutes: 5,
      transformations: [
        { input: "a.b/c", outputs: { "a.b/d": "lots" } },
        { input: "a.b/c", outputs: {} },
      ],
    };
    expect(problemsOf(() => new Kueue("kueue", args)).reasons).toEqual([
      "frameworks is []; allowed: at least one kind. Name a kind, or leave the list out.",
      "podsReadyTimeoutMinutes is 5; allowed: a whole number from 15. Set podsReadyTimeoutMinutes within that range.",
      'transformations[0].outputs["a.b/d"] is "lots"; allowed: a Kubernetes quantity above zero. Write it like "5Gi".',
      'transformations[1].input is "a.b/c"; allowed: each resource once. Put what it counts as together.',
    ]);
    expect(problemsOf(() => new Kueue("kueue", { frameworks: ["cronjob" as JobFramework] })).reasons[0]).toMatch(
      /^frameworks\[0\] is "cronjob"; allowed: batch\/job, jobset/,
    );
  });
});
