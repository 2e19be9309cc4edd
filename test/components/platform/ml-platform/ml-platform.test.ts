import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { MlPlatform, type MlPlatformArgs } from "../../../../components";
import { completedArgs, storeOf } from "../../../../components/platform/ml-platform/completed-parts";
import { PLATFORM_PARTS, platformParts } from "../../../../components/platform/ml-platform/platform-parts";
import { type Registered, startMocks, valueOf } from "../../../support/mocks";
import { platformMirror } from "../../../support/platform-mirror";
import { renderedOnce } from "../../../support/rendering";
import { pool } from "../../../model/queue-plan-pools";

const pools = [pool({ name: "train", gpusPerNode: 8, maxNodes: 2 })];
const team = { queues: [{ clusterQueue: "research" }], limits: { gpus: 8 } };
const signIn = { gateway: "istio-ingress/console", serviceAccount: "istio-ingress/istio-ingress" };
const digest = `@sha256:${"0".repeat(64)}`;
const grants = [{ namespace: "kubeflow", serviceAccount: "ml-pipeline", access: "read-write" as const }];

describe("a platform", () => {
  it("has only the parts that were asked for, in the order in which they are created", async () => {
    const { platform, resources } = await created({ kueue: {}, jobSet: {}, certManager: {} });
    expect(platform.parts).toEqual(["certManager", "jobSet", "kueue"]);
    const own = resources.filter(({ parent }) => parent === "ml").map(({ name }) => name);
    expect(own).toEqual(["ml-cert-manager", "ml-job-set", "ml-kueue"]);
  });

  it("is ready, and tells the namespaces of its tenants", async () => {
    const { platform } = await created({ kueue: {}, tenants: { research: {}, vision: { namespace: "vision-team" } } });
    expect(await valueOf(platform.ready)).toBe(true);
    expect(await valueOf(platform.tenantNamespaces)).toEqual({ research: "research", vision: "vision-team" });
  });

  it("may be empty", async () => {
    const { platform, resources } = await created({});
    expect(platform.parts).toEqual([]);
    expect(platform.artifactStore).toBeUndefined();
    expect(resources).toHaveLength(1);
  });

  it("is registered as the real charts have it, with resource types kept when it goes", async () => {
    const engine = await startMocks({ render: renderedOnce });
    const platform = { chartMirror: await platformMirror(), systemPool: "system" };
    new MlPlatform("ml", { platform, jobSet: {}, kueue: {}, argoWorkflows: {} });
    const resources = await engine.resources();
    const deployments = resources.filter(({ type }) => type === "kubernetes:apps/v1:Deployment");
    expect(deployments.map(({ parent }) => parent).sort()).toEqual([
      "ml-argo-workflows-objects",
      "ml-argo-workflows-objects",
      "ml-job-set-objects",
      "ml-kueue-objects",
    ]);
    for (const { inputs } of deployments) {
      const { spec } = inputs as { spec: { template: { spec: { nodeSelector: object } } } };
      expect(spec.template.spec.nodeSelector).toMatchObject({ "mlstack.dev/pool": "system" });
    }
  });
});

describe("the order of a platform", () => {
  it("knows no part that comes after one that is created later", () => {
    const tooEarly = PLATFORM_PARTS.flatMap((part, index) => {
      const later = platformParts[part].after.filter((other) => PLATFORM_PARTS.indexOf(other) > index);
      return later.map((other) => `${part} after ${other}`);
    });
    expect(tooEarly).toEqual([]);
  });

  const everything: MlPlatformArgs = {
    pools,
    certManager: {},
    monitoring: {},
    istio: {},
    jobSet: {},
    leaderWorkerSet: {},
    trainer: {},
    trainingOperator: {},
    mpiOperator: {},
    sparkOperator: {},
    argoWorkflows: {},
    kueue: {},
    queues: { queues: [{ name: "research" }] },
    katib: {},
    kserve: {},
    pipelines: {},
    seaweedFs: { grants },
    tenants: { team },
  };

  it.each([
    [
      "controllers, whose webhooks may have certificates and whose metrics may be gathered,",
      "ml-job-set",
      ["ml-cert-manager", "ml-monitoring"],
    ],
    ["Trainer", "ml-trainer", ["ml-job-set"]],
    [
      "Kueue, which watches jobs of all kinds",
      "ml-kueue",
      [
        "ml-job-set",
        "ml-leader-worker-set",
        "ml-trainer",
        "ml-training-operator",
        "ml-mpi-operator",
        "ml-spark-operator",
      ],
    ],
    ["queues", "ml-queues", ["ml-kueue"]],
    ["Katib, whose trials are jobs", "ml-katib", ["ml-trainer", "ml-training-operator"]],
    ["KServe", "ml-kserve", ["ml-istio", "ml-leader-worker-set"]],
    ["tenants", "team", ["ml-queues", "ml-kueue", "ml-katib", "ml-kserve", "ml-argo-workflows", "ml-trainer"]],
    ["the store, whose keys lie in namespaces of tenants", "ml-seaweed-fs", ["team", "ml-kubeflow-namespace"]],
    ["pipelines, whose pods wait for the keys", "ml-pipelines", ["ml-seaweed-fs", "ml-argo-workflows", "team"]],
  ])("puts %s after what it needs", async (_, name, earlier) => {
    const resources = await registered(everything);
    const own = resources.find((each) => each.name === name)!;
    for (const other of earlier) {
      const ofOther = resources.filter(
        (each) => each.type.startsWith("kubernetes:") && (each.name === other || isUnder(each, other, resources)),
      );
      expect(ofOther.length, other).toBeGreaterThan(0);
      expect(own.dependsOn).toEqual(expect.arrayContaining(ofOther.map((each) => each.name)));
    }
  });

  const memo = new Map<MlPlatformArgs, Promise<Registered[]>>();
  function registered(args: MlPlatformArgs): Promise<Registered[]> {
    const known = memo.get(args) ?? created(args).then(({ resources }) => resources);
    memo.set(args, known);
    return known;
  }
});

describe("what parts are told", () => {
  it("is the cluster that the platform is told of", () => {
    const platform = { kubernetesVersion: "1.36", systemPool: "system", chartMirror: "mirror" };
    expect(factsOf("kueue", { platform, kueue: {} })).toEqual({ ...platform, certManager: false, prometheus: false });
  });

  it("is that certificates are issued, and metrics gathered, once parts before them do so", () => {
    const args = { certManager: {}, monitoring: {}, kueue: {}, metricsServer: {} };
    expect(factsOf("kueue", args)).toMatchObject({ certManager: true, prometheus: true });
    expect(factsOf("metricsServer", args)).toMatchObject({ certManager: true, prometheus: true });
    expect(factsOf("monitoring", args)).toMatchObject({ certManager: true, prometheus: false });
    expect(factsOf("certManager", args)).toMatchObject({ certManager: false, prometheus: false });
  });

  it("is what was there before, where the platform is told of it", () => {
    const platform = { certManager: true, prometheus: true };
    expect(factsOf("certManager", { platform, certManager: {} })).toMatchObject(platform);
    expect(factsOf("kueue", { platform, kueue: {} })).toMatchObject(platform);
  });

  it("gives way to what a part is told itself", () => {
    const args = { certManager: {}, kueue: { platform: { certManager: false, simulated: true } } };
    expect(factsOf("kueue", args)).toMatchObject({ certManager: false, simulated: true });
  });

  it("is which jobs of the training operator wait in queues", () => {
    const args = { kueue: {}, trainingOperator: { jobs: ["PyTorchJob" as const, "JAXJob" as const] } };
    expect(completedArgs("kueue", args)).toMatchObject({
      additionalFrameworks: ["kubeflow.org/pytorchjob", "kubeflow.org/jaxjob"],
    });
    expect(completedArgs("kueue", { kueue: {} })).toMatchObject({ additionalFrameworks: [] });
  });

  it("is which pools queues share out, and what tenants are to have", () => {
    const args = { pools, kueue: {}, queues: {}, tenants: { team: { ...team, namespace: "team-a" } } };
    expect(completedArgs("queues", args)).toMatchObject({
      pools,
      tenants: [{ namespace: "team-a", gpus: 8, clusterQueues: ["research"] }],
    });
  });

  it("is which taints keep pods away from GPU nodes, where metrics of GPUs are read", () => {
    const team = { key: "example.com/team", value: "vision", effect: "NoSchedule" as const };
    const tainted = [
      pool({ name: "train", gpusPerNode: 8, maxNodes: 2 }),
      pool({ name: "serve", gpusPerNode: 1, maxNodes: 2 }),
      { ...pool({ name: "system", gpusPerNode: 0, maxNodes: 2 }), taints: [{ ...team, value: "other" }] },
    ].map((shape) => (shape.gpusPerNode > 0 ? { ...shape, taints: [...shape.taints, team] } : shape));
    for (const part of ["dcgmExporter", "gpuOperator"] as const) {
      expect(completedArgs(part, { pools: tainted, [part]: {} })).toHaveProperty("tolerations", [team]);
      expect(completedArgs(part, { pools: tainted, [part]: { tolerations: [] } })).toHaveProperty("tolerations", []);
    }
  });

  it("is which namespaces of parts never wait in queues, beside those that are named for Kueue", () => {
    const args: MlPlatformArgs = {
      istio: { namespace: "mesh", nodeNamespace: "mesh-nodes" },
      katib: { namespace: "tuning" },
      jobSet: {},
      kueue: { excludedNamespaces: ["legacy", "tuning"] },
    };
    expect(completedArgs("kueue", args)).toMatchObject({
      excludedNamespaces: ["legacy", "tuning", "mesh", "mesh-nodes"],
    });
    expect(completedArgs("kueue", { jobSet: {}, kueue: {} })).not.toHaveProperty("excludedNamespaces");
  });

  it("is for Argo that steps of pipelines run as the user of their image, unless pipelines bring an Argo", () => {
    const artifactStore = { kind: "s3" as const, bucket: "models", region: "us-east-1" };
    const defaultsOf = (args: MlPlatformArgs) => completedArgs("argoWorkflows", args)["workflowDefaults"];
    const own = { argoWorkflows: { workflowDefaults: { fsGroup: 100 } } };
    expect(defaultsOf({ artifactStore, ...own, pipelines: {} })).toEqual({ runsAsAnyUser: true, fsGroup: 100 });
    expect(defaultsOf({ artifactStore, ...own, pipelines: { ownArgo: true } })).toEqual({ fsGroup: 100 });
    const strict = { workflowDefaults: { runsAsAnyUser: false } };
    expect(defaultsOf({ artifactStore, argoWorkflows: strict, pipelines: {} })).toEqual({ runsAsAnyUser: false });
    expect(defaultsOf({ argoWorkflows: {} })).toBeUndefined();
  });

  it("is a name for Argo's own workflows where pipelines bring an Argo too", () => {
    const artifactStore = { kind: "s3" as const, bucket: "models", region: "us-east-1" };
    const beside = (ownArgo: boolean) => {
      const args = { artifactStore, argoWorkflows: {}, pipelines: { ownArgo } };
      return completedArgs("argoWorkflows", args)["instanceId"];
    };
    expect(beside(true)).toBe("mlstack");
    expect(beside(false)).toBeUndefined();
  });
});

describe("the store for artifacts", () => {
  const users = { argoWorkflows: {}, kserve: {}, pipelines: {} };

  it.each([
    ["S3", { artifactStore: { kind: "s3" as const, bucket: "models", region: "us-east-1" } }, "s3"],
    ["SeaweedFS", { seaweedFs: {} }, "seaweedfs"],
    ["the Versity S3 Gateway", { versityGateway: {} }, "versitygw"],
    ["MinIO", { minio: { image: `registry.example.com/minio${digest}` } }, "minio"],
  ])("is %s for workflows, models and pipelines alike", (_, store, kind) => {
    const args: MlPlatformArgs = { ...users, ...store };
    const facts = storeOf(args);
    expect(facts?.kind).toBe(kind);
    for (const part of ["argoWorkflows", "kserve", "pipelines"] as const) {
      expect(completedArgs(part, args)["artifactStore"]).toEqual(facts);
    }
  });

  it("is none where there is none, and then nobody is told of one", () => {
    expect(storeOf({ argoWorkflows: {} })).toBeUndefined();
    expect(completedArgs("argoWorkflows", { argoWorkflows: {} })).not.toHaveProperty("artifactStore");
  });

  it("is reached by TLS where MinIO gets a certificate, as the platform issues some", () => {
    const minio = { image: `registry.example.com/minio${digest}` };
    expect(storeOf({ minio })?.insecure).toBe(true);
    expect(storeOf({ minio, certManager: {} })?.insecure ?? false).toBe(false);
  });

  it("is what Argo puts artifacts into", async () => {
    const { resources } = await created({ argoWorkflows: {}, seaweedFs: { bucket: "models" } });
    const { data } = named(resources, "ml-argo-workflows-configuration").inputs as { data: { config?: string } };
    const config = data.config === undefined ? data : (parse(data.config) as Record<string, unknown>);
    const text = JSON.stringify(config);
    expect(text).toContain("seaweedfs-s3.artifacts.svc.cluster.local:8333");
    expect(text).toContain("models");
  });
});

describe("the namespace kubeflow", () => {
  const parts: MlPlatformArgs = { katib: {}, trainingOperator: { namespace: "kubeflow" }, modelRegistry: {} };

  it("is made once, for all parts that share it, and held to the level baseline", async () => {
    const { resources } = await created({ ...parts, certManager: {}, notebooks: {} });
    const namespaces = resources.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
    const made = namespaces.filter(({ inputs }) => nameOf(inputs) === "kubeflow");
    expect(made.map(({ name, parent }) => `${name} < ${parent}`)).toEqual(["ml-kubeflow-namespace < ml"]);
    expect(labelsOf(resources)["pod-security.kubernetes.io/enforce"]).toBe("baseline");
    expect(labelsOf(resources)).not.toHaveProperty("istio-injection");
  });

  it("is there before the parts that live in it, and no other part waits for it", async () => {
    const { resources } = await created({ katib: {}, jobSet: {} });
    expect(named(resources, "ml-katib").dependsOn).toContain("ml-kubeflow-namespace");
    expect(named(resources, "ml-job-set").dependsOn).not.toContain("ml-kubeflow-namespace");
  });

  it("has Istio's proxy in its pods once a page there is shown to people", async () => {
    const { resources } = await created({ certManager: {}, istio: {}, katib: { console: signIn }, modelRegistry: {} });
    expect(labelsOf(resources)["istio-injection"]).toBe("enabled");
  });

  it("is not made where nobody lives in it", async () => {
    const { resources } = await created({ jobSet: {}, katib: { namespace: "tuning" } });
    const namespaces = resources.filter(({ type }) => type === "kubernetes:core/v1:Namespace");
    expect(namespaces.map(({ inputs }) => nameOf(inputs)).sort()).toEqual(["jobset-system", "tuning"]);
  });

  function labelsOf(resources: Registered[]): Record<string, string> {
    const { metadata } = named(resources, "ml-kubeflow-namespace").inputs as { metadata: { labels: object } };
    return metadata.labels as Record<string, string>;
  }
});

async function created(args: MlPlatformArgs): Promise<{ platform: MlPlatform; resources: Registered[] }> {
  const engine = await startMocks();
  const platform = new MlPlatform("ml", args);
  return { platform, resources: await engine.resources() };
}

function factsOf(part: Parameters<typeof completedArgs>[0], args: MlPlatformArgs): unknown {
  return completedArgs(part, args)["platform"];
}

function isUnder({ parent }: Registered, name: string, resources: Registered[]): boolean {
  if (parent === undefined || parent === name) return parent === name;
  const above = resources.find((each) => each.name === parent);
  return above !== undefined && isUnder(above, name, resources);
}

function named(resources: Registered[], name: string): Registered {
  const found = resources.find((each) => each.name === name);
  if (found === undefined) throw new Error(`The platform has no resource ${name}.`);
  return found;
}

function nameOf(inputs: Registered["inputs"]): string | undefined {
  return (inputs["metadata"] as { name?: string } | undefined)?.name;
}
