import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { bucketStatements, POLICY_VERSION } from "./bucket-policy";
import { secretValue, type StoreCredentials } from "./store-credentials";
import { type ClusterStoreArgs, storeBuckets, storeIdentities } from "./store-grants";
import type { VersityGatewayArgs } from "./versity-gateway-args";

/** Secret with the users and their keys, as the gateway reads them. */
export const USERS_SECRET = "versitygw-users";
/** Its key, which is the name of the file that the gateway looks for. */
const USERS_KEY = "users.json";
/** ConfigMap with the policy of the bucket, and its access control list. */
export const POLICY_CONFIG = "versitygw-policy";
/** Its key, which is the name of the file that the gateway keeps a bucket's policy in. */
export const POLICY_KEY = "policy";
/** Its key of the list, which is the name of the file that the gateway keeps a bucket's in. */
export const ACL_KEY = "acl";
/**
 * An access control list with nobody in it, as the policy tells all. Without any, the gateway fails when a user has an object
 * copied: it reads that of the bucket that the copy is of, and an empty file is no JSON.
 *
 * @see https://github.com/versity/versitygw/blob/v1.8.0/auth/access-control.go "VerifyObjectCopyAccess"
 */
export const EMPTY_ACL = "{}";

/**
 * Policy of the bucket for artifacts, which tells what each user may do there; undefined where nobody was granted anything, so
 * that only the administrator may.
 *
 * @see https://github.com/versity/versitygw/blob/v1.8.0/auth/bucket_policy.go
 */
export function versityGatewayPolicy(args: ClusterStoreArgs) {
  const [bucket = ""] = storeBuckets(args);
  const statements = storeIdentities(args).flatMap(({ accessKey, grants }) =>
    bucketStatements(bucket, grants).map((statement) => ({ ...statement, Principal: { AWS: [accessKey] } })),
  );
  return statements.length === 0 ? undefined : { Version: POLICY_VERSION, Statement: statements };
}

/**
 * Creates the Secret from which the gateway reads its users. They have the least of its roles: they make no buckets, and do in
 * those of others what policies let them.
 *
 * @see https://github.com/versity/versitygw/blob/v1.8.0/auth/iam_internal.go "iAMConfig"
 */
export function createUsersSecret(
  name: string,
  namespace: string,
  credentials: StoreCredentials[],
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.Secret {
  const accounts = credentials.map(({ identity: { accessKey }, secret }) =>
    secretValue(secret, "secretkey").apply(
      (key) => [accessKey, { access: accessKey, secret: key, role: "user" }] as const,
    ),
  );
  const users = pulumi.all(accounts).apply((known) => JSON.stringify({ accessAccounts: Object.fromEntries(known) }));
  return new k8s.core.v1.Secret(
    `${name}-users`,
    {
      metadata: { name: USERS_SECRET, namespace },
      type: "Opaque",
      stringData: { [USERS_KEY]: pulumi.secret(users) },
    },
    opts,
  );
}

/** Creates the ConfigMap with the policy and the list of the bucket, where there is a policy. */
export function createPolicyConfig(
  name: string,
  namespace: string,
  args: VersityGatewayArgs,
  opts: pulumi.CustomResourceOptions,
): k8s.core.v1.ConfigMap[] {
  const policy = versityGatewayPolicy(args);
  if (policy === undefined) return [];
  const config = {
    metadata: { name: POLICY_CONFIG, namespace },
    data: { [POLICY_KEY]: JSON.stringify(policy), [ACL_KEY]: EMPTY_ACL },
  };
  return [new k8s.core.v1.ConfigMap(`${name}-policy`, config, opts)];
}
