import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EksFacts } from "../eks-facts";
import { policyDocument } from "../identity/iam-policy";
import { refusePlainText } from "../identity/plain-text";

/** A message that is older tells of a machine that is gone. */
const RETENTION_SECONDS = 300;

/**
 * What AWS tells of machines before or when it takes them away, by the last part of the rule's name.
 *
 * @see https://karpenter.sh/v1.14/reference/cloudformation/ "Interruption Handling"
 */
const events: Record<string, { source: string; detailType: string }> = {
  "spot-interruption": { source: "aws.ec2", detailType: "EC2 Spot Instance Interruption Warning" },
  rebalance: { source: "aws.ec2", detailType: "EC2 Instance Rebalance Recommendation" },
  "state-change": { source: "aws.ec2", detailType: "EC2 Instance State-change Notification" },
  "scheduled-change": { source: "aws.health", detailType: "AWS Health Event" },
  "reservation-interruption": {
    source: "aws.ec2",
    detailType: "EC2 Capacity Reservation Instance Interruption Warning",
  },
};

/** A queue that tells of interruptions, known once everything that fills it is there. */
export interface InterruptionQueue {
  /** Name of the queue. */
  name: pulumi.Output<string>;
  /** ARN of the queue. */
  arn: pulumi.Output<string>;
}

/**
 * Creates the queue from which Karpenter learns that AWS is about to take a machine away, with the rules that fill it.
 *
 * Messages are encrypted where they lie, and only by TLS does one get at them.
 */
export function createInterruptionQueue(name: string, eks: EksFacts, parent: pulumi.Resource): InterruptionQueue {
  const tagsOf = (resource: string) => ({ ...eks.tags, Name: resource });
  const queue = new aws.sqs.Queue(
    `${name}-interruptions`,
    {
      messageRetentionSeconds: RETENTION_SECONDS,
      sqsManagedSseEnabled: true,
      tags: tagsOf(`${name}-interruptions`),
    },
    { parent },
  );
  const rules = Object.entries(events).map(([event, { source, detailType }]) => {
    const rule = new aws.cloudwatch.EventRule(
      `${name}-${event}`,
      {
        description: `${detailType}: for Karpenter on ${eks.name}`,
        eventPattern: JSON.stringify({ source: [source], "detail-type": [detailType] }),
        tags: tagsOf(`${name}-${event}`),
      },
      { parent },
    );
    return { event, rule };
  });
  const policy = new aws.sqs.QueuePolicy(
    `${name}-interruptions-policy`,
    {
      queueUrl: queue.url,
      policy: queuePolicy(
        queue.arn,
        rules.map(({ rule }) => rule.arn),
      ),
    },
    { parent },
  );
  const targets = rules.map(
    ({ event, rule }) =>
      new aws.cloudwatch.EventTarget(
        `${name}-${event}-target`,
        { rule: rule.name, arn: queue.arn },
        { parent, dependsOn: [policy] },
      ),
  );
  const filled = pulumi.all(targets.map(({ id }) => id));
  return { name: filled.apply(() => queue.name), arn: queue.arn };
}

/** Only the rules may write, and nobody in plain text. */
function queuePolicy(queueArn: pulumi.Output<string>, ruleArns: pulumi.Output<string>[]): pulumi.Output<string> {
  return policyDocument([
    {
      sid: "RulesSend",
      principals: { Service: ["events.amazonaws.com"] },
      actions: ["sqs:SendMessage"],
      resources: [queueArn],
      conditions: { ArnEquals: { "aws:SourceArn": ruleArns } },
    },
    refusePlainText("sqs", [queueArn]),
  ]);
}
