import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, it } from "vitest";
import {
  accessPolicyArn,
  checkStatements,
  type IamStatement,
  managedPolicyArn,
  policyDocument,
  trustDocument,
  TrustedService,
  viaService,
} from "../../../../components/cluster/identity/iam-policy";
import { startMocks, valueOf } from "../../../support/mocks";

beforeEach(() => startMocks());

const read: IamStatement = { sid: "Read", actions: ["s3:GetObject"], resources: ["arn:aws:s3:::data/model"] };

describe("policyDocument", () => {
  it("allows what the statements say, and keeps the reasons for wildcards to itself", async () => {
    const statement: IamStatement = {
      ...read,
      resources: [pulumi.output("arn:aws:s3:::data/*")],
      conditions: { StringEquals: { "aws:ResourceTag/team": [pulumi.output("vision"), "speech"] } },
      wildcardReason: "All objects.",
    };
    expect(JSON.parse(await valueOf(policyDocument([statement])))).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::data/*"],
          Condition: { StringEquals: { "aws:ResourceTag/team": ["vision", "speech"] } },
        },
      ],
    });
  });

  it("names who may do it where the policy belongs to a resource", async () => {
    const statement = { ...read, principals: { Service: ["events.amazonaws.com"] } };
    const document = JSON.parse(await valueOf(policyDocument([statement]))) as { Statement: object[] };
    expect(document.Statement[0]).toMatchObject({ Principal: { Service: ["events.amazonaws.com"] } });
  });

  it("refuses a wildcard without a reason", () => {
    expect(() => policyDocument([{ ...read, resources: ["*"] }])).toThrow(
      new RangeError(
        "statements[0].wildcardReason is missing; allowed: a reason. " +
          "Name what * stands for, or write down why it must be a wildcard.",
      ),
    );
  });
});

describe("checkStatements", () => {
  it.each<[string, IamStatement]>([
    ["named actions on named resources", read],
    ["a wildcard with a reason", { ...read, actions: ["s3:Get*"], wildcardReason: "All ways to read." }],
    ["a resource that is not known yet", { ...read, resources: [pulumi.output("*")] }],
  ])("accepts %s", (_given, statement) => {
    expect(checkStatements("statements", [statement])).toEqual([]);
  });

  it.each<[string, IamStatement[], string]>([
    [
      "a wildcard in an action",
      [{ ...read, actions: ["s3:Get*"] }],
      "statements[0].wildcardReason is missing; allowed: a reason. " +
        "Name what s3:Get* stands for, or write down why it must be a wildcard.",
    ],
    [
      "a reason that says nothing",
      [{ ...read, resources: ["arn:aws:s3:::data/*"], wildcardReason: " " }],
      "statements[0].wildcardReason is missing; allowed: a reason. " +
        "Name what arn:aws:s3:::data/* stands for, or write down why it must be a wildcard.",
    ],
    [
      "a name with a hyphen",
      [{ ...read, sid: "read-data" }],
      'statements[0].sid is "read-data"; allowed: letters and digits, each sid once. Rename the statement.',
    ],
    [
      "a name that is taken",
      [read, read],
      'statements[1].sid is "Read"; allowed: letters and digits, each sid once. Rename the statement.',
    ],
    ["no action", [{ ...read, actions: [] }], "statements[0].actions is []; allowed: at least one action. Name it."],
    ["no resource", [{ ...read, resources: [] }], "statements[0].resources is []; allowed: at least one ARN. Name it."],
  ])("refuses %s", (_given, statements, reason) => {
    expect(checkStatements("statements", statements).map((problem) => problem.reason)).toEqual([reason]);
  });
});

describe("trustDocument", () => {
  it.each([
    { service: TrustedService.podIdentity, actions: ["sts:AssumeRole", "sts:TagSession"] },
    { service: TrustedService.eks, actions: ["sts:AssumeRole", "sts:TagSession"] },
    { service: TrustedService.ec2, actions: ["sts:AssumeRole"] },
    { service: TrustedService.vpcFlowLogs, actions: ["sts:AssumeRole"] },
  ])("lets $service assume the role: $actions", ({ service, actions }) => {
    expect(JSON.parse(trustDocument(service))).toEqual({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: actions }],
    });
  });
});

describe("accessPolicyArn and viaService", () => {
  it.each([
    ["eu-west-1", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy", "s3.eu-west-1.amazonaws.com"],
    ["cn-north-1", "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy", "s3.cn-north-1.amazonaws.com.cn"],
    ["xx-new-1", "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy", "s3.xx-new-1.amazonaws.com"],
  ])("in %s are %s and %s", (region, policy, service) => {
    expect([accessPolicyArn(region, "AmazonEKSViewPolicy"), viaService(region, "s3")]).toEqual([policy, service]);
  });
});

describe("managedPolicyArn", () => {
  it.each([
    ["eu-west-1", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
    ["cn-north-1", "arn:aws-cn:iam::aws:policy/AmazonEKS_CNI_Policy"],
    ["us-gov-west-1", "arn:aws-us-gov:iam::aws:policy/AmazonEKS_CNI_Policy"],
    ["a region that is too new", "arn:aws:iam::aws:policy/AmazonEKS_CNI_Policy"],
  ])("spells the partition of %s", (region, arn) => {
    expect(managedPolicyArn(region, "AmazonEKS_CNI_Policy")).toBe(arn);
  });
});
