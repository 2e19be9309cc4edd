import { createHash } from "node:crypto";
import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { generatedSecret } from "../part/generated-secret";
import { type ClusterStoreArgs, DEFAULT_CREDENTIALS_SECRET, storeIdentities, type StoreIdentity } from "./store-grants";

/** Hexadecimal digits of a hash in names: enough to tell declarations of one store apart. */
const HASH_DIGITS = 10;

/** A service account of a store, with the Secret that its pods read. */
export interface StoreCredentials {
  identity: StoreIdentity;
  /** Secret with the keys `accesskey` and `secretkey` in the namespace of the service account. */
  secret: k8s.core.v1.Secret;
}

/** Creates the Secret of each service account that was granted access, in the namespace of that account. */
export function createStoreCredentials(
  name: string,
  args: ClusterStoreArgs,
  parent: pulumi.Resource,
): StoreCredentials[] {
  const { rotation } = args;
  return storeIdentities(args).map((identity) => {
    const { namespace, serviceAccount, accessKey, secretName } = identity;
    // The Secret gets the rotation behind its name, which the identity's has already.
    const base = rotation === undefined ? secretName : secretName.slice(0, -`-${rotation}`.length);
    const secret = generatedSecret(
      `${name}-${namespace}-${serviceAccount}`,
      compact({
        namespace,
        secretName: base,
        plain: { accesskey: accessKey },
        generated: ["secretkey"],
        labels: {
          "app.kubernetes.io/managed-by": "mlstack",
          "app.kubernetes.io/component": DEFAULT_CREDENTIALS_SECRET,
        },
        rotation,
      }),
      { parent },
    );
    return { identity, secret };
  });
}

/**
 * The value of a key of a Secret: what was first generated, whatever a later run makes up. Where nothing has been created
 * yet, in a preview, it stays unknown.
 */
export function secretValue(secret: k8s.core.v1.Secret, key: string): pulumi.Output<string> {
  return pulumi.secret(secret.data.apply((data) => Buffer.from(data[key] ?? "", "base64").toString("utf8")));
}

/** A short hash of a declaration, for names and annotations that must change with it. */
export function declarationHash(declaration: unknown): string {
  return createHash("sha256").update(JSON.stringify(declaration)).digest("hex").slice(0, HASH_DIGITS);
}
