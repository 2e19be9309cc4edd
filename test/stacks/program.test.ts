import * as fc from "fast-check";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isSecret } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { childList, type Registered, startMocks, valueOf } from "../support/mocks";
import type program from "../../stacks/index";
import { handedOver, localConfig, mistaken, planted, type Written } from "./configurations";

let folder: string;
let kubeconfig: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "mlstack-program-"));
  kubeconfig = join(folder, "kubeconfig");
  writeFileSync(kubeconfig, "");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const onLocal = () => ({ ...localConfig, cluster: { kind: "local", kubeconfig } });
const onExisting = () => ({
  cluster: { kind: "existing", context: "ml-dev", kubeconfig },
  devicePlugin: {},
  scenarios: ["mnist", "two-gpu-pod"],
});

describe("the program on a local cluster", () => {
  test("registers the cluster, the pools, the device plugin and the workloads", async () => {
    const { resources } = await run(onLocal());
    expect(childList(resources).sort()).toEqual(
      [
        "mlstack:index:Cluster cluster",
        "pulumi:providers:kubernetes cluster-provider < cluster",
        "mlstack:index:SystemNodePool system",
        "kubernetes:core/v1:Node system-0 < system",
        "kubernetes:core/v1:Node system-1 < system",
        "kubernetes:core/v1:Node system-2 < system",
        "mlstack:index:GpuNodePool t4",
        "kubernetes:core/v1:Node t4-0 < t4",
        "kubernetes:core/v1:Node t4-1 < t4",
        "mlstack:index:GpuNodePool a10g",
        "kubernetes:core/v1:Node a10g-0 < a10g",
        "mlstack:index:NvidiaDevicePlugin device-plugin",
        "kubernetes:core/v1:Namespace device-plugin-namespace < device-plugin",
        "kubernetes:core/v1:ServiceAccount device-plugin-service-account < device-plugin",
        "kubernetes:apps/v1:DaemonSet device-plugin-daemon-set < device-plugin",
        "kubernetes:core/v1:Namespace ml",
        "kubernetes:core/v1:ConfigMap mnist-script",
        "mlstack:index:GpuJob mnist",
        "kubernetes:batch/v1:Job mnist-job < mnist",
        "kubernetes:core/v1:Pod two-gpu-pod",
      ].sort(),
    );
  });

  test("sends every Kubernetes object to the stack's own cluster", async () => {
    const { resources } = await run(onLocal());
    const objects = resources.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(new Set(objects.map(({ provider }) => provider))).toEqual(new Set(["cluster-provider"]));
    expect(named(resources, "cluster-provider").inputs["kubeconfig"]).toBe(kubeconfig);
  });

  test("says what stands", async () => {
    const { outputs } = await run(onLocal());
    expect(outputs.clusterKind).toBe("local");
    expect(
      await Promise.all(outputs.pools.map(async (pool) => ({ ...pool, nodes: await valueOf(pool.nodes) }))),
    ).toEqual([
      { name: "system", instanceType: "m7i.2xlarge", gpusPerNode: 0, nodes: 3, maxNodes: 3 },
      { name: "t4", instanceType: "g4dn.xlarge", gpusPerNode: 1, nodes: 2, maxNodes: 4 },
      { name: "a10g", instanceType: "g5.12xlarge", gpusPerNode: 4, nodes: 1, maxNodes: 2 },
    ]);
    expect(await Promise.all(outputs.workloads.map(valueOf))).toEqual(["Job ml/mnist", "Pod ml/two-gpu-pod"]);
  });

  test("tells programs of others how it is reached, what its pools offer, and what its tenants have", async () => {
    const tenants = {
      research: { queues: [{ clusterQueue: "all" }] },
      vision: { namespace: "cv", serviceAccounts: [] },
    };
    const parts = { kueue: {}, queues: { queues: [{ name: "all", quotas: [{ pool: "t4" }] }] }, tenants };
    const { outputs } = await run({ ...onLocal(), platform: { parts } });
    expect(await valueOf(outputs.kubeconfig!)).toBe(kubeconfig);
    expect(await isSecret(outputs.kubeconfig!)).toBe(true);
    expect(outputs.environment).toMatchObject({
      clusterKind: "local",
      parts: ["kueue", "queues"],
      pools: [{ name: "system" }, { name: "t4", gpusPerNode: 1, gpuModel: "t4" }, { name: "a10g", gpusPerNode: 4 }],
      tenants: {
        research: { namespace: "research", queues: ["default"], serviceAccounts: ["trainer"] },
        vision: { namespace: "cv", queues: [], serviceAccounts: [] },
      },
    });
  });

  test("has no output without a value, of which Pulumi would warn", async () => {
    const { outputs } = await run(onLocal());
    expect(Object.values(outputs)).not.toContain(undefined);
  });

  test("trains MNIST for 500 steps on the smallest pool, as Pod Security asks", async () => {
    const { resources } = await run(onLocal());
    const { spec } = named(resources, "mnist-job").inputs as unknown as JobInputs;
    const pod = spec.template;
    expect(pod.metadata.annotations).toMatchObject({ "mlstack.dev/simulate": "succeed after=2s" });
    expect(pod.spec.nodeSelector).toEqual({ "mlstack.dev/pool": "t4" });
    expect(pod.spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } });
    expect(pod.spec.containers[0]).toMatchObject({
      image: "docker.io/tensorflow/tensorflow:2.19.0-gpu",
      command: ["python", "/opt/mnist/mnist.py"],
      args: ["--steps=500"],
      resources: { limits: { "nvidia.com/gpu": "1" } },
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
    });
    expect(named(resources, "ml").inputs["metadata"]).toMatchObject({
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
  });

  test("gives the script that the Job runs to its config map", async () => {
    const { resources } = await run(onLocal());
    const { data } = named(resources, "mnist-script").inputs as { data: Record<string, string> };
    expect(data["mnist.py"]).toContain('"--steps"');
  });

  test("puts the pod with two GPUs on the smallest pool that has two in a machine", async () => {
    const { resources } = await run(onLocal());
    const { metadata, spec } = named(resources, "two-gpu-pod").inputs as unknown as PodInputs;
    expect(metadata.annotations).toEqual({ "mlstack.dev/simulate": "run" });
    expect(spec.nodeSelector).toEqual({ "mlstack.dev/pool": "a10g" });
    expect(spec.containers[0]).toMatchObject({
      resources: { requests: { "nvidia.com/gpu": "2" }, limits: { "nvidia.com/gpu": "2" } },
    });
  });

  test("tolerates the further taints of a pool, in workloads and device plugin", async () => {
    const taint = { key: "example.com/team", value: "vision", effect: "NoExecute" };
    const { resources } = await run(planted({ config: onLocal(), path: ["gpuPools", 1, "taints", 0], value: taint }));
    const toleration = { ...taint, operator: "Equal" };
    const pod = named(resources, "two-gpu-pod").inputs as unknown as PodInputs;
    const daemonSet = named(resources, "device-plugin-daemon-set").inputs as unknown as JobInputs;
    const job = named(resources, "mnist-job").inputs as unknown as JobInputs;
    expect(pod.spec.tolerations).toContainEqual(toleration);
    expect(daemonSet.spec.template.spec.tolerations).toContainEqual(toleration);
    expect(job.spec.template.spec.tolerations).not.toContainEqual(toleration);
  });

  test("tells scenarios of commit and storage class, and labels their namespace as they want it", async () => {
    const parts = { argoWorkflows: {}, katib: {}, kserve: {}, versityGateway: {} };
    const told = { commit: "0123abc", scenarioStorageClass: "efs-shared" };
    const { resources } = await run({ ...onLocal(), ...told, scenarios: ["heart-disease"], platform: { parts } });
    expect(named(resources, "heart-disease-data").inputs["spec"]).toMatchObject({ storageClassName: "efs-shared" });
    expect(named(resources, "heart-disease-read-job").inputs["metadata"]).toMatchObject({
      labels: { "mlstack.dev/git-commit": "0123abc" },
    });
    expect(named(resources, "ml").inputs["metadata"]).toMatchObject({
      labels: {
        "pod-security.kubernetes.io/enforce": "restricted",
        "katib.kubeflow.org/metrics-collector-injection": "enabled",
      },
    });
  });

  test.each([
    ["a store of its platform", { versityGateway: {} }, "artifacts", "versitygw.artifacts.svc.cluster.local:7070"],
    [
      "the store that Argo is told",
      { argoWorkflows: { artifactStore: { kind: "s3", bucket: "acme", region: "eu-central-1" } } },
      "acme",
      "s3.amazonaws.com",
    ],
  ])("tells the refit of %s", async (_, parts, bucket, endpoint) => {
    const platform = { parts: { argoWorkflows: {}, sparkOperator: {}, ...parts } };
    const { resources } = await run({ ...onLocal(), scenarios: ["refit"], platform });
    const template = JSON.stringify(named(resources, "refit-template").inputs["spec"]);
    expect(template).toContain(`s3a://${bucket}/refit/runs/`);
    expect(template).toContain(`"bucket":"${bucket}","endpoint":"${endpoint}"`);
  });

  test("registers no workload, and no namespace for workloads, where no scenario is switched on", async () => {
    const { resources, outputs } = await run({ ...onLocal(), scenarios: [] });
    expect(resources.map(({ name }) => name)).not.toContain("ml");
    expect(outputs.workloads).toEqual([]);
  });
});

describe("the program on an existing cluster", () => {
  test("tells the refit of the store that is there already", async () => {
    const scenarioArtifactStore = {
      ...{ bucket: "acme", region: "us-east-1", endpoint: "minio.storage.svc:9000", insecure: true },
      credentialsSecret: "minio-keys",
    };
    const scenarioImages = "ghcr.io/acme/mlstack";
    const { resources } = await run({ ...onExisting(), scenarios: ["refit"], scenarioImages, scenarioArtifactStore });
    const template = JSON.stringify(named(resources, "refit-template").inputs["spec"]);
    expect(template).toContain("s3a://acme/refit/runs/");
    expect(template).toContain('"value":"http://minio.storage.svc:9000"');
    expect(template).toContain('"secretKeyRef":{"key":"secretkey","name":"minio-keys"}');
  });

  test("registers no nodes and lets the workloads run on any GPU", async () => {
    const { resources } = await run(onExisting());
    expect(resources.filter(({ type }) => type.endsWith(":Node"))).toEqual([]);
    const { spec } = named(resources, "two-gpu-pod").inputs as unknown as PodInputs;
    expect(spec.nodeSelector).toBeUndefined();
    expect(named(resources, "cluster-provider").inputs).toMatchObject({ kubeconfig, context: "ml-dev" });
  });

  test("leaves the device plugin to the cluster unless one is configured", async () => {
    const { resources } = await run(planted({ config: onExisting(), path: ["devicePlugin"], value: undefined }));
    expect(resources.map(({ type }) => type)).not.toContain("mlstack:index:NvidiaDevicePlugin");
  });
});

describe("the program with a platform", () => {
  const parts = {
    jobSet: {},
    kueue: {},
    queues: { queues: [{ name: "research", quotas: [{ pool: "t4" }, { pool: "a10g" }] }] },
    tenants: { research: { limits: { gpus: 8 }, queues: [{ clusterQueue: "research" }] } },
  };

  test("registers its parts once nodes are there, with what they are told of the cluster", async () => {
    const { resources } = await run({ ...onLocal(), platform: { parts } });
    const platform = named(resources, "platform");
    expect(platform.type).toBe("mlstack:index:MlPlatform");
    expect(platform.dependsOn).toEqual(
      expect.arrayContaining(["system-0", "t4-0", "a10g-0", "device-plugin-daemon-set"]),
    );
    expect(named(resources, "platform-kueue").inputs["platform"]).toMatchObject({
      simulated: true,
      systemPool: "system",
    });
    const own = resources.filter(({ parent }) => parent === "platform").map(({ name }) => name);
    expect(own).toEqual(["platform-job-set", "platform-kueue", "platform-queues", "research"]);
  });

  test("shares out the pools of the stack", async () => {
    const { resources } = await run({ ...onLocal(), platform: { parts } });
    const flavors = resources.filter(({ type }) => type.endsWith(":ResourceFlavor")).map(({ name }) => name);
    expect(flavors.sort()).toEqual(["a10g", "system", "t4"].map((pool) => `platform-queues-flavor-${pool}`));
  });

  test("has the namespaces first in which its store keeps the keys of workloads", async () => {
    const grants = [{ namespace: "ml", serviceAccount: "argo-workflow", access: "read-write" }];
    const on = async (store: object) => run({ ...onLocal(), platform: { parts: { versityGateway: store } } });
    expect(named((await on({ grants })).resources, "platform").dependsOn).toContain("ml");
    expect(named((await on({})).resources, "platform").dependsOn).not.toContain("ml");
  });

  test("deploys scenarios once it is there, so that they go before it", async () => {
    const { resources } = await run({ ...onLocal(), platform: { parts } });
    const { dependsOn } = named(resources, "mnist");
    expect(dependsOn).toEqual(expect.arrayContaining(["research-namespace", "platform-queues-queue-research"]));
  });

  test("has the types of Karpenter's pools where nodes are simulated, and only with a platform", async () => {
    const withPlatform = await run({ ...onLocal(), platform: { parts } });
    expect(withPlatform.resources.map(({ name }) => name)).toContain("karpenter-types");
    const without = await run(onLocal());
    expect(without.resources.map(({ name }) => name)).not.toContain("karpenter-types");
    const existing = await run({ ...onExisting(), platform: { parts: { jobSet: {} } } });
    expect(existing.resources.map(({ name }) => name)).not.toContain("karpenter-types");
  });
});

describe("a configuration with a mistake", () => {
  // Each run loads the whole program anew.
  test("registers nothing at all, whatever the mistake", { timeout: 90_000 }, async () => {
    for (const mistake of fc.sample(mistaken, { numRuns: 40 })) {
      const { registered, failure } = await runFailing(planted(mistake));
      expect(failure).toMatchObject({ name: "ConfigurationError" });
      expect(registered).toEqual([]);
    }
  });

  test("registers nothing where the kubeconfig is missing, and says how to make one", async () => {
    const missing = join(folder, "nowhere");
    const { registered, failure } = await runFailing({
      ...localConfig,
      cluster: { kind: "local", kubeconfig: missing },
    });
    expect(registered).toEqual([]);
    expect((failure as Error).message).toContain(`allowed: the path of a kubeconfig that exists. Mend the path.`);
  });
});

interface PodInputs {
  metadata: { annotations: Record<string, string> };
  spec: {
    nodeSelector?: Record<string, string>;
    tolerations: unknown[];
    securityContext: unknown;
    containers: unknown[];
  };
}

interface JobInputs {
  spec: { template: PodInputs };
}

async function run(config: Written): Promise<{ outputs: typeof program; resources: Registered[] }> {
  const { imported, engine } = await start(config);
  const outputs = await imported;
  return { outputs, resources: await engine.resources() };
}

async function runFailing(config: Written): Promise<{ failure: unknown; registered: Registered[] }> {
  const { imported, engine } = await start(config);
  const failure: unknown = await imported.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { failure, registered: await engine.resources() };
}

/** Runs the program anew: its resources are made while its modules are loaded. */
async function start(config: Written) {
  const engine = await startMocks({ config: handedOver(config) });
  vi.resetModules();
  return { engine, imported: vi.importActual<typeof program>("../../stacks/index") };
}

function named(resources: Registered[], name: string): Registered {
  const found = resources.find((resource) => resource.name === name);
  if (found === undefined) throw new Error(`The program registered nothing named ${name}.`);
  return found;
}
