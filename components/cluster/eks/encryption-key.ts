import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type InputProblem, inputProblem, isPlain } from "../../internal";
import {
  type IamStatement,
  partitionOf,
  policyDocument,
  type ResourceStatement,
  viaService,
} from "../identity/iam-policy";
import { accountOf } from "../identity/account";

/** Checks the ARN of a key as far as it is known; undefined passes. */
export function checkKeyArn(path: string, arn: pulumi.Input<string> | undefined): InputProblem[] {
  if (!isPlain(arn) || /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/.+$/.test(arn)) return [];
  const allowed = "the ARN of a KMS key, such as arn:aws:kms:us-east-1:123456789012:key/…";
  return [inputProblem(path, arn, allowed, "Give the key itself, not an alias of it.")];
}

/** What the key of a cluster must know. */
export interface EncryptionKeyArgs {
  clusterName: string;
  region: string;
  /** ARN of any role in the account, from which the account is read. */
  roleArn: pulumi.Output<string>;
  tags: Record<string, string>;
}

/** Longest time that AWS lets a deleted key be called back, in days. */
const DELETION_WINDOW_DAYS = 30;

/**
 * What encrypting and decrypting a volume or file system takes, beside lending the key to AWS.
 *
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html (read 2026-08)
 */
const USE_OF_KEY = [
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

/**
 * Use of keys through one service, for a role: a key that was brought may leave it to the policies of roles.
 *
 * @see https://docs.aws.amazon.com/ebs/latest/userguide/share-kms-key.html (read 2026-11)
 */
export function useOfKeys(region: string, keyArns: pulumi.Input<string>[], service: string): IamStatement[] {
  if (keyArns.length === 0) return [];
  const through = { "kms:ViaService": [viaService(region, service)] };
  return [
    { sid: "UseKey", actions: USE_OF_KEY, resources: keyArns, conditions: { StringEquals: through } },
    {
      sid: "LendKeyToAws",
      actions: ["kms:CreateGrant"],
      resources: keyArns,
      conditions: { Bool: { "kms:GrantIsForAWSResource": ["true"] }, StringEquals: through },
    },
  ];
}

/**
 * Creates the key for a cluster's secrets and volumes, with a name that people find it by.
 *
 * It is changed every year, and can be called back for 30 days after it was destroyed.
 */
export function createEncryptionKey(name: string, args: EncryptionKeyArgs, parent: pulumi.Resource): aws.kms.Key {
  const key = new aws.kms.Key(
    name,
    {
      description: `Secrets and volumes of the EKS cluster ${args.clusterName}`,
      enableKeyRotation: true,
      deletionWindowInDays: DELETION_WINDOW_DAYS,
      policy: policyDocument(keyStatements(args)),
      tags: { ...args.tags, Name: name },
    },
    { parent },
  );
  new aws.kms.Alias(`${name}-alias`, { name: `alias/eks/${args.clusterName}`, targetKeyId: key.id }, { parent });
  return key;
}

/**
 * Who may use the key. The account is read from the ARN of a role, as asking AWS for it would leave previews without
 * credentials.
 *
 * Volumes are encrypted on behalf of whoever starts a machine, among them the service-linked role of EC2 Auto Scaling.
 * A policy cannot name that role before it exists, so it says what AWS's own key for volumes says: whoever in the account
 * acts through EC2.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html (read 2026-08)
 * @see https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html (read 2026-08)
 */
function keyStatements({ region, roleArn }: EncryptionKeyArgs): ResourceStatement[] {
  const account = accountOf(roleArn);
  const wildcardReason = "In the policy of a key, * is this key.";
  return [
    {
      sid: "AccountDecides",
      principals: { AWS: [pulumi.interpolate`arn:${partitionOf(region)}:iam::${account}:root`] },
      actions: ["kms:*"],
      resources: ["*"],
      wildcardReason: `${wildcardReason} Without all actions for the account, nobody could manage the key any more.`,
    },
    {
      sid: "VolumesThroughEc2",
      principals: { AWS: ["*"] },
      actions: ["kms:CreateGrant", ...USE_OF_KEY],
      resources: ["*"],
      conditions: {
        StringEquals: {
          "kms:CallerAccount": [account],
          "kms:ViaService": [viaService(region, "ec2")],
        },
      },
      wildcardReason,
    },
  ];
}
