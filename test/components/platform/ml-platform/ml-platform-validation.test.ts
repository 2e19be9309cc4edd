import { describe, expect, it } from "vitest";
import { MlPlatform, type MlPlatformArgs, validateMlPlatform } from "../../../../components";
import { problemsOf, startMocks } from "../../../support/mocks";
import { pool } from "../../../model/queue-plan-pools";

const pools = [pool({ name: "train", gpusPerNode: 8, maxNodes: 2 })];
const store = { kind: "s3" as const, bucket: "models", region: "us-east-1" };
const image = `registry.example.com/minio@sha256:${"0".repeat(64)}`;

const signIn = { gateway: "istio-ingress/console", serviceAccount: "istio-ingress/istio-ingress" };
const consoleAccess = {
  oidc: {
    issuer: "https://login.example.com/realms/ml",
    clientId: "mlstack",
    clientSecretFrom: { name: "sign-in", key: "client-secret" },
  },
  allowedGroups: ["ml-users"],
  emailDomains: ["example.com"],
  tlsSecret: "consoles-tls",
  consoles: [{ name: "grafana", host: "grafana.example.com", namespace: "monitoring", service: "grafana" }],
};

describe("a platform is refused", () => {
  it.each<[string, MlPlatformArgs, string[]]>([
    [
      "whose Trainer has no JobSet",
      { trainer: {} },
      ["jobSet is absent beside trainer 2.3.0; allowed: >=0.10.0. Add jobSet."],
    ],
    [
      "whose queues nobody keeps",
      { pools, queues: {} },
      ["kueue is missing beside queues; allowed: kueue beside queues. Add kueue: {}; Kueue is what keeps the queues."],
    ],
    [
      "whose sign-in has no gateway",
      { certManager: {}, consoleAccess },
      [
        "istio is missing beside consoleAccess; allowed: istio beside consoleAccess. Add istio: {}; sign-in is enforced by " +
          "the gateway of Istio.",
      ],
    ],
    [
      "whose pipelines have neither a controller nor a store",
      { pipelines: {} },
      [
        "pipelines.artifactStore is missing; allowed: the facts of an artifact store. Create an ArtifactStore, and hand on " +
          "its facts.",
        "argoWorkflows is missing beside pipelines; allowed: a controller for the pipelines' workflows. Add argoWorkflows: " +
          "{}, or set pipelines.ownArgo.",
      ],
    ],
    [
      "whose pipelines would wait for keys that nobody gives them",
      { pipelines: {}, argoWorkflows: {}, seaweedFs: {} },
      [
        "seaweedFs.grants is without the namespace kubeflow of pipelines; allowed: a grant for the pipelines' own " +
          "namespace. Grant kubeflow/ml-pipeline the access read-write.",
      ],
    ],
    [
      "with two stores",
      { seaweedFs: {}, minio: { image } },
      ["artifactStore is given as seaweedFs and minio; allowed: one store. Keep one of them."],
    ],
    [
      "with three stores",
      { artifactStore: store, seaweedFs: {}, minio: { image } },
      ["artifactStore is given as artifactStore and seaweedFs and minio; allowed: one store. Keep one of them."],
    ],
    [
      "that shows each GPU twice",
      { gpuOperator: {}, devicePlugin: {}, dcgmExporter: {} },
      [
        "gpuOperator.operands.devicePlugin is true beside a NvidiaDevicePlugin; allowed: one of the two. Set " +
          "gpuOperator.operands.devicePlugin to false, or leave the NvidiaDevicePlugin out.",
        "gpuOperator.operands.dcgmExporter is true beside a DcgmExporter; allowed: one of the two. Set " +
          "gpuOperator.operands.dcgmExporter to false, or leave the DcgmExporter out.",
      ],
    ],
    [
      "in which two operators own MPIJobs",
      { trainingOperator: { jobs: ["PyTorchJob", "MPIJob"] }, mpiOperator: {} },
      [
        'trainingOperator.jobs is ["PyTorchJob","MPIJob"] beside mpiOperator; allowed: MPIJob of one of the two, as both ' +
          "have the resource type mpijobs.kubeflow.org. Leave MPIJob out of trainingOperator.jobs, or leave out mpiOperator.",
      ],
    ],
    [
      "whose versions do not go together",
      { jobSet: {}, kueue: { version: "0.20.0" }, trainer: { version: "2.2.0" } },
      [
        "trainer.version is 2.2.0 beside kueue 0.20.0; allowed: >=2.3.0. Change one of the two versions; Kueue 0.20 is " +
          "built for the API of Trainer 2.3.",
      ],
    ],
    [
      "that its cluster is too old for",
      { platform: { kubernetesVersion: "1.32" }, argoWorkflows: {}, leaderWorkerSet: {}, katib: {} },
      [
        'platform.kubernetesVersion is "1.32"; allowed: 1.36, 1.35, 1.34, 1.33. Upgrade the cluster first.',
        "platform.kubernetesVersion is 1.32 beside argoWorkflows 4.0.5; allowed: >=1.33.0. Change one of the two " +
          "versions; Argo Workflows 4 is tested with the versions from 1.34 on, and its client with 1.33.",
      ],
    ],
    [
      "whose queues want more GPUs than a pool has",
      { pools, kueue: {}, queues: { queues: [{ name: "research", quotas: [{ pool: "train", gpus: 17 }] }] } },
      [
        "queues.queues is 17 GPUs of pool train in all (research 17); allowed: at most 16, as pool train has at most 2 " +
          "nodes of 8. Lower the quotas of pool train, or raise its maxNodes.",
      ],
    ],
    [
      "whose queues share out a pool that is not there",
      { pools, kueue: {}, queues: { queues: [{ name: "research", quotas: [{ pool: "trian" }] }] } },
      ['queues.queues[0].quotas[0].pool is "trian"; allowed: train. Name a pool that there is.'],
    ],
    [
      "whose tenant waits in a queue that is not there",
      { pools, kueue: {}, queues: {}, tenants: { team: { queues: [{ clusterQueue: "research" }] } } },
      [
        'tenants["team"].queues[0].clusterQueue is "research", where tenant team waits; allowed: default. Name a queue ' +
          "that there is.",
      ],
    ],
    [
      "whose tenant may have more GPUs than its queue can give",
      {
        pools,
        kueue: {},
        queues: { queues: [{ name: "research" }] },
        tenants: { team: { queues: [{ clusterQueue: "research" }], limits: { gpus: 17 } } },
      },
      [
        'tenants["team"].limits.gpus is 17 for tenant team; allowed: at most 16, which its queues can give with all that ' +
          "they may borrow (research 16). Lower the tenant's quota, or raise the quota of its queues.",
      ],
    ],
    [
      "whose queues have no pools to share out",
      { kueue: {}, queues: {} },
      ["pools is 0 pools; allowed: 1 to 64 pools. Give the pools that jobs run on."],
    ],
    [
      "whose page nobody certifies",
      { katib: { console: signIn }, istio: {} },
      [
        "certManager is missing beside katib; allowed: certManager, for Katib's web UI. Add certManager: {}, or say in " +
          "platform.certManager that it is there already.",
      ],
    ],
    [
      "whose Spark operator waits for a tenant that waits for it",
      { sparkOperator: { jobNamespaces: ["etl", "vision"] }, tenants: { vision: {} } },
      [
        'sparkOperator.jobNamespaces[1] is "vision"; allowed: namespaces that are there before, and no tenant\'s. Set ' +
          "jobNamespaceSelector in place of jobNamespaces: tenants have the label mlstack.dev/tenant.",
      ],
    ],
    [
      "with two parts that make one namespace",
      { jobSet: { namespace: "control" }, kueue: { namespace: "control" }, tenants: { control: {} } },
      [
        'kueue.namespace is "control"; allowed: a namespace of its own, and jobSet has this one. Name another one.',
        'tenants["control"].namespace is "control"; allowed: a namespace of its own, and jobSet has this one. Name another ' +
          "one.",
      ],
    ],
    [
      "with two tenants in one namespace",
      { tenants: { vision: {}, speech: { namespace: "vision" } } },
      [
        'tenants["speech"].namespace is "vision"; allowed: a namespace of its own, and tenant vision has this one. Name ' +
          "another one.",
      ],
    ],
    [
      "with a tenant in a namespace of the platform",
      { tenants: { kubeflow: {} } },
      [
        'tenants["kubeflow"].namespace is "kubeflow"; allowed: a namespace that is not Kubernetes\' or the platform\'s own. ' +
          "Give the tenant a namespace of its own: it is made and deleted with the tenant.",
      ],
    ],
  ])("%s", (_, args, reasons) => {
    expect(validateMlPlatform("ml", args).map(({ reason }) => reason)).toEqual(reasons);
  });
});

describe("problems of a platform", () => {
  const args: MlPlatformArgs = {
    pools,
    kueue: { replicas: 0 },
    katib: { namespace: "kube-system" },
    trainer: { resources: { cpu: "much" } },
    seaweedFs: {},
    artifactStore: store,
    tenants: { team: { limits: { gpus: -1 } } },
  };

  it("are all told at once, each under its part", () => {
    expect(validateMlPlatform("ml", args).map(({ propertyPath }) => propertyPath)).toEqual([
      "trainer.resources.cpu",
      "kueue.replicas",
      "katib.namespace",
      'tenants["team"].limits.gpus',
      "artifactStore",
      "jobSet",
    ]);
  });

  it("register nothing", async () => {
    const engine = await startMocks();
    const { message, reasons } = problemsOf(() => new MlPlatform("ml", args));
    expect(message).toBe('MlPlatform "ml": 6 invalid inputs');
    expect(reasons[1]).toBe("kueue.replicas is 0; allowed: a whole number from 1. Set replicas within that range.");
    expect(await engine.resources()).toEqual([]);
  });
});

describe("a platform is accepted", () => {
  it.each<[string, MlPlatformArgs]>([
    [
      "with every default",
      { pools, jobSet: {}, trainer: {}, kueue: {}, queues: {}, katib: {}, kserve: {}, certManager: {} },
    ],
    [
      "with an operator for GPUs that leaves them to the plugin",
      { gpuOperator: { operands: { devicePlugin: false } }, devicePlugin: {} },
    ],
    ["with cert-manager from elsewhere", { platform: { certManager: true }, sparkOperator: {}, kserve: {} }],
    ["with parts of Kubeflow in its one namespace", { katib: { namespace: "kubeflow" }, modelRegistry: {} }],
    [
      "with parts of Kubeflow in another namespace, of which one makes it",
      { katib: { namespace: "tuning" }, modelRegistry: { namespace: "tuning", existingNamespace: true } },
    ],
    ["with MPIJobs of the training operator", { trainingOperator: { jobs: ["MPIJob"] } }],
    ["with pipelines that bring an Argo", { artifactStore: store, pipelines: { ownArgo: true } }],
    [
      "with pipelines that may use SeaweedFS",
      {
        argoWorkflows: {},
        pipelines: {},
        seaweedFs: { grants: [{ namespace: "kubeflow", serviceAccount: "ml-pipeline", access: "read-write" }] },
      },
    ],
  ])("%s", (_, args) => {
    expect(validateMlPlatform("ml", args)).toEqual([]);
  });
});
