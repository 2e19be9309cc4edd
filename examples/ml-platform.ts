import { ArtifactStoreKind, Cluster, ClusterKind, GpuNodePool, MlPlatform, SystemNodePool } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
const eks = cluster.eks!;
const providers = [cluster.provider];

const system = new SystemNodePool("system", { eks }, { providers });
const pool = { eks, instanceType: "g5.12xlarge", availabilityZones: ["us-east-1a"], maxNodes: 4 };
const train = new GpuNodePool("train", pool, { providers });

export const platform = new MlPlatform(
  "ml",
  {
    platform: { systemPool: "system" },
    pools: [system.shape, train.shape],
    artifactStore: { kind: ArtifactStoreKind.s3, bucket: "ml-artifacts", region: "us-east-1" },
    certManager: {},
    jobSet: {},
    sparkOperator: {},
    argoWorkflows: {},
    trainer: {},
    kueue: {},
    queues: { queues: [{ name: "research", quotas: [{ pool: "train" }] }] },
    kserve: { ingress: { domain: "models.example.org" } },
    tenants: {
      vision: {
        limits: { gpus: 8 },
        queues: [{ clusterQueue: "research" }],
        serviceAccounts: [{ name: "trainer" }, { name: "argo-workflow", runsWorkflows: true }],
      },
    },
  },
  { providers, dependsOn: [system, train] },
);
