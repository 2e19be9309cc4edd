import { beforeEach, describe, expect, it } from "vitest";
import {
  KServe,
  type KServeArgs,
  KServeDeploymentMode,
  kserveRendering,
  KServeRuntime,
  kserveRuntimesRendering,
  kserveValues,
  validateKServe,
} from "../../../../components/platform/kubeflow";
import { type MockedProgram, problemsOf, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { objectsOf, renderedOnce } from "../../../support/rendering";
import { containersOf, flawsOf, objectOf, s3, seaweedFs, titles } from "./samples";

const platform = { certManager: true };

/** What the Pod Security level `restricted` asks of a container whose pod says nothing. */
const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

interface ServingPod {
  containers: { securityContext?: object }[];
}

/** Objects without the types, which are large and never change. */
function withoutTypes(args: KServeArgs) {
  const rendering = kserveRendering(args);
  return objectsOf({ ...rendering, sources: rendering.sources.slice(1) });
}

async function configOf(args: KServeArgs): Promise<Record<string, Record<string, unknown>>> {
  const objects = await withoutTypes({ platform, ...args });
  const { data } = objectOf(objects, "ConfigMap", "inferenceservice-config") as unknown as {
    data: Record<string, string>;
  };
  const entries = Object.entries(data).map(([key, text]) => [key, JSON.parse(text) as Record<string, unknown>]);
  return Object.fromEntries(entries) as Record<string, Record<string, unknown>>;
}

describe("KServe's charts", () => {
  it("run the controller twice on the nodes of controllers", async () => {
    const objects = await objectsOf(kserveRendering({ platform: { ...platform, systemPool: "system" } }));
    expect(titles(objects, "Deployment", "PodDisruptionBudget", "Certificate", "ClusterStorageContainer")).toEqual([
      "Deployment kserve/kserve-controller-manager",
      "PodDisruptionBudget kserve/kserve-controller-manager",
      "Certificate kserve/serving-cert",
      "ClusterStorageContainer default",
    ]);
    const controller = objectOf(objects, "Deployment", "kserve-controller-manager");
    expect(controller["spec"]).toMatchObject({
      replicas: 2,
      template: { spec: { nodeSelector: { "kubernetes.io/os": "linux", "mlstack.dev/pool": "system" } } },
    });
    const manager = containersOf(controller).find(({ name }) => name === "manager")!;
    expect(manager.image).toBe("kserve/kserve-controller:v0.20.0");
    expect(manager.resources).toEqual({ requests: { cpu: "100m", memory: "512Mi" }, limits: { memory: "512Mi" } });
    expect(flawsOf(objects)).toEqual([]);
    // Charts tell by Helm's records who owns a type; without Helm two charts would both bring it.
    const types = titles(objects, "CustomResourceDefinition");
    expect(new Set(types).size).toBe(types.length);
  });

  it("take a user's values before the component's", async () => {
    const resources = { requests: { memory: "1Gi" }, limits: { memory: "2Gi", cpu: "1" } };
    const objects = await withoutTypes({ platform, values: { kserve: { controller: { resources } } } });
    const manager = containersOf(objectOf(objects, "Deployment", "kserve-controller-manager")).at(0)!;
    expect(manager.resources).toEqual({
      requests: { cpu: "100m", memory: "1Gi" },
      limits: { cpu: "1", memory: "2Gi" },
    });
  });

  it("need neither Knative, nor images of models, nor tokens, nor an address outside", async () => {
    const config = await configOf({});
    expect(config["deploy"]).toEqual({ defaultDeploymentMode: "Standard" });
    expect(config["storageInitializer"]).toMatchObject({ enableModelcar: false });
    expect(config["security"]).toEqual({ autoMountServiceAccountToken: false });
    expect(config["localModel"]).toMatchObject({ enabled: false });
    expect(config["ingress"]).toMatchObject({ disableIngressCreation: true });
    expect(config["_example"]).toBeUndefined();
  });

  it("give models addresses under a domain, with HTTPS, by a gateway", async () => {
    const ingress = { domain: "models.lab.example", gateway: "edge/models" };
    expect((await configOf({ ingress, deploymentMode: KServeDeploymentMode.knative }))["ingress"]).toMatchObject({
      ingressDomain: "models.lab.example",
      urlScheme: "https",
      enableGatewayApi: true,
      kserveIngressGateway: "edge/models",
      disableIngressCreation: false,
    });
  });

  it("leave certificates and webhooks out where nobody would answer", async () => {
    const objects = await withoutTypes({ platform: { simulated: true } });
    expect(titles(objects, "Certificate", "Issuer", "ValidatingWebhookConfiguration")).toEqual([]);
  });

  it("download from a store in the cluster with the store's Secret, or from Amazon with the pods' role", () => {
    const valuesOf = (args: KServeArgs) => (kserveValues(args)["kserve"] as { storage: { s3: object } }).storage.s3;
    expect(valuesOf({ artifactStore: seaweedFs })).toEqual({
      accessKeyIdName: "accesskey",
      secretAccessKeyName: "secretkey",
      region: "us-east-1",
      endpoint: "seaweedfs-s3.artifacts.svc:8333",
      useHttps: "0",
      verifySSL: "0",
      useVirtualBucket: "false",
      useAnonymousCredential: "false",
    });
    expect(valuesOf({ artifactStore: s3 })).toEqual({
      region: "eu-central-1",
      useHttps: "1",
      verifySSL: "1",
      useVirtualBucket: "true",
      useAnonymousCredential: "false",
    });
  });

  it("bring the runtimes that are asked for, each with an exact image", async () => {
    const namesOf = async (args: KServeArgs) => titles(await objectsOf(kserveRuntimesRendering(args)));
    expect(await namesOf({})).toEqual([
      "ClusterServingRuntime kserve-huggingfaceserver",
      "ClusterServingRuntime kserve-lgbserver",
      "ClusterServingRuntime kserve-mlserver",
      "ClusterServingRuntime kserve-sklearnserver",
      "ClusterServingRuntime kserve-tensorflow-serving",
      "ClusterServingRuntime kserve-tritonserver",
      "ClusterServingRuntime kserve-xgbserver",
    ]);
    expect(await namesOf({ runtimes: [] })).toEqual([]);
    const all = { runtimes: Object.values(KServeRuntime), vllmImage: "docker.io/vllm/vllm-openai:v0.11.0" };
    const objects = await objectsOf(kserveRuntimesRendering(all));
    expect(objects).toHaveLength(Object.values(KServeRuntime).length);
    expect(flawsOf(objects)).toEqual([]);
    for (const { spec } of objects as unknown as { spec: ServingPod & { workerSpec?: ServingPod } }[]) {
      for (const { securityContext } of [...spec.containers, ...(spec.workerSpec?.containers ?? [])]) {
        expect(securityContext).toMatchObject(restricted);
      }
    }
    // vLLM's image runs as root unless it is told otherwise.
    const vllm = objectOf(objects, "ClusterServingRuntime", "kserve-vllmserver")["spec"] as {
      containers: { securityContext: object; env: object[] }[];
    };
    expect(vllm.containers[0]!.securityContext).toMatchObject({ runAsUser: 1000 });
    expect(vllm.containers[0]!.env).toContainEqual({ name: "HOME", value: "/tmp" });
  });

  it("download models in namespaces that are held to the level restricted", async () => {
    const storage = objectOf(await withoutTypes({ platform }), "ClusterStorageContainer", "default");
    expect(storage["spec"]).toMatchObject({ container: { securityContext: restricted } });
  });
});

describe("KServe", () => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks({ render: renderedOnce });
  });

  it("creates runtimes once the webhooks answer", async () => {
    const kserve = new KServe("kserve", { platform: { ...platform, chartMirror: await platformMirror() } });
    const runtime = await program.resource("kserve-runtimes-cluster-serving-runtime-kserve-tritonserver");
    expect(runtime.parent).toBe("kserve-runtimes");
    const webhook = "kserve-objects-validating-webhook-configuration-clusterservingruntime.serving.kserve.io";
    const { dependsOn } = await program.resource("kserve-runtimes");
    expect([...dependsOn, ...runtime.dependsOn]).toContain(webhook);
    expect((await program.inputsOf("kserve-namespace"))["metadata"]).toMatchObject({
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    expect(await valueOf(kserve.namespace)).toBe("kserve");
    expect(await valueOf(kserve.ready)).toBe(true);
  });

  it("needs no cert-manager where nodes are simulated, and keeps its certificate where its controller runs", async () => {
    const simulated = { simulated: true };
    const running = { simulated: true, runsControllers: true };
    for (const facts of [simulated, running]) {
      expect(validateKServe("kserve", { platform: facts })).toEqual([]);
    }
    const kinds = ["Certificate", "Issuer", "MutatingWebhookConfiguration"];
    expect(titles(await withoutTypes({ platform: simulated }), ...kinds)).toEqual([]);
    expect(titles(await withoutTypes({ platform: running }), ...kinds)).toEqual([
      "Certificate kserve/serving-cert",
      "Issuer kserve/selfsigned-issuer",
      "MutatingWebhookConfiguration inferenceservice.serving.kserve.io",
    ]);
  });

  it("names every problem at once", () => {
    const args: KServeArgs = {
      ingress: { domain: "example.com", gateway: "models" },
      runtimes: [KServeRuntime.vllm],
      modelResources: { cpu: "1", memory: "2GB" },
      version: "0.20",
    };
    expect(problemsOf(() => new KServe("kserve", args))).toEqual({
      message: 'KServe "kserve": 6 invalid inputs',
      reasons: [
        'version is "0.20"; allowed: an exact version such as 1.14.1. Name one release.',
        "platform.certManager is false; allowed: true for KServe's webhooks. Install CertManager first, and say so in platform.certManager.",
        "vllmImage is missing; allowed: an image with a tag other than latest, or a digest. Name the release, as KServe's own image is whatever is newest.",
        'ingress.domain is "example.com"; allowed: a domain that is yours. Name a domain of your own.',
        'ingress.gateway is "models"; allowed: a namespace, a slash and a name. Name its namespace too.',
        'modelResources.memory is "2GB"; allowed: a Kubernetes quantity above zero. Write it like "2Gi".',
      ],
    });
  });
});
