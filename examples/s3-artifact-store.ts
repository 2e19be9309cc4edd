import { BucketAccess, Cluster, ClusterKind, S3ArtifactStore } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });

export const store = new S3ArtifactStore("artifacts", {
  eks: cluster.eks!,
  grants: [
    { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite, prefix: "runs/" },
    { namespace: "serving", serviceAccount: "predictor", access: BucketAccess.read, prefix: "models/" },
  ],
});
