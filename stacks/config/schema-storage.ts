import { z } from "zod";
import {
  BucketAccess,
  BucketStorageClass,
  DatasetKind,
  EfsPerformanceMode,
  EfsThroughputMode,
  SharedVolumeKind,
} from "../../components";
import { count, mapping } from "./schema-types";

const grant = mapping({
  namespace: z.string(),
  serviceAccount: z.string(),
  access: z.enum(BucketAccess),
  prefix: z.string().exactOptional(),
});

const artifacts = mapping({
  bucketName: z.string().exactOptional(),
  grants: z.array(grant).exactOptional(),
  noncurrentDays: count.exactOptional(),
  transition: mapping({ afterDays: count, storageClass: z.enum(BucketStorageClass) }).exactOptional(),
  accessLog: mapping({ bucketName: z.string(), prefix: z.string().exactOptional() }).exactOptional(),
});

const lustre = mapping({
  throughputPerTib: count.exactOptional(),
  availabilityZone: z.string().exactOptional(),
  compression: z.boolean().exactOptional(),
});

const efs = mapping({
  throughputMode: z.enum(EfsThroughputMode).exactOptional(),
  provisionedMibps: count.exactOptional(),
  performanceMode: z.enum(EfsPerformanceMode).exactOptional(),
  uid: count.exactOptional(),
  gid: count.exactOptional(),
  infrequentAccessAfterDays: count.exactOptional(),
});

/** Keys of what is mounted by a claim. */
const claim = {
  name: z.string(),
  namespace: z.string(),
  claimName: z.string().exactOptional(),
  sizeGib: count.exactOptional(),
  lustre: lustre.exactOptional(),
};

const volume = mapping({
  ...claim,
  kind: z.enum(SharedVolumeKind).exactOptional(),
  efs: efs.exactOptional(),
  backups: z.boolean().exactOptional(),
});

const datasetBucket = mapping({
  bucketName: z.string(),
  prefix: z.string().exactOptional(),
  region: z.string().exactOptional(),
  serviceAccounts: z.array(z.string()).exactOptional(),
  kmsKeyArn: z.string().exactOptional(),
});

const datasetSnapshot = mapping({
  snapshotId: z.string(),
  copies: count.exactOptional(),
  storageClassName: z.string().exactOptional(),
});

const dataset = mapping({
  ...claim,
  kind: z.enum(DatasetKind),
  bucket: datasetBucket.exactOptional(),
  snapshot: datasetSnapshot.exactOptional(),
});

/** Storage for machine learning: the arguments of its components, and their names. */
export const storage = mapping({
  artifacts: artifacts.exactOptional(),
  volumes: z.array(volume).exactOptional(),
  datasets: z.array(dataset).exactOptional(),
});

/** The storage of a stack's configuration. */
export type StorageConfig = z.infer<typeof storage>;

/** One shared volume of a stack's configuration. */
export type VolumeConfig = z.infer<typeof volume>;

/** One dataset of a stack's configuration. */
export type DatasetConfig = z.infer<typeof dataset>;
