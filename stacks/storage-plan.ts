import { type ArtifactBucketArgs, type DatasetArgs, type SharedVolumeArgs, SharedVolumeKind } from "../components";
import { identityOf } from "../components/cluster/storage/workload-rights";
import type { StorageConfig } from "./config/schema-storage";

/** Name of the component of the one artifact bucket. */
export const ARTIFACTS = "artifacts";

/** A storage component of an environment. */
export interface StoragePart<Args> {
  /** Name of the component. */
  name: string;
  /** Its arguments, but for what the program adds: the cluster, and roles that exist already. */
  args: Omit<Args, "eks" | "roleNames">;
}

/** A storage component that gives workload identities, spelt `namespace/serviceAccount`, rights by a role each. */
export interface SharedPart<Args> extends StoragePart<Args> {
  /** Those that it gives rights. */
  identities: string[];
}

/** A dataset of an environment. */
export interface DatasetPart extends SharedPart<DatasetArgs> {
  /** Those of its identities that have a role from a part before it, as a service account has one role. */
  sharedIdentities: string[];
}

/** The storage of an environment: the bucket comes first, then the volumes, then the datasets. */
export interface StoragePlan {
  /** The bucket for what comes out of machine learning; none where it is not configured. */
  artifacts: SharedPart<ArtifactBucketArgs> | undefined;
  /** Volumes that pods read and write together. */
  volumes: StoragePart<SharedVolumeArgs>[];
  /** Data that pods read. */
  datasets: DatasetPart[];
}

/**
 * The storage components that a configuration asks for.
 *
 * @param protect whether Pulumi refuses to delete what cannot be made again.
 */
export function planStorage({ artifacts, volumes = [], datasets = [] }: StorageConfig, protect: boolean): StoragePlan {
  const bucket = artifacts && {
    name: ARTIFACTS,
    args: { ...artifacts, protect },
    identities: [...new Set((artifacts.grants ?? []).map(identityOf))],
  };
  const known = new Set(bucket?.identities);
  return {
    artifacts: bucket,
    volumes: volumes.map(({ name, ...args }) => ({ name, args: { ...args, protect } })),
    datasets: datasets.map(({ name, ...args }) => {
      const { namespace, bucket: source } = args;
      const identities = (source?.serviceAccounts ?? []).map((serviceAccount) =>
        identityOf({ namespace, serviceAccount }),
      );
      const sharedIdentities = identities.filter((identity) => known.has(identity));
      identities.forEach((identity) => known.add(identity));
      return { name, args, identities, sharedIdentities };
    }),
  };
}

/**
 * Namespaces with a Lustre volume, whose root belongs to root: a pod that runs as root has to make the first folder there.
 */
export function rootNamespaces({ volumes }: StoragePlan): string[] {
  return volumes.filter(({ args }) => args.kind === SharedVolumeKind.fsxLustre).map(({ args }) => args.namespace);
}

/** Namespaces that the storage of an environment lies in. */
export function storageNamespaces({ volumes, datasets }: StoragePlan): string[] {
  return [...volumes, ...datasets].map(({ args }) => args.namespace);
}
