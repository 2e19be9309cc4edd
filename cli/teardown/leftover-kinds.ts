/** What a remedy can name. */
export interface Named {
  arn: string;
  id: string;
}

/** What is known about one type of leftover. */
export interface LeftoverKind {
  /** Service and type of the ARN, as {@link arnParts} spells them. */
  kind: string;
  label: string;
  /** Why one is usually left. */
  cause: string;
  remedy: string;
  /** Arguments of `aws` that remove one. */
  command: (item: Named) => string;
}

const last = (id: string): string => id.split("/").at(-1) ?? id;
const segment = (id: string, index: number): string => id.split("/")[index] ?? id;

/** @see https://docs.aws.amazon.com/general/latest/gr/sqs-service.html, read 2026: what a queue's address is made of */
const queueUrl = (arn: string): string => {
  const [, partition = "", , region = "", account = "", name = ""] = arn.split(":");
  return `https://sqs.${region}.amazonaws.com${partition === "aws-cn" ? ".cn" : ""}/${account}/${name}`;
};

const TAKEN_DOWN_TOO_LATE = "it lives longer than the controller that would have removed it";
const BY_PULUMI = "Pulumi made it and was stopped, or it was taken out of the state";

/** In the order in which to clean up: what holds others first. */
export const LEFTOVER_KINDS: LeftoverKind[] = [
  {
    kind: "eks:nodegroup",
    label: "EKS node group",
    cause: BY_PULUMI,
    remedy: "Delete it; its machines end with it.",
    command: ({ id }) => `eks delete-nodegroup --cluster-name ${segment(id, 0)} --nodegroup-name ${segment(id, 1)}`,
  },
  {
    kind: "autoscaling:autoScalingGroup",
    label: "Auto Scaling group",
    cause: "its node group is gone or could not delete it",
    remedy: "Delete it together with its machines.",
    command: ({ id }) => `autoscaling delete-auto-scaling-group --force-delete --auto-scaling-group-name ${last(id)}`,
  },
  {
    kind: "ec2:instance",
    label: "EC2 instance",
    cause: "Karpenter was gone before its machines, or a node group was cut off",
    remedy: "Terminate it now: it is paid by the second.",
    command: ({ id }) => `ec2 terminate-instances --instance-ids ${id}`,
  },
  {
    kind: "ec2:capacity-reservation",
    label: "EC2 capacity reservation",
    cause: "it is reserved for a time, used or not",
    remedy: "Cancel it: it is paid like running machines. A capacity block can not be cancelled; it ends by itself.",
    command: ({ id }) => `ec2 cancel-capacity-reservation --capacity-reservation-id ${id}`,
  },
  {
    kind: "eks:podidentityassociation",
    label: "EKS Pod Identity association",
    cause: BY_PULUMI,
    remedy: "Delete it, or its cluster.",
    command: ({ id }) =>
      `eks delete-pod-identity-association --cluster-name ${segment(id, 0)} --association-id ${segment(id, 1)}`,
  },
  {
    kind: "eks:addon",
    label: "EKS add-on",
    cause: BY_PULUMI,
    remedy: "Delete it, or its cluster.",
    command: ({ id }) => `eks delete-addon --cluster-name ${segment(id, 0)} --addon-name ${segment(id, 1)}`,
  },
  {
    kind: "eks:cluster",
    label: "EKS cluster",
    cause: BY_PULUMI,
    remedy: "Delete it, after its node groups.",
    command: ({ id }) => `eks delete-cluster --name ${id}`,
  },
  {
    kind: "elasticloadbalancing:loadbalancer",
    label: "load balancer",
    cause: `a Service, Ingress or Gateway asked for it, and ${TAKEN_DOWN_TOO_LATE}`,
    remedy: "Delete it; its network interfaces go with it.",
    command: ({ arn, id }) =>
      id.includes("/")
        ? `elbv2 delete-load-balancer --load-balancer-arn ${arn}`
        : `elb delete-load-balancer --load-balancer-name ${id}`,
  },
  {
    kind: "elasticloadbalancing:targetgroup",
    label: "target group",
    cause: `a load balancer sent to it, and ${TAKEN_DOWN_TOO_LATE}`,
    remedy: "Delete it, after its load balancer.",
    command: ({ arn }) => `elbv2 delete-target-group --target-group-arn ${arn}`,
  },
  {
    kind: "ec2:natgateway",
    label: "NAT gateway",
    cause: BY_PULUMI,
    remedy: "Delete it now: it is paid by the hour.",
    command: ({ id }) => `ec2 delete-nat-gateway --nat-gateway-id ${id}`,
  },
  {
    kind: "ec2:vpc-endpoint",
    label: "VPC endpoint",
    cause: BY_PULUMI,
    remedy: "Delete it: an interface endpoint is paid by the hour.",
    command: ({ id }) => `ec2 delete-vpc-endpoints --vpc-endpoint-ids ${id}`,
  },
  {
    kind: "ec2:elastic-ip",
    label: "Elastic IP address",
    cause: BY_PULUMI,
    remedy: "Release it, after the NAT gateway or load balancer that uses it.",
    command: ({ id }) => `ec2 release-address --allocation-id ${id}`,
  },
  {
    kind: "ec2:volume",
    label: "EBS volume",
    cause: "its PersistentVolume is kept (reclaim policy Retain), or the EBS driver was gone before it",
    remedy: "Delete it, after a snapshot (`aws ec2 create-snapshot`) if its data may be needed.",
    command: ({ id }) => `ec2 delete-volume --volume-id ${id}`,
  },
  {
    kind: "ec2:snapshot",
    label: "EBS snapshot",
    cause: "a VolumeSnapshot or a backup made it; snapshots are meant to outlive their volume",
    remedy: "Delete it if its data is not needed any more.",
    command: ({ id }) => `ec2 delete-snapshot --snapshot-id ${id}`,
  },
  {
    kind: "elasticfilesystem:access-point",
    label: "EFS access point",
    cause: `a PersistentVolume was made on it, and ${TAKEN_DOWN_TOO_LATE}`,
    remedy: "Delete it; the files stay in the file system.",
    command: ({ id }) => `efs delete-access-point --access-point-id ${id}`,
  },
  {
    kind: "elasticfilesystem:file-system",
    label: "EFS file system",
    cause: "it is kept on purpose, or its mount targets could not be deleted",
    remedy: "Delete its mount targets (`aws efs describe-mount-targets`), then the file system with all its files.",
    command: ({ id }) => `efs delete-file-system --file-system-id ${id}`,
  },
  {
    kind: "fsx:file-system",
    label: "FSx file system",
    cause: "it is kept on purpose, or Pulumi was stopped",
    remedy: "Export what is not in S3 yet, then delete it: it is paid by its size, used or not.",
    command: ({ id }) => `fsx delete-file-system --file-system-id ${id}`,
  },
  {
    kind: "s3:bucket",
    label: "S3 bucket",
    cause: "it holds objects, or is kept on purpose",
    remedy: "Keep it, or delete it with all objects; of a versioned bucket empty the versions in the console first.",
    command: ({ id }) => `s3 rb --force s3://${id}`,
  },
  {
    kind: "ecr:repository",
    label: "ECR repository",
    cause: "it holds images, or is kept on purpose",
    remedy: "Keep it, or delete it with all images.",
    command: ({ id }) => `ecr delete-repository --force --repository-name ${id}`,
  },
  {
    kind: "ec2:network-interface",
    label: "network interface",
    cause: "the VPC CNI was gone before the machine that it was attached to, or its owner is still there",
    remedy: "Delete it once its machine or load balancer is gone; until then it holds security group and subnet.",
    command: ({ id }) => `ec2 delete-network-interface --network-interface-id ${id}`,
  },
  {
    kind: "ec2:security-group",
    label: "security group",
    cause: "a network interface or a rule of another group still names it",
    remedy: "Delete it, after the network interfaces in it.",
    command: ({ id }) => `ec2 delete-security-group --group-id ${id}`,
  },
  {
    kind: "ec2:launch-template",
    label: "launch template",
    cause: "Karpenter was gone before it could remove it",
    remedy: "Delete it; it costs nothing.",
    command: ({ id }) => `ec2 delete-launch-template --launch-template-id ${id}`,
  },
  {
    kind: "ec2:placement-group",
    label: "placement group",
    cause: BY_PULUMI,
    remedy: "Delete it, after the machines in it; it costs nothing.",
    command: ({ id }) => `ec2 delete-placement-group --group-name ${id}`,
  },
  {
    kind: "ec2:internet-gateway",
    label: "internet gateway",
    cause: "an address in the VPC is still mapped",
    remedy: "Detach it from its VPC (`aws ec2 detach-internet-gateway`), then delete it.",
    command: ({ id }) => `ec2 delete-internet-gateway --internet-gateway-id ${id}`,
  },
  {
    kind: "ec2:subnet",
    label: "subnet",
    cause: "a network interface is still in it",
    remedy: "Delete it, after the network interfaces in it. If the VPC was brought along, only take the tag off.",
    command: ({ id }) => `ec2 delete-subnet --subnet-id ${id}`,
  },
  {
    kind: "ec2:route-table",
    label: "route table",
    cause: "a subnet is still associated with it",
    remedy: "Delete it, after its subnets.",
    command: ({ id }) => `ec2 delete-route-table --route-table-id ${id}`,
  },
  {
    kind: "ec2:vpc",
    label: "VPC",
    cause: "something above is still in it",
    remedy: "Delete it last. If it was brought along, only take the tag off.",
    command: ({ id }) => `ec2 delete-vpc --vpc-id ${id}`,
  },
  {
    kind: "sqs:queue",
    label: "SQS queue",
    cause: BY_PULUMI,
    remedy: "Delete it.",
    command: ({ arn }) => `sqs delete-queue --queue-url ${queueUrl(arn)}`,
  },
  {
    kind: "events:rule",
    label: "EventBridge rule",
    cause: BY_PULUMI,
    remedy: "Take its targets off (`aws events remove-targets`), then delete it.",
    command: ({ id }) => `events delete-rule --name ${id}`,
  },
  {
    kind: "logs:log-group",
    label: "log group",
    cause: "the control plane wrote its last lines after it was deleted, or it is kept on purpose",
    remedy: "Delete it with its logs, or let its retention run out.",
    command: ({ id }) => `logs delete-log-group --log-group-name ${id}`,
  },
  {
    kind: "iam:instance-profile",
    label: "instance profile",
    cause: "Karpenter was gone before its EC2NodeClass",
    remedy: "Take its role off (`aws iam remove-role-from-instance-profile`), then delete it; it costs nothing.",
    command: ({ id }) => `iam delete-instance-profile --instance-profile-name ${last(id)}`,
  },
  {
    kind: "iam:policy",
    label: "IAM policy",
    cause: BY_PULUMI,
    remedy: "Detach it from its roles, then delete it.",
    command: ({ arn }) => `iam delete-policy --policy-arn ${arn}`,
  },
  {
    kind: "kms:key",
    label: "KMS key",
    cause: "Pulumi was stopped before it scheduled the deletion, or it is kept for data that it encrypts",
    remedy: "Schedule its deletion, once nothing that it encrypts is needed; a scheduled one is not listed here.",
    command: ({ id }) => `kms schedule-key-deletion --pending-window-in-days 30 --key-id ${id}`,
  },
];

/** Types that are not listed: parts of something that is, and records that cost nothing and fade by themselves. */
export const NOT_LEFTOVERS: ReadonlySet<string> = new Set([
  "ec2:fleet",
  "ec2:security-group-rule",
  "ec2:spot-instances-request",
  "elasticloadbalancing:listener",
  "elasticloadbalancing:listener-rule",
  "eks:access-entry",
]);

/** What is known about a type; of an unknown one, how to find out. */
export function leftoverKindOf(kind: string): Omit<LeftoverKind, "command"> & Partial<LeftoverKind> {
  return (
    LEFTOVER_KINDS.find((each) => each.kind === kind) ?? {
      kind,
      label: kind,
      cause: "nothing special is known about its type",
      remedy: "Look it up by its ARN in the AWS console, and delete it there if nobody needs it.",
    }
  );
}
