import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type IamStatement, TrustedService } from "../identity/iam-policy";
import { createServiceRole } from "../identity/service-role";
import { DEFAULT_LOG_RETENTION_DAYS } from "./log-retention";
import type { FlowLogsArgs } from "./vpc-args";
import { tagsOf, type VpcScope } from "./vpc-scope";

/** Creates the record of a VPC's traffic in a log group of its own. */
export function createFlowLogs(scope: VpcScope, { retentionDays }: FlowLogsArgs): void {
  const { parent } = scope;
  const name = `${scope.name}-flow-logs`;
  const group = new aws.cloudwatch.LogGroup(
    `${name}-group`,
    { retentionInDays: retentionDays ?? DEFAULT_LOG_RETENTION_DAYS, tags: tagsOf(scope, `${name}-group`) },
    { parent },
  );
  const role = createServiceRole(
    `${name}-role`,
    {
      service: TrustedService.vpcFlowLogs,
      description: `Flow logs of the VPC ${scope.name}`,
      statements: [writeTo(group.arn)],
      tags: scope.tags,
    },
    parent,
  );
  new aws.ec2.FlowLog(
    name,
    {
      vpcId: scope.vpcId,
      trafficType: "ALL",
      maxAggregationInterval: 600,
      logDestinationType: "cloud-watch-logs",
      logDestination: group.arn,
      iamRoleArn: role.arn,
      tags: tagsOf(scope, name),
    },
    { parent },
  );
}

/** @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html (read 2026-08) */
function writeTo(groupArn: pulumi.Output<string>): IamStatement {
  return {
    sid: "WriteFlowLogs",
    actions: ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"],
    resources: [pulumi.interpolate`${groupArn}:*`],
    wildcardReason: "Each network interface gets a log stream of its own in the one group that is named.",
  };
}
