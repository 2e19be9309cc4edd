import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { type IamStatement, policyDocument, trustDocument, type TrustedService } from "./iam-policy";

/** What a role is for and may do. */
export interface ServiceRoleArgs {
  /** Who may assume the role. */
  service: TrustedService;
  /** What the role is for, as people read it in the account. */
  description: string;
  /** Rights of the role itself. */
  statements?: IamStatement[];
  /** ARNs of policies that are maintained elsewhere. */
  managedPolicyArns?: pulumi.Input<string>[];
  /** Name of the role in the account; made up by Pulumi by default. */
  roleName?: pulumi.Input<string>;
  /** ARN of the policy that bounds what the role can ever do; none by default. */
  permissionsBoundaryArn?: pulumi.Input<string>;
  /** Tags of the role. */
  tags?: Record<string, string>;
}

/** A role whose ARN and name are known once it has its rights, so that nobody assumes it too early. */
export interface ServiceRole {
  /** ARN of the role. */
  arn: pulumi.Output<string>;
  /** Name of the role. */
  name: pulumi.Output<string>;
  /** The role itself, for whatever takes no ARN. */
  role: aws.iam.Role;
  /** What gives the role its rights. */
  rights: pulumi.Resource[];
}

/** Creates a role that an AWS service assumes, with the rights that it needs. */
export function createServiceRole(name: string, args: ServiceRoleArgs, parent: pulumi.Resource): ServiceRole {
  const role = new aws.iam.Role(
    name,
    compact({
      name: args.roleName,
      description: args.description,
      assumeRolePolicy: trustDocument(args.service),
      permissionsBoundary: args.permissionsBoundaryArn,
      tags: { ...args.tags, Name: name },
    }),
    { parent },
  );
  const { statements = [], managedPolicyArns = [] } = args;
  const rights = [
    ...managedPolicyArns.map(
      (policyArn, index) =>
        new aws.iam.RolePolicyAttachment(`${name}-policy-${index}`, { role: role.name, policyArn }, { parent }),
    ),
    ...(statements.length === 0
      ? []
      : [
          new aws.iam.RolePolicy(`${name}-rights`, { role: role.name, policy: policyDocument(statements) }, { parent }),
        ]),
  ];
  const granted = pulumi.all(rights.map(({ id }) => id));
  return {
    arn: pulumi.all([role.arn, granted]).apply(([arn]) => arn),
    name: pulumi.all([role.name, granted]).apply(([roleName]) => roleName),
    role,
    rights,
  };
}
