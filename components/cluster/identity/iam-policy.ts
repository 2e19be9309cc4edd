import * as pulumi from "@pulumi/pulumi";
import { compact, type InputProblem, inputProblem, isPlain } from "../../internal";
import { AwsPartition, awsRegion } from "../../model";

/** One thing that a role may do, and to what. */
export interface IamStatement {
  /** Letters and digits that say what the right is for; unique within a policy. */
  sid: string;
  /** Actions, for example `s3:GetObject`. */
  actions: string[];
  /** ARNs that the actions may be used on. */
  resources: pulumi.Input<string>[];
  /** By operator and key, the values of which one must match: `{ StringEquals: { "aws:ResourceTag/x": ["y"] } }`. */
  conditions?: Record<string, Record<string, pulumi.Input<string>[]>>;
  /** Why an action or resource has a `*` in it; required where one has. */
  wildcardReason?: string;
}

/** One thing that others may do to the resource that carries the policy, for example to a key or a queue. */
export interface ResourceStatement extends IamStatement {
  /** Who may do it, by kind of principal: `{ Service: ["events.amazonaws.com"] }`. */
  principals: Record<string, pulumi.Input<string>[]>;
  /** Whether it is forbidden instead, whatever else allows it; `false` by default. */
  denied?: boolean;
}

/** Who may assume a role. */
export const TrustedService = {
  /** EC2 machines, through their instance profile. */
  ec2: "ec2.amazonaws.com",
  /** The control plane of EKS. */
  eks: "eks.amazonaws.com",
  /** Pods, through EKS Pod Identity. */
  podIdentity: "pods.eks.amazonaws.com",
  /** Flow logs of a VPC. */
  vpcFlowLogs: "vpc-flow-logs.amazonaws.com",
} as const;
/** Who may assume a role. */
export type TrustedService = (typeof TrustedService)[keyof typeof TrustedService];

/**
 * How each service assumes a role: Pod Identity and EKS Auto Mode tag their sessions.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html (read 2026-08)
 * @see https://docs.aws.amazon.com/eks/latest/userguide/automode-learn-iam.html (read 2026-08)
 */
const trustedActions: Record<TrustedService, string[]> = {
  "ec2.amazonaws.com": ["sts:AssumeRole"],
  "eks.amazonaws.com": ["sts:AssumeRole", "sts:TagSession"],
  "pods.eks.amazonaws.com": ["sts:AssumeRole", "sts:TagSession"],
  "vpc-flow-logs.amazonaws.com": ["sts:AssumeRole"],
};

const POLICY_LANGUAGE = "2012-10-17";

/** The trust policy, as JSON, of a role that one AWS service may assume. */
export function trustDocument(service: TrustedService): string {
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: trustedActions[service] };
  return JSON.stringify({ Version: POLICY_LANGUAGE, Statement: [statement] });
}

/**
 * The policy, as JSON, that says what the statements say.
 *
 * @throws RangeError when a statement is one that {@link checkStatements} refuses: rights are written by us, not by
 * users, so this is a mistake in the program.
 */
export function policyDocument(statements: IamStatement[] | ResourceStatement[]): pulumi.Output<string> {
  const [problem] = checkStatements("statements", statements);
  if (problem !== undefined) throw new RangeError(problem.reason);
  return pulumi.jsonStringify({ Version: POLICY_LANGUAGE, Statement: statements.map(renderStatement) });
}

/**
 * Checks statements: each has a name of its own, says something, and gives a reason for its wildcards.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html (read 2026-08)
 */
export function checkStatements(path: string, statements: IamStatement[]): InputProblem[] {
  const sids = statements.map(({ sid }) => sid);
  return statements.flatMap((statement, index) => {
    const at = `${path}[${index}]`;
    const { sid, actions, resources } = statement;
    return [
      ...(/^[A-Za-z0-9]+$/.test(sid) && sids.indexOf(sid) === index ? [] : [sidProblem(at, sid)]),
      ...(actions.length > 0 ? [] : [inputProblem(`${at}.actions`, actions, "at least one action", "Name it.")]),
      ...(resources.length > 0 ? [] : [inputProblem(`${at}.resources`, resources, "at least one ARN", "Name it.")]),
      ...checkWildcards(at, statement),
    ];
  });
}

/**
 * ARN of a policy that AWS maintains, in the partition of a region; `path` is the part before the name, for example
 * `service-role/`.
 */
export function managedPolicyArn(region: string, policy: string): string {
  return `arn:${partitionOf(region)}:iam::aws:policy/${policy}`;
}

/**
 * ARN of an access policy of EKS, by which it grants rights in Kubernetes, in the partition of a region.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html (read 2026-08)
 */
export function accessPolicyArn(region: string, policy: string): string {
  return `arn:${partitionOf(region)}:eks::aws:cluster-access-policy/${policy}`;
}

/**
 * How the condition key `kms:ViaService` names a service of a region, for example `ec2`, that uses a key for others.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html "kms:ViaService" (read 2026-11)
 */
export function viaService(region: string, service: string): string {
  return `${service}.${region}.${awsRegion(region)?.dnsSuffix ?? "amazonaws.com"}`;
}

/** Second part of every ARN in a region; `aws` for a region that is too new to be listed. */
export function partitionOf(region: string): AwsPartition {
  return awsRegion(region)?.partition ?? AwsPartition.commercial;
}

function renderStatement(statement: IamStatement | ResourceStatement) {
  const { sid, actions, resources, conditions } = statement;
  const { principals, denied = false } = "principals" in statement ? statement : {};
  return compact({
    Sid: sid,
    Effect: denied ? "Deny" : "Allow",
    Principal: principals,
    Action: actions,
    Resource: resources,
    Condition: conditions,
  });
}

function sidProblem(at: string, sid: string): InputProblem {
  return inputProblem(`${at}.sid`, sid, "letters and digits, each sid once", "Rename the statement.");
}

function checkWildcards(at: string, { actions, resources, wildcardReason = "" }: IamStatement): InputProblem[] {
  const wildcards = [...actions, ...resources.filter((each) => isPlain(each))].filter((each) => each.includes("*"));
  if (wildcards.length === 0 || wildcardReason.trim() !== "") return [];
  const remedy = `Name what ${wildcards.join(", ")} stands for, or write down why it must be a wildcard.`;
  return [inputProblem(`${at}.wildcardReason`, undefined, "a reason", remedy)];
}
