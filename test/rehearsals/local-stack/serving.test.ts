import { AppsV1Api, AutoscalingV2Api, CustomObjectsApi } from "@kubernetes/client-node";
import { beforeAll, describe, expect, test } from "vitest";
import { inferenceServiceManifest } from "../../../components";
import type { InferenceServiceArgs } from "../../../components";
import { eventually } from "../../support/cluster";
import { RehearsedFaults } from "../../support/rehearsed-faults";
import { sharedStack } from "./stack";

const namespace = "serving";

/** A scikit-learn model of which there are two to four copies. */
const model: InferenceServiceArgs = {
  namespace,
  model: { format: "sklearn" },
  storageUri: "s3://models/churn",
  replicas: 2,
  maxReplicas: 4,
  cpu: "500m",
  memory: "1Gi",
};

interface Status {
  conditions?: { type: string; status: string }[];
  modelStatus?: { lastFailureInfo?: { reason: string } };
}

describe("KServe", () => {
  const stack = sharedStack();
  beforeAll(() => stack.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } }));

  const submit = (name: string, args: object = {}) =>
    stack.create(inferenceServiceManifest(name, { ...model, ...args }));
  const statusOf = async (name: string): Promise<Status> => {
    const at = { group: "serving.kserve.io", version: "v1beta1", namespace, plural: "inferenceservices", name };
    const found = (await stack.config.makeApiClient(CustomObjectsApi).getNamespacedCustomObject(at)) as {
      status?: Status;
    };
    return found.status ?? {};
  };

  const conditionsOf = async (name: string) =>
    Object.fromEntries(((await statusOf(name)).conditions ?? []).map(({ type, status }) => [type, status]));

  test("serves a model: its Deployment, Service and HorizontalPodAutoscaler are there, and it says that it is ready", async () => {
    await submit("churn");
    await eventually("it is ready", async () => (await conditionsOf("churn"))["Ready"] === "True");
    const at = { namespace, name: "churn-predictor" };
    const deployment = await eventually("both copies are ready", async () => {
      const found = await stack.config.makeApiClient(AppsV1Api).readNamespacedDeployment(at);
      return found.status?.readyReplicas === 2 && found;
    });
    const [server] = deployment.spec!.template.spec!.containers;
    expect(server?.image).toMatch(/^kserve\/sklearnserver:v0\.20\.0$/);
    expect((await stack.core.readNamespacedService(at)).spec?.selector).toEqual({ app: "isvc.churn-predictor" });
    const scaler = await stack.config.makeApiClient(AutoscalingV2Api).readNamespacedHorizontalPodAutoscaler(at);
    expect(scaler.spec).toMatchObject({ minReplicas: 2, maxReplicas: 4, scaleTargetRef: { name: "churn-predictor" } });
  });

  test("has its webhook put the download of the model before the server", async () => {
    await submit("downloaded");
    const pods = await eventually("its pods are there", async () => {
      const { items } = await stack.core.listNamespacedPod({
        namespace,
        labelSelector: "app=isvc.downloaded-predictor",
      });
      return items.length > 0 && items;
    });
    const [download] = pods[0]?.spec?.initContainers ?? [];
    expect(download).toMatchObject({ name: "storage-initializer", args: ["s3://models/churn", "/mnt/models"] });
  });

  test("refuses by its webhook what it could not run", async () => {
    const wrong = inferenceServiceManifest("wrong", model) as { spec: { predictor: object } };
    wrong.spec.predictor = { ...wrong.spec.predictor, minReplicas: -2 };
    await expect(stack.create(wrong)).rejects.toThrow(
      /inferenceservice\.kserve-webhook-server\.validator.*'MinReplicas' cannot be less than 0/,
    );
  });

  test("says so where no runtime can serve the format of a model", async () => {
    await submit("unknown", { model: { format: "abacus" } });
    const reason = await eventually(
      "it says why",
      async () => (await statusOf("unknown")).modelStatus?.lastFailureInfo?.reason,
    );
    expect(reason).toBe("NoSupportingRuntime");
    expect((await conditionsOf("unknown"))["Ready"]).toBe("Unknown");
  });

  test("is not needed by what serves, and has ready what came when it died", async () => {
    await submit("survivor");
    await (await RehearsedFaults.on(stack)).killController("kserve");
    const isServing = async (name: string) => {
      const at = { namespace, name: `${name}-predictor` };
      return (await stack.apps.readNamespacedDeployment(at)).status?.readyReplicas === 2;
    };
    expect(await isServing("churn")).toBe(true);
    await eventually("it is ready", async () => (await conditionsOf("survivor"))["Ready"] === "True", 90_000);
    await eventually("both copies are ready", () => isServing("survivor"));
  });
});
