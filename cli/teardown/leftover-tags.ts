import type { TeardownSubject } from "./subject";

/** Tag that tells what a resource belongs to. */
export interface OwnerTag {
  key: string;
  value: string;
}

type Tags = Record<string, string>;

/** Cost tags that the stacks put on everything. */
const ENVIRONMENT_TAG = "mlstack:environment";
const CLUSTER_TAG = "mlstack:cluster";

/**
 * Tags whose value is the name of the cluster that a resource was made for, by who sets them: the stacks; EKS on node
 * groups and on its security group; Karpenter; Auto Mode and Karpenter; the load balancer controller; the VPC CNI; the
 * EBS driver where it is told its cluster.
 */
const CLUSTER_NAME_TAGS = [
  CLUSTER_TAG,
  "eks:cluster-name",
  "aws:eks:cluster-name",
  "karpenter.k8s.aws/cluster",
  "karpenter.sh/discovery",
  "eks:eks-cluster-name",
  "elbv2.k8s.aws/cluster",
  "cluster.k8s.amazonaws.com/name",
  "ebs.csi.aws.com/cluster-name",
];

/** Its value is `owned` on what goes with the cluster, and `shared` on what others use as well. */
const CLUSTER_KEY_PREFIX = "kubernetes.io/cluster/";

/**
 * Tags that say that some cluster made a volume, and not which.
 *
 * @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/tagging.md, 1.45
 */
const SOME_CLUSTER_TAGS: OwnerTag[] = ["ebs.csi.aws.com/cluster", "efs.csi.aws.com/cluster"].map((key) => ({
  key,
  value: "true",
}));

/** The tags to ask AWS for; one query each, as several in one would all have to be there. */
export function tagsToAskFor({ environment, cluster }: TeardownSubject): OwnerTag[] {
  const ofEnvironment = { key: ENVIRONMENT_TAG, value: environment };
  return cluster === undefined ? [ofEnvironment] : [...tagsOfCluster(cluster), ofEnvironment, ...SOME_CLUSTER_TAGS];
}

/**
 * The tag that says that a resource belongs to what was torn down; undefined where none does, or where it belongs to
 * another cluster of an environment of the same name.
 */
export function ownerTagOf(tags: Tags, { environment, cluster }: TeardownSubject): OwnerTag | undefined {
  const ofCluster = cluster === undefined ? undefined : tagsOfCluster(cluster).find((tag) => carries(tags, tag));
  if (ofCluster !== undefined) return ofCluster;
  const ofEnvironment = { key: ENVIRONMENT_TAG, value: environment };
  const isOthers = cluster !== undefined && namesACluster(tags);
  return carries(tags, ofEnvironment) && !isOthers ? ofEnvironment : undefined;
}

/** The tag that says that some cluster made a resource, where no tag says which. */
export function someClusterTagOf(tags: Tags): OwnerTag | undefined {
  if (namesACluster(tags) || tags[ENVIRONMENT_TAG] !== undefined) return undefined;
  return SOME_CLUSTER_TAGS.find((tag) => carries(tags, tag));
}

function tagsOfCluster(cluster: string): OwnerTag[] {
  return [
    ...CLUSTER_NAME_TAGS.map((key) => ({ key, value: cluster })),
    { key: `${CLUSTER_KEY_PREFIX}${cluster}`, value: "owned" },
  ];
}

function carries(tags: Tags, { key, value }: OwnerTag): boolean {
  return tags[key] === value;
}

function namesACluster(tags: Tags): boolean {
  return Object.keys(tags).some((key) => CLUSTER_NAME_TAGS.includes(key) || key.startsWith(CLUSTER_KEY_PREFIX));
}
