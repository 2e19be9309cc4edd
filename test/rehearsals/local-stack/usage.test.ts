import { AutoscalingV2Api, Metrics, PatchStrategy, setHeaderOptions } from "@kubernetes/client-node";
import { beforeAll, describe, expect, test } from "vitest";
import { parseQuantity } from "../../../components/model/quantity";
import { eventually } from "../../support/cluster";
import { sharedStack } from "./stack";

const namespace = "usage";
const merge = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const usage = (told: string) => ({ annotations: { "mlstack.dev/simulate-usage": told } });

/** How long an autoscaler may take: it looks every 15 s, and the recommender every minute. */
const PATIENCE = 120_000;

interface Recommended {
  status?: {
    recommendation?: { containerRecommendations?: { target: Record<string, string> }[] };
  };
}

/** A service of one pod, each of whose pods says that it uses something. */
function deployment(name: string, told: string): object {
  const labels = { app: name };
  const resources = { requests: { cpu: "100m", memory: "128Mi" } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, ...usage(told) },
        spec: { containers: [{ name: "web", image: "registry.example.com/web:1", resources }] },
      },
    },
  };
}

describe("what pods say that they use", () => {
  const stack = sharedStack();
  beforeAll(async () => {
    await stack.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    // The recommender looks once a minute; what it looks at is there before others are waited for.
    await stack.create(deployment("steady", "cpu=900m memory=700Mi"));
    await stack.create({
      apiVersion: "autoscaling.k8s.io/v1",
      kind: "VerticalPodAutoscaler",
      metadata: { name: "steady", namespace },
      spec: {
        targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "steady" },
        updatePolicy: { updateMode: "Off" },
      },
    });
  });

  const podsOf = async (app: string) => {
    return (await stack.core.listNamespacedPod({ namespace, labelSelector: `app=${app}` })).items;
  };
  const isReady = (name: string) =>
    eventually(`${name} is ready`, async () => {
      return (await stack.apps.readNamespacedDeployment({ name, namespace })).status?.readyReplicas === 1;
    });

  test("has a HorizontalPodAutoscaler add pods while it is much, and take them back when it is little", async () => {
    const name = "busy";
    await stack.create(deployment(name, "cpu=90m"));
    await isReady(name);
    await stack.create({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
        minReplicas: 1,
        maxReplicas: 3,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 30 } } },
        ],
        behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
      },
    });
    const grown = async (replicas: number) => {
      const { status } = await stack.config
        .makeApiClient(AutoscalingV2Api)
        .readNamespacedHorizontalPodAutoscaler({ name, namespace });
      return status?.desiredReplicas === replicas && (await podsOf(name)).length === replicas && status;
    };
    const status = await eventually("there are three", () => grown(3), PATIENCE);
    expect(status.currentMetrics?.[0]?.resource?.current).toMatchObject({
      averageUtilization: 90,
      averageValue: "90m",
    });
    for (const { metadata } of await podsOf(name)) {
      const body = { metadata: usage("cpu=1m") };
      await stack.core.patchNamespacedPod({ name: metadata!.name!, namespace, body }, merge);
    }
    await eventually("there is one", () => grown(1), PATIENCE);
  });

  test("has the recommender of the VerticalPodAutoscaler recommend a little more than that", async () => {
    const at = {
      group: "autoscaling.k8s.io",
      version: "v1",
      namespace,
      plural: "verticalpodautoscalers",
      name: "steady",
    };
    const target = await eventually(
      "it is recommended",
      async () => {
        const { status } = (await stack.custom.getNamespacedCustomObject(at)) as Recommended;
        return status?.recommendation?.containerRecommendations?.[0]?.target;
      },
      PATIENCE,
    );
    const between = (amount: string | undefined, least: string, most: string) => {
      expect(parseQuantity(amount ?? "0")).toBeGreaterThan(parseQuantity(least));
      expect(parseQuantity(amount ?? "0")).toBeLessThan(parseQuantity(most));
    };
    between(target["cpu"], "900m", "1200m");
    between(target["memory"], "700Mi", "1000Mi");
  });

  test("is there for kubectl top, of pods and of their nodes", async () => {
    const name = "looked-at";
    await stack.create(deployment(name, "cpu=250m memory=1Gi"));
    await isReady(name);
    const [pod] = await podsOf(name);
    const metrics = new Metrics(stack.config);
    const { items: pods } = await metrics.getPodMetrics(namespace);
    const found = pods.find(({ metadata }) => metadata.name === pod!.metadata!.name);
    expect(found?.containers).toEqual([{ name: "web", usage: { cpu: "250m", memory: "1Gi" } }]);
    const { items: nodes } = await metrics.getNodeMetrics();
    const node = nodes.find(({ metadata }) => metadata.name === pod!.spec!.nodeName);
    expect(parseQuantity(node!.usage.cpu)).toBeGreaterThanOrEqual(parseQuantity("250m"));
  });
});
