import { BucketAccess, Cluster, ClusterKind, SeaweedFs } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const store = new SeaweedFs(
  "artifacts",
  {
    dataVolume: { size: "500Gi" },
    grants: [
      { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite, prefix: "runs/" },
      { namespace: "serving", serviceAccount: "predictor", access: BucketAccess.read, prefix: "models/" },
    ],
  },
  { providers: [cluster.provider] },
);
