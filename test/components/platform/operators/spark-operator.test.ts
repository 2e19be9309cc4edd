import { describe, expect, it } from "vitest";
import {
  SparkOperator,
  type SparkOperatorArgs,
  sparkOperatorRendering,
  sparkOperatorValues,
} from "../../../../components/platform/operators";
import { expectGolden } from "../../../support/golden";
import { childList, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { argsOf, find, renderedObjectsOf, renderedWithoutTypes, summaryOf, titlesOf } from "./summary";

const reasonsOf = (args: SparkOperatorArgs) => problemsOf(() => new SparkOperator("spark", args)).reasons;

describe("SparkOperator", () => {
  it("creates a restricted namespace, then types, RBAC, controllers and webhooks", async () => {
    const program = await startMocks({ render: renderedWithoutTypes });
    const spark = new SparkOperator("spark", { platform: { chartMirror: await platformMirror() } });
    expect(await valueOf(spark.namespace)).toBe("spark-operator");
    const resources = await program.resources();
    expect(childList(resources).slice(0, 3)).toEqual([
      "mlstack:index:SparkOperator spark",
      "kubernetes:core/v1:Namespace spark-namespace < spark",
      "mlstack:internal:RenderedObjects spark-objects < spark",
    ]);
    expect(resources[1]!.inputs["metadata"]).toMatchObject({
      name: "spark-operator",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    const webhook = resources.find(({ type }) => type.endsWith(":MutatingWebhookConfiguration"));
    expect(webhook?.dependsOn).toContain("spark-objects-deployment-spark-operator-webhook");
  });

  it("asks cert-manager for the webhook's certificate before the webhook starts", async () => {
    const program = await startMocks();
    new SparkOperator("spark", { platform: { certManager: true } });
    const resources = await program.resources();
    expect(childList(resources).filter((line) => line.includes("cert-manager.io"))).toEqual([
      "kubernetes:cert-manager.io/v1:Issuer spark-issuer < spark",
      "kubernetes:cert-manager.io/v1:Certificate spark-certificate < spark",
    ]);
    expect(resources.find(({ name }) => name === "spark-certificate")!.inputs["spec"]).toMatchObject({
      secretName: "spark-operator-webhook-certs",
      dnsNames: [
        "spark-operator-webhook-svc.spark-operator.svc",
        "spark-operator-webhook-svc.spark-operator.svc.cluster.local",
      ],
    });
  });

  it("asks for no certificate where no webhook runs", async () => {
    const program = await startMocks();
    new SparkOperator("spark", { platform: { certManager: true, simulated: true } });
    expect(childList(await program.resources()).filter((line) => line.includes("cert-manager.io"))).toEqual([]);
  });

  it("registers nothing when there is a problem", async () => {
    const program = await startMocks();
    const { message } = problemsOf(() => new SparkOperator("spark", { workers: 0 }));
    expect(message).toBe('SparkOperator "spark": 1 invalid input');
    expect(await program.resources()).toEqual([]);
  });
});

describe("Spark operator's chart with the component's values", () => {
  it("runs applications of all namespaces, two pods each, and makes nothing in other namespaces", async () => {
    const objects = await renderedObjectsOf(sparkOperatorRendering({}));
    expectGolden("spark-operator.yaml", summaryOf(objects));
    expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set([undefined, "spark-operator"]));
  });

  it("gives operator and drivers rights in listed namespaces only, and has the API server ask for these only", async () => {
    const objects = await renderedObjectsOf(sparkOperatorRendering({ jobNamespaces: ["team-a"] }));
    const inTeam = objects.filter(({ metadata }) => metadata.namespace === "team-a");
    expect(inTeam.map(({ kind, metadata }) => `${kind} ${metadata.name}`).sort()).toEqual([
      "Role spark",
      "Role spark-operator-controller",
      "Role spark-operator-webhook",
      "RoleBinding spark",
      "RoleBinding spark-operator-controller",
      "RoleBinding spark-operator-webhook",
      "ServiceAccount spark",
    ]);
    expect(find(objects, "ClusterRole", "spark-operator-controller")["rules"]).toEqual([
      { apiGroups: ["apiextensions.k8s.io"], resources: ["customresourcedefinitions"], verbs: ["get"] },
    ]);
    const webhooks = find(objects, "MutatingWebhookConfiguration", "spark-operator-webhook")["webhooks"] as {
      namespaceSelector: object;
    }[];
    expect(webhooks[0]!.namespaceSelector).toEqual({
      matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "In", values: ["team-a"] }],
    });
  });

  it("leaves accounts and their rights to the namespaces where it is told to", async () => {
    const args = { jobNamespaces: ["team-a"], serviceAccount: { create: false } };
    const objects = await renderedObjectsOf(sparkOperatorRendering(args));
    const titles = titlesOf(objects, "ServiceAccount", "RoleBinding");
    expect(titles.filter((title) => title.includes("team-a"))).toEqual([
      "RoleBinding team-a/spark-operator-controller",
      "RoleBinding team-a/spark-operator-webhook",
    ]);
  });

  it("takes the webhook's certificate from cert-manager, and shows metrics to Prometheus", async () => {
    const platform = { certManager: true, prometheus: true };
    const objects = await renderedObjectsOf(sparkOperatorRendering({ platform, namespace: "spark" }));
    expect(argsOf(objects, "spark-operator-webhook")).toContain("--enable-cert-manager=true");
    expect(find(objects, "ValidatingWebhookConfiguration", "spark-operator-webhook").metadata.annotations).toEqual({
      "cert-manager.io/inject-ca-from": "spark/spark-operator-webhook",
    });
    expect(titlesOf(objects, "PodMonitor")).toEqual(["PodMonitor spark/spark-operator"]);
    expect(argsOf(objects, "spark-operator-controller")).toContain("--enable-metrics=true");
  });

  it("leaves out webhooks on simulated nodes", async () => {
    const objects = await renderedObjectsOf(sparkOperatorRendering({ platform: { simulated: true } }));
    expect(titlesOf(objects, "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")).toEqual([]);
  });

  it("has no budget with a single pod, which would keep nodes from being drained", async () => {
    const objects = await renderedObjectsOf(sparkOperatorRendering({ replicas: 1, webhook: { replicas: 3 } }));
    expect(titlesOf(objects, "PodDisruptionBudget")).toEqual([
      "PodDisruptionBudget spark-operator/spark-operator-webhook-pdb",
    ]);
  });

  it("has every webhook's Service in the namespace that the API server asks in", async () => {
    const objects = await renderedObjectsOf(sparkOperatorRendering({ namespace: "spark" }));
    expect(titlesOf(objects, "Service")).toEqual(["Service spark/spark-operator-webhook-svc"]);
  });
});

describe("values of the Spark operator's chart", () => {
  it("are overridden by those of the program", () => {
    const values = { controller: { uiIngress: { enable: true } } };
    expect(sparkOperatorValues({ values })["controller"]).toMatchObject({ uiIngress: { enable: true }, replicas: 2 });
  });

  it("name the scheduler that places pods together", () => {
    const { controller } = sparkOperatorValues({ batchScheduler: { default: "volcano" } }) as {
      controller: { batchScheduler: object };
    };
    expect(controller.batchScheduler).toEqual({ enable: true, default: "volcano" });
  });
});

describe("the inputs of a Spark operator", () => {
  it.each<[string, SparkOperatorArgs, string[]]>([
    [
      "an empty list of namespaces",
      { jobNamespaces: [] },
      [
        "jobNamespaces is []; allowed: at least one namespace, or none of the argument for all namespaces. " +
          "Name namespaces, or leave jobNamespaces out.",
      ],
    ],
    [
      "a list and a selector",
      { jobNamespaces: ["team-a"], jobNamespaceSelector: "spark=true" },
      [
        'jobNamespaceSelector is "spark=true"; allowed: a selector where jobNamespaces is left out. ' +
          "Set one of the two.",
      ],
    ],
    [
      "an account without a list to make it in",
      { serviceAccount: { create: true } },
      [
        "serviceAccount.create is true; allowed: true where jobNamespaces lists the namespaces to make it in. " +
          "List the namespaces, or let them bring their own.",
      ],
    ],
    [
      "an unknown scheduler",
      { batchScheduler: { default: "fair", kubeSchedulerNames: ["gang"] } },
      [
        'batchScheduler.default is "fair"; allowed: volcano, yunikorn, gang. ' +
          "Set one of these, or add the scheduler to batchScheduler.kubeSchedulerNames.",
      ],
    ],
    [
      "a timeout that the API server does not take",
      { webhook: { timeoutSeconds: 31 } },
      [
        "webhook.timeoutSeconds is 31; allowed: a whole number from 1 to 30. " +
          "Set webhook.timeoutSeconds within that range.",
      ],
    ],
  ])("refuse %s", (_, args, reasons) => {
    expect(reasonsOf(args)).toEqual(reasons);
  });
});
