import { ArtifactBucket, BucketAccess, BucketStorageClass, Cluster, ClusterKind } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });

export const artifacts = new ArtifactBucket("artifacts", {
  eks: cluster.eks!,
  grants: [
    { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite, prefix: "runs/" },
    { namespace: "serving", serviceAccount: "predictor", access: BucketAccess.read, prefix: "models/" },
  ],
  transition: { afterDays: 30, storageClass: BucketStorageClass.intelligentTiering },
});
