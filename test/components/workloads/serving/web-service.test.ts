import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import { WebService, type WebServiceArgs, webServiceManifests } from "../../../../components/workloads/serving";
import { childList, isKnown, type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";

const image = "ghcr.io/acme/churn:1.4.0";
const trainFirst = { command: ["python", "-m", "churn.train"] };

let program: MockedProgram;
beforeEach(async () => {
  program = await startMocks();
});

describe("WebService", () => {
  it("creates pods, a Service for them and a budget for their disruption", async () => {
    new WebService("churn", { image });
    expect(childList(await program.resources())).toEqual([
      "mlstack:index:WebService churn",
      "kubernetes:apps/v1:Deployment churn-deployment < churn",
      "kubernetes:core/v1:Service churn-service < churn",
      "kubernetes:policy/v1:PodDisruptionBudget churn-budget < churn",
    ]);
  });

  it("creates what else is asked for", async () => {
    const memoryScaling = { maxMemory: "16Gi" };
    new WebService("churn", {
      image,
      maxReplicas: 4,
      memoryScaling,
      route: { hosts: ["churn.example.com"] },
      trainFirst,
    });
    const children = childList(await program.resources()).map((child) => child.split(" ").slice(0, 2).join(" "));
    expect(children.sort()).toEqual([
      "kubernetes:apps/v1:Deployment churn-deployment",
      "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler churn-memory-autoscaler",
      "kubernetes:autoscaling/v2:HorizontalPodAutoscaler churn-autoscaler",
      "kubernetes:batch/v1:Job churn-training",
      "kubernetes:core/v1:Service churn-service",
      "kubernetes:networking.istio.io/v1:VirtualService churn-route",
      "kubernetes:policy/v1:PodDisruptionBudget churn-budget",
      "mlstack:index:WebService churn",
    ]);
  });

  it("rolls pods out after the training, and awaits the Service after the pods", async () => {
    new WebService("churn", { image, trainFirst });
    expect((await program.resource("churn-deployment")).dependsOn).toEqual(["churn-training"]);
    expect((await program.resource("churn-service")).dependsOn).toEqual(["churn-deployment"]);
  });

  it("trains anew in the next update what failed, and waits for it until after its deadline", async () => {
    new WebService("churn", { image, trainFirst: { ...trainFirst, activeDeadlineSeconds: 600 } });
    const job = await program.resource("churn-training");
    expect(job.inputs["metadata"]).toMatchObject({ annotations: { "pulumi.com/replaceUnready": "true" } });
    expect(job).toMatchObject({ createTimeout: "900s", deleteBeforeReplace: true });
  });

  it("waits for a rollout until a minute after its deadline", async () => {
    new WebService("churn", { image, progressSeconds: 1200 });
    expect((await program.resource("churn-deployment")).createTimeout).toBe("1260s");
  });

  it("does not wait for pods that may all be gone", async () => {
    new WebService("churn", {
      image,
      replicas: 0,
      maxReplicas: 2,
      prometheus: { query: "sum(queue_length)", threshold: 5 },
    });
    const { metadata } = await program.inputsOf("churn-service");
    expect(metadata).toMatchObject({ annotations: { "pulumi.com/skipAwait": "true" } });
  });

  it("tells its name, namespace and address, and which training it serves", async () => {
    const service = new WebService("churn", {
      image,
      objectName: "churn-2",
      namespace: "ml",
      ports: [{ name: "http", port: 8000, servicePort: 8080 }],
      trainFirst,
    });
    expect(await valueOf(service.objectName)).toBe("churn-2");
    expect(await valueOf(service.namespace)).toBe("ml");
    expect(await valueOf(service.url)).toBe("http://churn-2.ml.svc:8080");
    expect(await valueOf(service.trainingId)).toMatch(/^[0-9a-f]{10}$/);
  });

  it("tells of no training where nothing trains", async () => {
    expect(await valueOf(new WebService("churn", { image }).trainingId)).toBe("");
  });

  it("names a training once its image is known, and not in a preview before", async () => {
    program = await startMocks({ preview: true });
    const source = new k8s.core.v1.ConfigMap("source", {});
    const service = new WebService("churn", { image: source.id, trainFirst });
    expect(await isKnown(service.trainingId)).toBe(false);

    program = await startMocks();
    new WebService("churn", { image: pulumi.output(image), trainFirst });
    const known = webServiceManifests("churn", { image, trainFirst }).training?.metadata.name;
    expect((await program.inputsOf("churn-training"))["metadata"]).toMatchObject({ name: known });
  });

  it("collects every problem, throws once and registers nothing", async () => {
    const { message, reasons } = problemsOf(() => new WebService("churn", { image: "", maxSurge: -1 }));
    expect(message).toBe('WebService "churn": 2 invalid inputs');
    expect(reasons).toEqual([
      'image is ""; allowed: an image with a tag or digest. Name the image to run.',
      "maxSurge is -1; allowed: a whole number from 0. Set maxSurge within that range.",
    ]);
    expect(await program.resources()).toEqual([]);
  });
});

describe("the name of a training", () => {
  const serve = { image, command: ["serve"], env: { DEPTH: "6" }, lineage: { commit: "0123abc" } };
  const nameOf = (changes: Partial<WebServiceArgs>) =>
    webServiceManifests("churn", { ...serve, trainFirst, ...changes }).training?.metadata.name;

  it.each<[string, Partial<WebServiceArgs>]>([
    ["another image", { image: "ghcr.io/acme/churn:1.5.0" }],
    ["another commit", { lineage: { commit: "0123abd" } }],
    ["other parameters", { lineage: { commit: "0123abc", parameters: { depth: "7" } } }],
    ["other data", { lineage: { commit: "0123abc", data: "s3://lake/churn/?versionId=8" } }],
    ["another variable of the service", { env: { DEPTH: "7" } }],
    ["another program", { trainFirst: { command: ["python", "-m", "churn.train", "--fast"] } }],
  ])("is another one for %s", (_change, changes) => {
    expect(nameOf(changes)).not.toBe(nameOf({}));
  });

  it.each<[string, Partial<WebServiceArgs>]>([
    ["the same with its properties in another order", { env: { DEPTH: "6" }, lineage: { commit: "0123abc" } }],
    ["other hardware", { trainFirst: { ...trainFirst, gpus: 4, memory: "64Gi" } }],
    ["other limits", { trainFirst: { ...trainFirst, backoffLimit: 0, activeDeadlineSeconds: 60 } }],
    ["more pods that serve", { replicas: 9 }],
    ["another program of the service", { command: ["serve", "--verbose"] }],
  ])("stays for %s", (_change, changes) => {
    expect(nameOf(changes)).toBe(nameOf({}));
  });

  it("is what the pods find their estimator by", () => {
    const { training, deployment, trainingId } = webServiceManifests("churn", { ...serve, trainFirst });
    const variable = { name: "TRAINING_ID", value: trainingId };
    expect(training?.metadata.name).toBe(`churn-train-${trainingId as string}`);
    expect(training?.spec).toMatchObject({
      template: { spec: { containers: [{ env: [variable, { name: "DEPTH" }] }] } },
    });
    expect(deployment.spec).toMatchObject({
      template: { spec: { containers: [{ env: [variable, { name: "DEPTH" }] }] } },
    });
  });
});

describe("what a training has", () => {
  const volumes = [{ name: "models", mountPath: "/models", persistentVolumeClaim: "models", readOnly: true }];
  const trainingOf = (changes: Partial<WebServiceArgs>) => {
    const args: WebServiceArgs = {
      image,
      volumes,
      env: { A: "1" },
      serviceAccountName: "churn",
      trainFirst,
      ...changes,
    };
    const { spec } = webServiceManifests("churn", args).training!;
    return (spec.template as unknown as { spec: { containers: Record<string, unknown>[]; serviceAccountName: string } })
      .spec;
  };

  it("is the service's where it says nothing itself", () => {
    const { containers, serviceAccountName } = trainingOf({});
    expect(containers[0]).toMatchObject({
      image,
      command: trainFirst.command,
      volumeMounts: [{ name: "models", mountPath: "/models", readOnly: true }],
    });
    expect(containers[0]?.["env"]).toContainEqual({ name: "A", value: "1" });
    expect(serviceAccountName).toBe("churn");
  });

  it("is its own where it does", () => {
    const writable = [{ name: "models", mountPath: "/out", persistentVolumeClaim: "models" }];
    const { containers } = trainingOf({
      trainFirst: { ...trainFirst, image: "ghcr.io/acme/train:2", volumes: writable },
    });
    expect(containers[0]).toMatchObject({
      image: "ghcr.io/acme/train:2",
      volumeMounts: [{ name: "models", mountPath: "/out" }],
    });
  });

  it("is no simulation of the service, which runs for ever", () => {
    const { training } = webServiceManifests("churn", {
      image,
      annotations: { "mlstack.dev/simulate": "run" },
      trainFirst,
    });
    expect(JSON.stringify(training)).not.toContain("mlstack.dev/simulate");
  });
});
