import { closest } from "fastest-levenshtein";

/** Separate parts of AWS, each with its own accounts and ARNs. */
export const AwsPartition = { commercial: "aws", china: "aws-cn", govCloud: "aws-us-gov" } as const;
/** Separate parts of AWS, each with its own accounts and ARNs. */
export type AwsPartition = (typeof AwsPartition)[keyof typeof AwsPartition];

/** What is known of an AWS region that has EKS; which GPU types it has differs by region and zone, and is not told. */
export interface AwsRegion {
  /** Code of the region, for example `eu-west-1`. */
  name: string;
  /** Second part of every ARN in the region. */
  partition: AwsPartition;
  /** Domain that endpoints of AWS services in the region end with. */
  dnsSuffix: string;
  /**
   * Zones to spread over where nobody says otherwise: three, or two where an account sees no more. Which data centre a
   * name stands for differs from account to account, and an account may lack a name in the regions that have gaps.
   */
  zones: string[];
}

/** Endpoints of AWS services end so. @see https://docs.aws.amazon.com/general/latest/gr/rande.html (read 2026-08) */
const DNS_SUFFIXES: Record<AwsPartition, string> = {
  aws: "amazonaws.com",
  "aws-cn": "amazonaws.com.cn",
  "aws-us-gov": "amazonaws.com",
};

/**
 * Regions of each partition with the letters of their zones.
 *
 * Gaps are zones that newer accounts do not see. EKS refuses the zones with the ids use1-az3, usw1-az2 and cac1-az3, whose
 * letters differ between accounts; name other zones where the defaults are among these.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/eks.html (regions; read 2026-11)
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html (read 2026-11)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html "Subnet requirements and considerations"
 */
const LETTERS: Record<AwsPartition, Record<string, string>> = {
  aws: {
    "us-east-1": "abc",
    "us-east-2": "abc",
    "us-west-1": "ac",
    "us-west-2": "abc",
    "af-south-1": "abc",
    "ap-east-1": "abc",
    "ap-east-2": "abc",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abc",
    "ap-northeast-3": "abc",
    "ap-south-1": "abc",
    "ap-south-2": "abc",
    "ap-southeast-1": "abc",
    "ap-southeast-2": "abc",
    "ap-southeast-3": "abc",
    "ap-southeast-4": "abc",
    "ap-southeast-5": "abc",
    "ap-southeast-6": "abc",
    "ap-southeast-7": "abc",
    "ca-central-1": "abd",
    "ca-west-1": "abc",
    "eu-central-1": "abc",
    "eu-central-2": "abc",
    "eu-north-1": "abc",
    "eu-south-1": "abc",
    "eu-south-2": "abc",
    "eu-west-1": "abc",
    "eu-west-2": "abc",
    "eu-west-3": "abc",
    "il-central-1": "abc",
    "me-central-1": "abc",
    "me-south-1": "abc",
    "mx-central-1": "abc",
    "sa-east-1": "abc",
  },
  "aws-cn": { "cn-north-1": "abd", "cn-northwest-1": "abc" },
  "aws-us-gov": { "us-gov-east-1": "abc", "us-gov-west-1": "abc" },
};

const byName = new Map(
  Object.values(AwsPartition)
    .flatMap((partition) => Object.entries(LETTERS[partition]).map((row) => regionOf(partition, row)))
    .map((region) => [region.name, region]),
);

/** Looks a region up; undefined where the table does not list it. Names are matched exactly. */
export function awsRegion(name: string): AwsRegion | undefined {
  return byName.get(name);
}

/** Every region of the table, partition by partition. */
export function awsRegions(): AwsRegion[] {
  return [...byName.values()];
}

/** The listed region whose name is nearest to a misspelt one; the first of the table where several are. */
export function nearestAwsRegion(misspelt: string): string {
  return closest(misspelt.toLowerCase(), [...byName.keys()]);
}

/** Entries are shared by everyone who looks them up, so they are frozen. */
function regionOf(partition: AwsPartition, [name, letters]: [string, string]): AwsRegion {
  const zones = Object.freeze(Array.from(letters, (letter) => `${name}${letter}`)) as string[];
  return Object.freeze({ name, partition, dnsSuffix: DNS_SUFFIXES[partition], zones });
}
