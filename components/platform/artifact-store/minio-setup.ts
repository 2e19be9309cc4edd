import type { BucketGrant } from "../../cluster/storage/artifact-bucket-args";
import { partResources, systemNodes } from "../part/part-args";
import { S3_PORTS } from "./artifact-store";
import { bucketStatements, POLICY_VERSION } from "./bucket-policy";
import type { MinioArgs } from "./minio-args";
import {
  hasTls,
  MINIO,
  minioContainerSecurity,
  minioHost,
  minioLabels,
  minioPodSecurity,
  ROOT_SECRET,
  setupLabels,
  TLS_SECRET,
} from "./minio-manifests";
import { declarationHash } from "./store-credentials";
import { declarationOf, storeBuckets, storeIdentities } from "./store-grants";
import { storeJob } from "./store-job";

/** Secret with the password of each user, by user. */
export const USERS_SECRET = "minio-users";
/** ConfigMap with the policy of each user, by user. */
export const POLICIES_CONFIG = "minio-policies";

/**
 * Policy of one user, from everything that it was granted.
 *
 * @see https://github.com/minio/minio/blob/RELEASE.2025-10-15T17-29-55Z/docs/multi-user/README.md
 */
export function minioPolicy(bucket: string, grants: BucketGrant[]) {
  return { Version: POLICY_VERSION, Statement: bucketStatements(bucket, grants) };
}

/** Policies by user. */
export function minioPolicies(args: MinioArgs): Record<string, string> {
  const [bucket = ""] = storeBuckets(args);
  const policies = storeIdentities(args).map(
    ({ accessKey, grants }) => [accessKey, JSON.stringify(minioPolicy(bucket, grants))] as const,
  );
  return Object.fromEntries(policies);
}

/** Everything may be done again: what is there already is set to what is declared. */
const SCRIPT = `
mkdir -p "$HOME/.mc/certs/CAs"
if [ -e /authority/ca.crt ]; then cat /authority/ca.crt > "$HOME/.mc/certs/CAs/store.crt"; fi
for bucket in $BUCKETS; do
  "$MC" mb --ignore-existing "store/$bucket"
done
for policy in /policies/*; do
  [ -e "$policy" ] || continue
  user=\${policy##*/}
  "$MC" admin policy create store "$user" "$policy"
  { echo "$user"; cat "/users/$user"; echo; } | "$MC" admin user add store
  "$MC" admin policy attach store "$user" --user "$user" || {
    "$MC" admin policy detach store "$user" --user "$user"
    "$MC" admin policy attach store "$user" --user "$user"
  }
done
`.trimStart();

/** Name that ends with what is declared, so that another declaration is another Job. */
export function setupName(args: MinioArgs): string {
  return `${MINIO}-setup-${declarationHash({ ...declarationOf(args), policies: minioPolicies(args), script: SCRIPT })}`;
}

/** A Job that makes buckets, users and policies with the client's image. */
export function minioSetupJob(namespace: string, args: MinioArgs) {
  const { clientCommand = "mc" } = args;
  const tls = hasTls(args);
  const labels = { ...minioLabels, ...setupLabels };
  const fromRoot = (key: string) => ({ secretKeyRef: { name: ROOT_SECRET, key } });
  const scheme = tls ? "https" : "http";
  return storeJob(setupName(args), namespace, labels, {
    nodeSelector: systemNodes(args.platform),
    securityContext: minioPodSecurity,
    containers: [
      {
        name: "setup",
        image: args.clientImage!,
        command: ["/bin/sh", "-ec", SCRIPT],
        env: [
          { name: "MC", value: clientCommand },
          { name: "BUCKETS", value: storeBuckets(args).join(" ") },
          { name: "HOME", value: "/tmp" },
          { name: "ROOT_USER", valueFrom: fromRoot("user") },
          { name: "ROOT_PASSWORD", valueFrom: fromRoot("password") },
          // Generated values have no character that an address would have to escape.
          {
            name: "MC_HOST_store",
            value: `${scheme}://$(ROOT_USER):$(ROOT_PASSWORD)@${minioHost(namespace)}:${S3_PORTS.minio}`,
          },
        ],
        resources: partResources(undefined, { cpu: "100m", memory: "128Mi" }),
        securityContext: minioContainerSecurity,
        volumeMounts: [
          { name: "scratch", mountPath: "/tmp" },
          { name: "users", mountPath: "/users", readOnly: true },
          { name: "policies", mountPath: "/policies", readOnly: true },
          ...(tls ? [{ name: "authority", mountPath: "/authority", readOnly: true }] : []),
        ],
      },
    ],
    volumes: [
      { name: "scratch", emptyDir: {} },
      { name: "users", secret: { secretName: USERS_SECRET } },
      { name: "policies", configMap: { name: POLICIES_CONFIG } },
      ...(tls
        ? [
            {
              name: "authority",
              secret: { secretName: TLS_SECRET, items: [{ key: "ca.crt", path: "ca.crt" }], optional: true },
            },
          ]
        : []),
    ],
  });
}
