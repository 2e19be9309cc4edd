import { beforeEach, describe, expect, it } from "vitest";
import { Cluster, ClusterKind } from "../../../../components/cluster/cluster";
import { EksAddOns } from "../../../../components/cluster/eks/eks-add-ons";
import { Vpc } from "../../../../components/cluster/eks/vpc";
import { eksFacts as eks } from "../../../support/eks-facts";
import { type AwsProgram, policyIn, rightsByRole, startAwsProgram } from "./aws-program";

let program: AwsProgram;
beforeEach(async () => {
  program = await startAwsProgram();
});

const keyUse = [
  "kms:CreateGrant",
  "kms:Decrypt",
  "kms:DescribeKey",
  "kms:Encrypt",
  "kms:GenerateDataKey",
  "kms:GenerateDataKeyWithoutPlaintext",
  "kms:ReEncryptFrom",
  "kms:ReEncryptTo",
];

describe("rights in AWS", () => {
  it("of a cluster's roles are these and no more", async () => {
    new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1", sessionManager: true } });
    expect(await rightsByRole(program)).toEqual({
      "lab-node": ["AmazonEC2ContainerRegistryPullOnly", "AmazonEKSWorkerNodePolicy", "AmazonSSMManagedInstanceCore"],
      "lab-role": ["AmazonEKSClusterPolicy"],
      "lab-vpc-cni-role": ["AmazonEKS_CNI_Policy"],
    });
  });

  it("of a VPC's roles are these and no more", async () => {
    new Vpc("net", { region: "us-east-1", flowLogs: {} });
    expect(await rightsByRole(program)).toEqual({
      "net-flow-logs-role": [
        "logs:CreateLogStream",
        "logs:DescribeLogGroups",
        "logs:DescribeLogStreams",
        "logs:PutLogEvents",
      ],
    });
  });

  it("of the add-ons' roles are these and no more", async () => {
    new EksAddOns("storage", { eks, datasetBucketArns: ["arn:aws:s3:::corpus"] });
    expect(await rightsByRole(program)).toEqual({
      "storage-aws-ebs-csi-driver-role": [...keyUse, "service-role/AmazonEBSCSIDriverPolicy"].sort(),
      "storage-aws-efs-csi-driver-role": ["service-role/AmazonEFSCSIDriverPolicy"],
      "storage-aws-fsx-csi-driver-role": [
        "fsx:CreateFileSystem",
        "fsx:DeleteFileSystem",
        "fsx:DescribeFileSystems",
        "fsx:TagResource",
        "fsx:UpdateFileSystem",
        "iam:CreateServiceLinkedRole",
        ...keyUse,
      ].sort(),
      "storage-aws-mountpoint-s3-csi-driver-role": ["kms:Decrypt", "s3:GetObject", "s3:ListBucket"],
    });
  });

  it("to use the cluster's key are limited to one service each", async () => {
    new EksAddOns("storage", { eks });
    for (const [addOn, service] of [
      ["ebs", "ec2"],
      ["fsx", "fsx"],
    ] as const) {
      const rights = policyIn(await program.resource(`storage-aws-${addOn}-csi-driver-role-rights`)).Statement;
      const onKey = rights.filter(({ Action }) => (Action as string[]).some((action) => action.startsWith("kms:")));
      expect(onKey).toHaveLength(2);
      for (const { Condition } of onKey) {
        expect(Condition).toMatchObject({ StringEquals: { "kms:ViaService": [`${service}.us-east-1.amazonaws.com`] } });
      }
    }
  });

  it("on the cluster's key belong to the account, and through EC2 to whoever in it starts machines", async () => {
    new Cluster("lab", { kind: ClusterKind.eks, eks: { region: "us-east-1" } });
    expect(policyIn(await program.resource("lab-key")).Statement).toEqual([
      {
        Sid: "AccountDecides",
        Effect: "Allow",
        Principal: { AWS: ["arn:aws:iam::123456789012:root"] },
        Action: ["kms:*"],
        Resource: ["*"],
      },
      {
        Sid: "VolumesThroughEc2",
        Effect: "Allow",
        Principal: { AWS: ["*"] },
        Action: keyUse,
        Resource: ["*"],
        Condition: {
          StringEquals: {
            "kms:CallerAccount": ["123456789012"],
            "kms:ViaService": ["ec2.us-east-1.amazonaws.com"],
          },
        },
      },
    ]);
  });
});
