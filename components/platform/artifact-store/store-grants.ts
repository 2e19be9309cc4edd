import {
  checkDnsLabel,
  checkEnum,
  checkQuantity,
  compact,
  type InputProblem,
  inputProblem,
  isPlain,
} from "../../internal";
import { BucketAccess, checkBucketName, checkPrefix } from "../../cluster/storage/bucket-rights";
import type { BucketGrant } from "../../cluster/storage/artifact-bucket-args";
import type * as pulumi from "@pulumi/pulumi";
import { DEFAULT_BUCKET } from "./artifact-store";

/** Name of the Secret that workloads read their keys from, where nothing else is asked for. */
export const DEFAULT_CREDENTIALS_SECRET = "artifact-store";

/** The disk of each server of a store in the cluster. */
export interface StoreVolume {
  /** Size, a Kubernetes quantity; each store has a default of its own. Storage classes of EBS let it grow later. */
  size?: string;
  /** Storage class; the cluster's default one by default. */
  storageClass?: pulumi.Input<string>;
}

/** What stores in the cluster have in common. */
export interface ClusterStoreArgs {
  /** Bucket for artifacts, made by the store; `artifacts` by default. */
  bucket?: string;
  /** Further buckets, made by the store; none by default. */
  moreBuckets?: string[];
  /** Who may do what with the bucket for artifacts; nobody by default. */
  grants?: BucketGrant[];
  /** Name of the Secret with the keys in each granted namespace, which must exist; `artifact-store` by default. */
  credentialsSecret?: string;
  /** Namespaces whose pods reach the store beside those that were granted access, such as monitoring; none by default. */
  clientNamespaces?: string[];
  /** Changed to any other text, every generated key is made anew; none by default. */
  rotation?: string;
}

/** A service account with everything that it was granted. */
export interface StoreIdentity {
  namespace: string;
  serviceAccount: string;
  /** Name that the store knows it by, which is its access key too: a namespace has no dot. */
  accessKey: string;
  /** Name of its Secret in its namespace. */
  secretName: string;
  grants: BucketGrant[];
}

/** Service accounts in the order of the grants, each with all that is its own. */
export function storeIdentities(args: ClusterStoreArgs): StoreIdentity[] {
  const { grants = [], credentialsSecret = DEFAULT_CREDENTIALS_SECRET, rotation } = args;
  const identities: StoreIdentity[] = [];
  for (const grant of grants) {
    const { namespace, serviceAccount } = grant;
    const known = identities.find((each) => each.namespace === namespace && each.serviceAccount === serviceAccount);
    if (known !== undefined) {
      known.grants.push(grant);
      continue;
    }
    const isFirst = identities.every((each) => each.namespace !== namespace);
    const base = isFirst ? credentialsSecret : `${credentialsSecret}-${serviceAccount}`;
    const secretName = rotation === undefined ? base : `${base}-${rotation}`;
    identities.push({
      namespace,
      serviceAccount,
      accessKey: `${namespace}.${serviceAccount}`,
      secretName,
      grants: [grant],
    });
  }
  return identities;
}

/** Name of the Secret in a namespace that was granted to one service account only, as facts tell it. */
export function commonCredentialsSecret({
  credentialsSecret = DEFAULT_CREDENTIALS_SECRET,
  rotation,
}: ClusterStoreArgs) {
  return rotation === undefined ? credentialsSecret : `${credentialsSecret}-${rotation}`;
}

/** Name of the Secret of each service account, by `namespace/serviceAccount`. */
export function credentialsSecretsOf(args: ClusterStoreArgs): Record<string, string> {
  const names = storeIdentities(args).map(
    ({ namespace, serviceAccount, secretName }) => [`${namespace}/${serviceAccount}`, secretName] as const,
  );
  return Object.fromEntries(names);
}

/** Names of all buckets, that for artifacts first. */
export function storeBuckets({ bucket = DEFAULT_BUCKET, moreBuckets = [] }: ClusterStoreArgs): string[] {
  return [bucket, ...moreBuckets];
}

/** Namespaces whose pods reach the store. */
export function storeClients({ grants = [], clientNamespaces = [] }: ClusterStoreArgs): string[] {
  return [...new Set([...grants.map(({ namespace }) => namespace), ...clientNamespaces])].sort();
}

/** Pods of Prometheus, whatever namespace they are in: the label is that of Prometheus' operator. */
export const prometheusPods = {
  namespaceSelector: {},
  podSelector: { matchLabels: { "app.kubernetes.io/name": "prometheus" } },
};

/** Checks what stores in the cluster have in common. */
export function checkClusterStore(args: ClusterStoreArgs): InputProblem[] {
  const { bucket, moreBuckets = [], grants = [], credentialsSecret, clientNamespaces = [], rotation } = args;
  const buckets = storeBuckets(args);
  const repeated = moreBuckets.flatMap((name, index) =>
    buckets.indexOf(name) < index + 1
      ? [inputProblem(`moreBuckets[${index}]`, name, "each bucket once", "Remove the repetition.")]
      : [],
  );
  return [
    ...(bucket === undefined ? [] : checkBucketName("bucket", bucket)),
    ...moreBuckets.flatMap((name, index) => checkBucketName(`moreBuckets[${index}]`, name)),
    ...repeated,
    ...grants.flatMap((grant, index) => checkStoreGrant(grants, grant, index)),
    ...(credentialsSecret === undefined ? [] : checkDnsLabel("credentialsSecret", credentialsSecret)),
    ...clientNamespaces.flatMap((name, index) => checkDnsLabel(`clientNamespaces[${index}]`, name)),
    ...(rotation === undefined ? [] : checkDnsLabel("rotation", rotation)),
  ];
}

function checkStoreGrant(grants: BucketGrant[], grant: BucketGrant, index: number): InputProblem[] {
  const path = `grants[${index}]`;
  const subject = ({ namespace, serviceAccount, prefix = "" }: BucketGrant) =>
    `${namespace}/${serviceAccount} ${prefix}`.trim();
  const first = grants.findIndex((other) => subject(other) === subject(grant));
  const allowed = "each service account and prefix once";
  return [
    ...checkDnsLabel(`${path}.namespace`, grant.namespace),
    ...checkDnsLabel(`${path}.serviceAccount`, grant.serviceAccount),
    ...checkEnum(`${path}.access`, grant.access, BucketAccess),
    ...checkPrefix(`${path}.prefix`, grant.prefix),
    ...(first < index ? [inputProblem(path, subject(grant), allowed, `Merge it with grants[${first}].`)] : []),
  ];
}

/** Checks the disk of a store. */
export function checkStoreVolume(path: string, volume: StoreVolume = {}): InputProblem[] {
  const { size, storageClass } = volume;
  return [
    ...checkQuantity(`${path}.size`, size, "100Gi"),
    ...(isPlain(storageClass) ? checkDnsLabel(`${path}.storageClass`, storageClass) : []),
  ];
}

/** What a grant says, for hashes by which Jobs and pods learn that it changed; without anything secret. */
export function declarationOf(args: ClusterStoreArgs): object {
  return compact({
    buckets: storeBuckets(args),
    identities: storeIdentities(args).map(({ accessKey, secretName, grants }) => ({ accessKey, secretName, grants })),
  });
}
