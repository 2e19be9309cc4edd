import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type * as Components from "../../../components";
import type * as IamPolicy from "../../../components/cluster/identity/iam-policy";
import * as platform from "../../../components/platform";
import * as workloads from "../../../components/workloads";
import { policiesIn, rightsByHolder, unreasonedWildcards } from "../../support/aws-rights";
import { autoFacts, eksFacts as eks } from "../../support/eks-facts";
import { type MockedProgram, startMocks, valueOf } from "../../support/mocks";
import { files, read } from "../../support/pages";
import { clusterAutoscalerRights, karpenterRights, useOfKey } from "./expected-rights";

const IAM_POLICY = "../../../components/cluster/identity/iam-policy";

interface Program {
  component: string;
  how: string;
  create: (components: typeof Components) => pulumi.Resource;
  /** Actions that are allowed and names of AWS's own policies, sorted, by who holds them. */
  rights: Record<string, string[]>;
}

const region = "us-east-1";
const existingVpc = {
  vpcId: "vpc-1",
  subnets: ["a", "b"].map((zone) => ({ availabilityZone: `us-east-1${zone}`, subnetId: `subnet-${zone}` })),
};
const ofNodes = ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy"];
const ofAutoMode = [
  "AmazonEKSBlockStoragePolicy",
  "AmazonEKSClusterPolicy",
  "AmazonEKSComputePolicy",
  "AmazonEKSLoadBalancingPolicy",
  "AmazonEKSNetworkingPolicy",
  "ec2:CreateFleet",
  "ec2:CreateLaunchTemplate",
  "ec2:CreateSnapshot",
  "ec2:CreateVolume",
  "ec2:RunInstances",
];
const brought = "arn:aws:kms:us-east-1:123456789012:key/1";
const ofKey = [...useOfKey, "kms:*"].sort();
const flowLogs = ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"];
const trainer = { namespace: "ml", serviceAccount: "trainer" };
const pool = { instanceType: "g5.12xlarge", maxNodes: 2 };

const programs: Program[] = [
  {
    component: "Cluster",
    how: "on EKS",
    create: ({ Cluster }) => new Cluster("lab", { kind: "eks", eks: { region, existingVpc } }),
    rights: {
      "lab-key": ofKey,
      "lab-node": ofNodes,
      "lab-role": ["AmazonEKSClusterPolicy"],
      "lab-vpc-cni-role": ["AmazonEKS_CNI_Policy"],
    },
  },
  {
    component: "Cluster",
    how: "on EKS with a key that is brought, shells on nodes, and a record of its traffic",
    create: ({ Cluster }) =>
      new Cluster("lab", {
        kind: "eks",
        eks: {
          region,
          kmsKeyArn: brought,
          sessionManager: true,
          vpc: { flowLogs: {} },
        },
      }),
    rights: {
      "lab-network-flow-logs-role": flowLogs,
      "lab-node": [...ofNodes, "AmazonSSMManagedInstanceCore"],
      "lab-role": ["AmazonEKSClusterPolicy"],
      "lab-vpc-cni-role": ["AmazonEKS_CNI_Policy"],
    },
  },
  {
    component: "Cluster",
    how: "in Auto Mode",
    create: ({ Cluster }) => new Cluster("lab", { kind: "eks", eks: { region, existingVpc, autoMode: true } }),
    rights: {
      "lab-key": ofKey,
      "lab-node": ofNodes,
      "lab-role": ofAutoMode,
    },
  },
  {
    component: "Cluster",
    how: "in Auto Mode with a key that is brought",
    create: ({ Cluster }) =>
      new Cluster("lab", { kind: "eks", eks: { region, existingVpc, autoMode: true, kmsKeyArn: brought } }),
    rights: { "lab-node": ofNodes, "lab-role": [...ofAutoMode, ...useOfKey] },
  },
  {
    component: "Vpc",
    how: "with flow logs",
    create: ({ Vpc }) => new Vpc("net", { region, flowLogs: {} }),
    rights: { "net-flow-logs-role": flowLogs },
  },
  {
    component: "EksAddOns",
    how: "with buckets to mount",
    create: ({ EksAddOns }) => new EksAddOns("storage", { eks, datasetBucketArns: ["arn:aws:s3:::corpus"] }),
    rights: {
      "storage-aws-ebs-csi-driver-role": [...useOfKey, "service-role/AmazonEBSCSIDriverPolicy"],
      "storage-aws-efs-csi-driver-role": ["service-role/AmazonEFSCSIDriverPolicy"],
      "storage-aws-fsx-csi-driver-role": [
        "fsx:CreateFileSystem",
        "fsx:DeleteFileSystem",
        "fsx:DescribeFileSystems",
        "fsx:TagResource",
        "fsx:UpdateFileSystem",
        "iam:CreateServiceLinkedRole",
        ...useOfKey,
      ],
      "storage-aws-mountpoint-s3-csi-driver-role": ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"],
    },
  },
  {
    component: "Karpenter",
    how: "with its queue",
    create: ({ Karpenter }) => new Karpenter("karpenter", { eks }),
    rights: {
      "karpenter-interruptions-policy": ["sqs:SendMessage"],
      "karpenter-role-role": actionsOf(karpenterRights),
    },
  },
  {
    component: "Karpenter",
    how: "without a way to the internet",
    create: ({ Karpenter }) => new Karpenter("karpenter", { eks: { ...eks, isolated: true } }),
    rights: {
      "karpenter-interruptions-policy": ["sqs:SendMessage"],
      "karpenter-role-role": actionsOf(karpenterRights).filter((action) => !/InstanceProfile|^pricing:/.test(action)),
    },
  },
  {
    component: "ClusterAutoscaler",
    how: "as it is",
    create: ({ ClusterAutoscaler }) => new ClusterAutoscaler("autoscaler", { eks }),
    rights: { "autoscaler-role-role": actionsOf(clusterAutoscalerRights) },
  },
  {
    component: "ArtifactBucket",
    how: "with every kind of access, one of them through a role that is there",
    create: ({ ArtifactBucket }) =>
      new ArtifactBucket("artifacts", {
        eks,
        bucketName: "acme-artifacts",
        grants: [
          { namespace: "ml", serviceAccount: "reader", access: "read" },
          { namespace: "ml", serviceAccount: "writer", access: "write" },
          { ...trainer, access: "read-write" },
        ],
        roleNames: { "ml/trainer": "role-of-trainer" },
      }),
    rights: {
      "artifacts-policy": [],
      "artifacts-ml-reader-role": ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"],
      "artifacts-ml-writer-role": [
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:AbortMultipartUpload",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
      "role-of-trainer": [
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
    },
  },
  {
    component: "S3ArtifactStore",
    how: "with a service account that reads and writes",
    create: ({ S3ArtifactStore }) =>
      new S3ArtifactStore("artifacts", { eks, grants: [{ ...trainer, access: "read-write" }] }),
    rights: {
      "artifacts-policy": [],
      "artifacts-ml-trainer-role": [
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "s3:AbortMultipartUpload",
        "s3:DeleteObject",
        "s3:GetObject",
        "s3:ListBucket",
        "s3:ListMultipartUploadParts",
        "s3:PutObject",
      ],
    },
  },
  {
    component: "Dataset",
    how: "that is mounted",
    create: ({ Dataset }) =>
      new Dataset("corpus", {
        eks,
        namespace: "ml",
        kind: "s3-mount",
        bucket: { bucketName: "corpus", serviceAccounts: ["trainer"] },
      }),
    rights: { "corpus-ml-trainer-role": ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"] },
  },
  {
    component: "Dataset",
    how: "that is imported",
    create: ({ Dataset }) =>
      new Dataset("corpus", { eks, namespace: "ml", kind: "fsx-import", bucket: { bucketName: "corpus" } }),
    rights: {},
  },
  {
    component: "Dataset",
    how: "that is copied",
    create: ({ Dataset }) =>
      new Dataset("corpus", {
        eks,
        namespace: "ml",
        kind: "ebs-snapshot",
        snapshot: { snapshotId: "snap-0123456789abcdef0" },
        sizeGib: 100,
      }),
    rights: {},
  },
  {
    component: "SharedVolume",
    how: "on EFS",
    create: ({ SharedVolume }) => new SharedVolume("shared", { eks, namespace: "ml" }),
    rights: { "shared-policy": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"] },
  },
  {
    component: "SharedVolume",
    how: "on FSx for Lustre",
    create: ({ SharedVolume }) => new SharedVolume("shared", { eks, namespace: "ml", kind: "fsx-lustre" }),
    rights: {},
  },
  {
    component: "PodIdentityRole",
    how: "with statements and a policy of AWS",
    create: ({ PodIdentityRole }) =>
      new PodIdentityRole("server", {
        ...trainer,
        eks,
        statements: [{ sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::models/current"] }],
        managedPolicyArns: ["arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"],
      }),
    rights: { "server-role": ["AmazonS3ReadOnlyAccess", "s3:GetObject"] },
  },
  {
    component: "GpuNodePool",
    how: "of a node group with a schedule",
    create: ({ GpuNodePool }) =>
      new GpuNodePool("train", {
        ...pool,
        eks,
        purpose: "serving",
        schedules: [{ name: "day", from: "08:00", to: "18:00", nodes: 1 }],
      }),
    rights: {},
  },
  {
    component: "GpuNodePool",
    how: "of Karpenter",
    create: ({ GpuNodePool }) => new GpuNodePool("train", { ...pool, eks, backEnd: "karpenter" }),
    rights: {},
  },
  {
    component: "GpuNodePool",
    how: "of Karpenter without a way to the internet, whose machines get the role of the cluster's nodes",
    create: ({ GpuNodePool }) =>
      new GpuNodePool("train", { ...pool, eks: { ...eks, isolated: true }, backEnd: "karpenter" }),
    rights: {},
  },
  {
    component: "GpuNodePool",
    how: "of Auto Mode",
    create: ({ GpuNodePool }) => new GpuNodePool("train", { ...pool, eks: autoFacts, backEnd: "auto" }),
    rights: { "train-node-role": ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodeMinimalPolicy"] },
  },
  {
    component: "SystemNodePool",
    how: "of a node group",
    create: ({ SystemNodePool }) => new SystemNodePool("system", { eks }),
    rights: {},
  },
];

/** The only part of the platform that is in AWS. */
const platformInAws = "S3ArtifactStore";

/** Components that are on the cluster alone. */
const withoutAws = [
  "EfaDevicePlugin",
  ...componentsOf(workloads),
  ...componentsOf(platform).filter((name) => name !== platformInAws),
];

/** What the components have written policies from, and the policies. */
const written: { statements: IamPolicy.IamStatement[]; document: pulumi.Output<string> }[] = [];
let components: typeof Components;

beforeAll(async () => {
  vi.resetModules();
  vi.doMock(IAM_POLICY, async (importOriginal) => {
    const original = await importOriginal<typeof IamPolicy>();
    const policyDocument: typeof original.policyDocument = (statements) => {
      const document = original.policyDocument(statements);
      written.push({ statements, document });
      return document;
    };
    return { ...original, policyDocument };
  });
  components = await vi.importActual<typeof Components>("../../../components");
});
afterAll(() => {
  vi.doUnmock(IAM_POLICY);
  vi.resetModules();
});

describe.each(programs)("rights in AWS of $component $how", ({ create, rights }) => {
  let program: MockedProgram;
  beforeEach(async () => {
    program = await startMocks();
    written.length = 0;
    create(components);
  });

  it("are these and no more", async () => {
    expect(await rightsByHolder(program)).toEqual(rights);
  });

  it("are all written as statements, which give a reason where they have a wildcard", async () => {
    const policies = policiesIn(await program.resources());
    const documents = await Promise.all(written.map(({ document }) => valueOf(document)));
    expect(documents.sort()).toEqual(policies.sort());
    expect(await unreasonedWildcards(written.flatMap(({ statements }) => statements))).toEqual([]);
  });
});

describe("the list of rights in AWS", () => {
  it("has every component that creates anything there", () => {
    const listed = new Set([...programs.map(({ component }) => component), ...withoutAws]);
    expect(componentsOf(components).sort()).toEqual([...listed].sort());
  });

  it("has every part of the platform that creates anything there", () => {
    const sources = files.filter((path) => /^components\/platform\/.*\.ts$/.test(path));
    const inAws = sources.filter((path) =>
      /@pulumi\/(aws|eks)"|new (ArtifactBucket|PodIdentityRole)\(/.test(read(path)),
    );
    expect(inAws).toEqual(["components/platform/artifact-store/s3-artifact-store.ts"]);
  });

  it("has no workload, as none creates anything there", () => {
    const sources = files.filter((path) => /^components\/workloads\/.*\.ts$/.test(path));
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.filter((path) => /@pulumi\/(aws|eks)"/.test(read(path)))).toEqual([]);
  });
});

/** Names of the components among what a module exports. */
function componentsOf(module: object): string[] {
  return Object.entries(module as Record<string, unknown>)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof pulumi.ComponentResource)
    .map(([name]) => name);
}

function actionsOf(rights: typeof karpenterRights): string[] {
  return [...new Set(rights.map(([action]) => action))].sort();
}
