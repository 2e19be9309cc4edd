import * as pulumi from "@pulumi/pulumi";
import { ArtifactBucket } from "../../cluster/storage/artifact-bucket";
import { type ArtifactBucketArgs, validateArtifactBucket } from "../../cluster/storage/artifact-bucket-args";
import { checkedInputs } from "../../internal";
import type { ArtifactStore } from "./artifact-store";
import { type ArtifactStoreFacts, ArtifactStoreKind } from "./artifact-store-facts";

/** What an {@link S3ArtifactStore} is made from: what its bucket is made from. */
export type S3ArtifactStoreArgs = ArtifactBucketArgs;

/**
 * Amazon S3 as the store for artifacts: the choice on AWS, as it has no server to run and no keys to keep.
 *
 * Creates an {@link ArtifactBucket}, and with it the right of each granted service account to it through EKS Pod Identity.
 */
export class S3ArtifactStore extends pulumi.ComponentResource implements ArtifactStore {
  /** What programs must know of the store; it has no Secret, as pods have roles. */
  public readonly facts: ArtifactStoreFacts;
  /** Name of the bucket, known once it has all its settings. */
  public readonly bucketName: pulumi.Output<string>;
  /** No Secret for anybody, as pods have roles. */
  public readonly credentialsSecrets: Record<string, string> = {};
  /** Names of the roles by which pods use the bucket, by `namespace/serviceAccount`. */
  public readonly roleNames: pulumi.Output<Record<string, string>>;
  /** True once the bucket has all its settings and every granted service account its rights. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when a name or prefix is misspelt, when a service account is granted the same
   * prefix twice, when days are out of range, or when a role is listed for somebody who is granted nothing.
   */
  constructor(name: string, args: S3ArtifactStoreArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateArtifactBucket(name, args);
    super("mlstack:index:S3ArtifactStore", name, checkedInputs("S3ArtifactStore", name, args, errors), opts);

    // Under the store's own name, as the bucket in S3 is named after the component.
    const bucket = new ArtifactBucket(name, args, { parent: this });
    this.bucketName = bucket.bucketName;
    this.roleNames = bucket.roleNames;
    this.ready = pulumi.all([bucket.bucketName, bucket.roleNames]).apply(() => true);
    this.facts = { kind: ArtifactStoreKind.s3, bucket: bucket.bucketName, region: args.eks.region };
    this.registerOutputs({
      facts: this.facts,
      bucketName: this.bucketName,
      roleNames: this.roleNames,
      credentialsSecrets: this.credentialsSecrets,
      ready: this.ready,
    });
  }

  /** Nothing, as pods have roles. */
  public credentialsSecretOf(namespace: string, serviceAccount: string): string | undefined {
    return this.credentialsSecrets[`${namespace}/${serviceAccount}`];
  }
}
