import type * as pulumi from "@pulumi/pulumi";

/** What holds artifacts. */
export const ArtifactStoreKind = {
  /** Amazon S3, with rights by role. */
  s3: "s3",
  /** SeaweedFS in the cluster. */
  seaweedFs: "seaweedfs",
  /** MinIO, or a fork of it, in the cluster. */
  minio: "minio",
  /** The Versity S3 Gateway in the cluster. */
  versityGateway: "versitygw",
} as const;
/** What holds artifacts. */
export type ArtifactStoreKind = (typeof ArtifactStoreKind)[keyof typeof ArtifactStoreKind];

/** What programs must know of a store for artifacts, whichever it is: all speak S3. */
export interface ArtifactStoreFacts {
  /** What holds the artifacts. */
  kind: ArtifactStoreKind;
  /** Bucket for artifacts. */
  bucket: pulumi.Input<string>;
  /** Region; of no meaning in the cluster, yet asked for by clients. */
  region: pulumi.Input<string>;
  /** Host and port of the S3 API, for example `seaweedfs-s3.artifacts.svc:8333`; undefined for Amazon's own. */
  endpoint?: pulumi.Input<string>;
  /** Whether the endpoint is plain HTTP, as inside a mesh; false by default. */
  insecure?: boolean;
  /**
   * Name of the Secret with the keys `accesskey` and `secretkey`, the same in every namespace that was granted access;
   * undefined where pods have a role and need none.
   */
  credentialsSecret?: string;
}
