import type * as pulumi from "@pulumi/pulumi";
import type { ArtifactStoreFacts } from "./artifact-store-facts";

/** What every store for artifacts offers, so that a program can change from one to another in one place. */
export interface ArtifactStore {
  /** What programs must know of the store. */
  readonly facts: ArtifactStoreFacts;
  /** Name of the Secret with the keys of each granted service account, by `namespace/serviceAccount`. */
  readonly credentialsSecrets: Record<string, string>;
  /** True once the store answers, its buckets are there and its grants hold. */
  readonly ready: pulumi.Output<boolean>;
  /**
   * Name of the Secret with the keys of a service account, in its own namespace; undefined where its pods have a role, or
   * where it was granted nothing.
   */
  credentialsSecretOf(namespace: string, serviceAccount: string): string | undefined;
}

/** Port of the S3 API, by kind of store in the cluster. */
export const S3_PORTS = { seaweedfs: 8333, minio: 9000, versitygw: 7070 } as const;

/** Bucket for artifacts where nothing else is asked for. */
export const DEFAULT_BUCKET = "artifacts";

/** Region that stores in the cluster say they are in, as clients insist on one. */
export const CLUSTER_REGION = "us-east-1";
