import { ArtifactBucket, BucketAccess, Cluster, ClusterKind, Dataset, DatasetKind } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
const artifacts = new ArtifactBucket("artifacts", {
  eks: cluster.eks!,
  grants: [{ namespace: "default", serviceAccount: "trainer", access: BucketAccess.readWrite }],
});

export const images = new Dataset(
  "images",
  {
    eks: cluster.eks!,
    kind: DatasetKind.s3Mount,
    namespace: "default",
    bucket: { bucketName: "acme-datasets", prefix: "images/2026/", serviceAccounts: ["trainer"] },
    roleNames: { "default/trainer": artifacts.roleNames.apply((names) => names["default/trainer"]!) },
  },
  { providers: [cluster.provider] },
);

export const corpus = new Dataset(
  "corpus",
  {
    eks: cluster.eks!,
    kind: DatasetKind.ebsSnapshot,
    namespace: "default",
    snapshot: { snapshotId: "snap-0123456789abcdef0", copies: 2 },
    sizeGib: 500,
  },
  { providers: [cluster.provider] },
);
