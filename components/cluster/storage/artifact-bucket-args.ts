import type * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, checkEnum, checkWholeNumber, type InputProblem, inputProblem } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { BucketAccess, checkBucketName, checkPrefix } from "./bucket-rights";
import { checkRoleLength, checkRoleNames, identityOf } from "./workload-rights";

/** Rights of the pods of one service account to objects of the bucket. */
export interface BucketGrant {
  /** Namespace of the pods. */
  namespace: string;
  /** Service account of the pods; it needs no annotation, and need not exist yet. */
  serviceAccount: string;
  /** What the pods may do. */
  access: BucketAccess;
  /** Folder that the right is limited to, with a slash behind it, for example `runs/`; the whole bucket by default. */
  prefix?: string;
}

/** Storage that is cheaper to keep objects in. */
export const BucketStorageClass = {
  /** Moves each object between prices by itself, after how it is read; for what is read nobody knows how often. */
  intelligentTiering: "INTELLIGENT_TIERING",
  /** For what is read about once a month. */
  standardIa: "STANDARD_IA",
  /** For what is read about once a quarter. */
  glacierInstantRetrieval: "GLACIER_IR",
} as const;
/** Storage that is cheaper to keep objects in. */
export type BucketStorageClass = (typeof BucketStorageClass)[keyof typeof BucketStorageClass];

/** When objects move to cheaper storage. */
export interface BucketTransition {
  /** Days after an object was written; for `STANDARD_IA` from 30, else from 1, to 3650. */
  afterDays: number;
  /** Storage that they move to. */
  storageClass: BucketStorageClass;
}

/** Where S3 logs who did what to objects. */
export interface BucketAccessLog {
  /** Name of the bucket for the logs: another one, in the same region, whose policy lets S3's log delivery write. */
  bucketName: pulumi.Input<string>;
  /** Folder for the logs, with a slash behind it; by default the name of the component. */
  prefix?: string;
}

/** What an {@link ArtifactBucket} is made from. */
export interface ArtifactBucketArgs {
  /** Cluster whose pods use the bucket; its agent for Pod Identity must be installed. */
  eks: EksFacts;
  /** Name of the bucket, which nobody else in the world has; by default that of the component with a random end. */
  bucketName?: string;
  /** Who may do what; nobody by default. */
  grants?: BucketGrant[];
  /**
   * Names of roles that service accounts have already, by `namespace/serviceAccount`, for example the `roleNames` of a
   * Dataset. Rights are added to these, as EKS lets a service account have one role; the others get one.
   */
  roleNames?: Record<string, pulumi.Input<string>>;
  /** Days for which overwritten and deleted versions are kept, from 1 to 3650; 30 by default. */
  noncurrentDays?: number;
  /** When objects move to cheaper storage; never by default. */
  transition?: BucketTransition;
  /** Where S3 logs access to objects; nowhere by default. */
  accessLog?: BucketAccessLog;
  /**
   * Whether Pulumi refuses to delete the bucket; true by default, as models cannot be made again. A destroy then stops
   * before it. When it has been set to false, every object goes with the bucket.
   */
  protect?: boolean;
  /** KMS key that encrypts the objects; by default the cluster's, and AWS's own where that has none. */
  kmsKeyArn?: pulumi.Input<string>;
}

/**
 * Fewest days after which S3 moves objects.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
 */
const LEAST_DAYS: Record<BucketStorageClass, number> = { INTELLIGENT_TIERING: 1, STANDARD_IA: 30, GLACIER_IR: 1 };

const MOST_DAYS = 3650;

/** What Pulumi puts behind the name of the component when it names the bucket: `-bucket` and eight characters. */
const LONGEST_OWN_NAME = 63 - "-bucket-0123456".length;

/** Checks an artifact bucket's inputs. */
export function validateArtifactBucket(name: string, args: ArtifactBucketArgs): InputProblem[] {
  const { bucketName, grants = [], roleNames, noncurrentDays, transition, accessLog } = args;
  return [
    ...(bucketName === undefined ? checkOwnName(name) : checkBucketName("bucketName", bucketName)),
    ...grants.flatMap((grant, index) => checkGrant(name, args, grant, index)),
    ...checkRoleNames(roleNames, grants.map(identityOf)),
    ...checkWholeNumber("noncurrentDays", noncurrentDays, { min: 1, max: MOST_DAYS }),
    ...(transition === undefined ? [] : checkTransition(transition)),
    ...checkPrefix("accessLog.prefix", accessLog?.prefix),
  ];
}

function checkOwnName(name: string): InputProblem[] {
  if (/^[a-z0-9][a-z0-9-]*$/.test(name) && name.length <= LONGEST_OWN_NAME) return [];
  const allowed = `a name; without one the component's, "${name}", would have to be at most ${LONGEST_OWN_NAME} `;
  const remedy = "Set bucketName, or rename the component.";
  return [inputProblem("bucketName", undefined, `${allowed}lower-case letters, digits and inner hyphens`, remedy)];
}

function checkGrant(name: string, args: ArtifactBucketArgs, grant: BucketGrant, index: number): InputProblem[] {
  const { grants = [], roleNames = {} } = args;
  const path = `grants[${index}]`;
  const misspelt = [
    ...checkDnsLabel(`${path}.namespace`, grant.namespace),
    ...checkDnsLabel(`${path}.serviceAccount`, grant.serviceAccount),
  ];
  const subject = ({ prefix = "", ...identity }: BucketGrant) => `${identityOf(identity)} ${prefix}`;
  const first = grants.findIndex((other) => subject(other) === subject(grant));
  const repeated = inputProblem(
    path,
    subject(grant).trim(),
    "each service account and prefix once",
    `Merge it with grants[${first}].`,
  );
  const hasRole = roleNames[identityOf(grant)] !== undefined;
  return [
    ...misspelt,
    ...checkEnum(`${path}.access`, grant.access, BucketAccess),
    ...checkPrefix(`${path}.prefix`, grant.prefix),
    ...(first < index ? [repeated] : []),
    ...(hasRole || misspelt.length > 0 ? [] : checkRoleLength(path, name, grant)),
  ];
}

function checkTransition({ afterDays, storageClass }: BucketTransition): InputProblem[] {
  return [
    ...checkEnum("transition.storageClass", storageClass, BucketStorageClass),
    ...checkWholeNumber("transition.afterDays", afterDays, { min: LEAST_DAYS[storageClass] ?? 1, max: MOST_DAYS }),
  ];
}
