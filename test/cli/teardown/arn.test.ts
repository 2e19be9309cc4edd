import { describe, expect, it } from "vitest";
import { arnParts } from "../../../cli/teardown/arn";
import { LEFTOVER_KINDS, leftoverKindOf, NOT_LEFTOVERS } from "../../../cli/teardown/leftover-kinds";

describe("an ARN", () => {
  const account = "eu-west-1:123456789012";
  it.each([
    [`arn:aws:ec2:${account}:volume/vol-1`, "ec2:volume", "vol-1"],
    [`arn:aws-cn:ec2:${account}:instance/i-1`, "ec2:instance", "i-1"],
    [
      `arn:aws:elasticloadbalancing:${account}:loadbalancer/net/k8s/0a`,
      "elasticloadbalancing:loadbalancer",
      "net/k8s/0a",
    ],
    [`arn:aws:elasticloadbalancing:${account}:loadbalancer/classic`, "elasticloadbalancing:loadbalancer", "classic"],
    [`arn:aws:logs:${account}:log-group:/aws/eks/prod/cluster:*`, "logs:log-group", "/aws/eks/prod/cluster"],
    ["arn:aws:s3:::prod-artifacts", "s3:bucket", "prod-artifacts"],
    [`arn:aws:sqs:${account}:karpenter`, "sqs:queue", "karpenter"],
    [`arn:aws:kms:${account}:key/1-2`, "kms:key", "1-2"],
    [`arn:aws:eks:${account}:nodegroup/prod/gpu/3c`, "eks:nodegroup", "prod/gpu/3c"],
    [
      `arn:aws:autoscaling:${account}:autoScalingGroup:3c:autoScalingGroupName/eks-gpu`,
      "autoscaling:autoScalingGroup",
      "3c:autoScalingGroupName/eks-gpu",
    ],
    ["arn:aws:iam::123456789012:instance-profile/prod_1", "iam:instance-profile", "prod_1"],
    [`arn:aws:new-service:${account}:thing`, "new-service:thing", "thing"],
  ])("%s names a %s", (arn, kind, id) => {
    expect(arnParts(arn)).toEqual({ kind, id });
  });
});

describe("the remedies", () => {
  it.each([
    ["eks:nodegroup", "prod/gpu/3c", "eks delete-nodegroup --cluster-name prod --nodegroup-name gpu"],
    ["eks:addon", "prod/vpc-cni/3c", "eks delete-addon --cluster-name prod --addon-name vpc-cni"],
    [
      "eks:podidentityassociation",
      "prod/a-1",
      "eks delete-pod-identity-association --cluster-name prod --association-id a-1",
    ],
    [
      "autoscaling:autoScalingGroup",
      "3c:autoScalingGroupName/eks-gpu",
      "autoscaling delete-auto-scaling-group --force-delete --auto-scaling-group-name eks-gpu",
    ],
    ["iam:instance-profile", "karpenter/prod_1", "iam delete-instance-profile --instance-profile-name prod_1"],
  ])("of a %s take its names out of the ARN", (kind, id, command) => {
    expect(leftoverKindOf(kind).command?.({ arn: "", id })).toBe(command);
  });

  it("of a queue name its address, in China that of China", () => {
    const command = (arn: string) => leftoverKindOf("sqs:queue").command?.({ arn, id: "q" });
    expect(command("arn:aws:sqs:eu-west-1:1:q")).toBe(
      "sqs delete-queue --queue-url https://sqs.eu-west-1.amazonaws.com/1/q",
    );
    expect(command("arn:aws-cn:sqs:cn-north-1:1:q")).toBe(
      "sqs delete-queue --queue-url https://sqs.cn-north-1.amazonaws.com.cn/1/q",
    );
  });

  it("of an unknown type are to look it up", () => {
    expect(leftoverKindOf("sns:topic")).toEqual({
      kind: "sns:topic",
      label: "sns:topic",
      cause: "nothing special is known about its type",
      remedy: "Look it up by its ARN in the AWS console, and delete it there if nobody needs it.",
    });
  });

  it("are one per type, and none for what is not listed", () => {
    const kinds = LEFTOVER_KINDS.map(({ kind }) => kind);
    expect(new Set(kinds).size).toBe(kinds.length);
    expect(kinds.filter((kind) => NOT_LEFTOVERS.has(kind))).toEqual([]);
  });
});
