import { Config } from "@pulumi/pulumi";
import { BucketAccess, Cluster, ClusterKind, Minio } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const config = new Config("minio");

// Images with digests, from a build that you trust: nobody publishes one any more.
export const store = new Minio(
  "artifacts",
  {
    image: config.get("image") ?? `registry.example.com/minio@sha256:${"0".repeat(64)}`,
    clientImage: config.get("clientImage") ?? `registry.example.com/mc@sha256:${"0".repeat(64)}`,
    grants: [{ namespace: "ml", serviceAccount: "trainer", access: BucketAccess.readWrite }],
    platform: { certManager: true },
  },
  { providers: [cluster.provider] },
);
