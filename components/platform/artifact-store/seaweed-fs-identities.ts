import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { BucketAccess } from "../../cluster/storage/bucket-rights";
import type { BucketGrant } from "../../cluster/storage/artifact-bucket-args";
import { IDENTITIES_KEY, IDENTITIES_SECRET } from "./seaweed-fs-values";
import { secretValue, type StoreCredentials } from "./store-credentials";

/**
 * Actions of the S3 gateway, by access. `Write` includes the right to delete, which the gateway does not tell apart.
 *
 * @see https://github.com/seaweedfs/seaweedfs/blob/4.44/weed/s3api/s3_constants/s3_actions.go
 */
const ACTIONS: Record<BucketAccess, string[]> = {
  read: ["Read", "List"],
  write: ["Write"],
  "read-write": ["Read", "Write", "List", "Tagging"],
};

/**
 * What an identity may do, as the gateway spells it: with a prefix, a pattern of keys; without one, the bucket by name.
 *
 * @see https://github.com/seaweedfs/seaweedfs/blob/4.44/weed/s3api/auth_credentials.go "CanDo"
 */
export function seaweedFsActions(bucket: string, grants: BucketGrant[]): string[] {
  return grants.flatMap(({ access, prefix }) =>
    ACTIONS[access].map((action) => `${action}:${prefix === undefined ? bucket : `${bucket}/${prefix}*`}`),
  );
}

/** Creates the Secret from which the gateway reads who may do what. Without identities in it, it lets nobody in. */
export function createIdentitiesSecret(
  name: string,
  namespace: pulumi.Input<string>,
  bucket: string,
  credentials: StoreCredentials[],
  parent: pulumi.Resource,
): k8s.core.v1.Secret {
  const identities = credentials.map(({ identity, secret }) =>
    secretValue(secret, "secretkey").apply((secretKey) => ({
      name: identity.accessKey,
      credentials: [{ accessKey: identity.accessKey, secretKey }],
      actions: seaweedFsActions(bucket, identity.grants),
    })),
  );
  // An empty list would let everybody in.
  const nobody = { name: "nobody", credentials: [], actions: [] };
  const config = pulumi.all(identities).apply((known) => JSON.stringify({ identities: [nobody, ...known] }));
  return new k8s.core.v1.Secret(
    `${name}-identities`,
    {
      metadata: { name: IDENTITIES_SECRET, namespace },
      type: "Opaque",
      stringData: { [IDENTITIES_KEY]: pulumi.secret(config) },
    },
    { parent },
  );
}
