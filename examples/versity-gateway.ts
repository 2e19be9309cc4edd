import { BucketAccess, Cluster, ClusterKind, VersityGateway } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

// One pod and one volume: for a trial, or a cluster of one node.
export const store = new VersityGateway(
  "artifacts",
  {
    volume: { size: "50Gi" },
    grants: [
      { namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite },
      { namespace: "serving", serviceAccount: "default", access: BucketAccess.read },
    ],
  },
  { providers: [cluster.provider] },
);
