import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { checkDnsLabel, checkedInputs, compact, type InputProblem, inputProblem, isPlain } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { checkStatements, type IamStatement, TrustedService } from "./iam-policy";
import { createServiceRole } from "./service-role";

/** What a {@link PodIdentityRole} is made from. */
export interface PodIdentityRoleArgs {
  /** Cluster that the pods run on; its agent for Pod Identity must be installed. */
  eks: EksFacts;
  /** Namespace of the pods. */
  namespace: pulumi.Input<string>;
  /** Service account of the pods. It needs no annotation, and need not exist yet. */
  serviceAccount: pulumi.Input<string>;
  /** What the pods may do; none by default, where managed policies say it all. */
  statements?: IamStatement[];
  /** ARNs of policies that are maintained elsewhere; none by default. */
  managedPolicyArns?: pulumi.Input<string>[];
  /** Name of the role in the account, at most 64 characters; made up by Pulumi by default. */
  roleName?: pulumi.Input<string>;
  /** ARN of the policy that bounds what the role can ever do; none by default. */
  permissionsBoundaryArn?: pulumi.Input<string>;
}

/**
 * Rights in AWS for the pods of one service account, through EKS Pod Identity.
 *
 * Creates a role, its policies, and the association of the role with the service account.
 */
export class PodIdentityRole extends pulumi.ComponentResource {
  /** ARN of the role, known once its pods can use it. */
  public readonly roleArn: pulumi.Output<string>;
  /** Name of the role, known once its pods can use it. */
  public readonly roleName: pulumi.Output<string>;

  /**
   * @throws pulumi.InputPropertiesError when the role would have no rights, when a statement has a wildcard without a
   * reason, is empty or not named uniquely, or when namespace or service account cannot be ones.
   */
  constructor(name: string, args: PodIdentityRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const errors = validatePodIdentityRole(name, args);
    super("mlstack:index:PodIdentityRole", name, checkedInputs("PodIdentityRole", name, args, errors), opts);

    const { eks, namespace, serviceAccount, statements, managedPolicyArns, roleName, permissionsBoundaryArn } = args;
    const role = createServiceRole(
      `${name}-role`,
      compact({
        service: TrustedService.podIdentity,
        description: `Pods of the cluster ${eks.name}: ${name}`,
        statements,
        managedPolicyArns,
        roleName,
        permissionsBoundaryArn,
        tags: eks.tags,
      }),
      this,
    );
    const association = new aws.eks.PodIdentityAssociation(
      `${name}-association`,
      {
        clusterName: eks.clusterName,
        namespace,
        serviceAccount,
        roleArn: role.arn,
        tags: { ...eks.tags, Name: `${name}-association` },
      },
      { parent: this },
    );
    this.roleArn = association.roleArn;
    this.roleName = pulumi.all([role.name, association.id]).apply(([given]) => given);
    this.registerOutputs({ roleArn: this.roleArn, roleName: this.roleName });
  }
}

/** Checks a role's inputs as far as they are known. */
export function validatePodIdentityRole(_name: string, args: PodIdentityRoleArgs): InputProblem[] {
  const { namespace, serviceAccount, roleName, statements = [], managedPolicyArns = [] } = args;
  return [
    ...(isPlain(namespace) ? checkDnsLabel("namespace", namespace) : []),
    ...(isPlain(serviceAccount) ? checkServiceAccount(serviceAccount) : []),
    ...(isPlain(roleName) ? checkRoleName(roleName) : []),
    ...(statements.length + managedPolicyArns.length > 0 ? [] : [withoutRights]),
    ...checkStatements("statements", statements),
  ];
}

const withoutRights = inputProblem(
  "statements",
  [],
  "at least one statement, or an ARN in managedPolicyArns",
  "Say what the pods may do, or leave the role out.",
);

/** @see https://kubernetes.io/docs/concepts/security/service-accounts/ (Kubernetes 1.36): a DNS subdomain */
function checkServiceAccount(serviceAccount: string): InputProblem[] {
  if (
    serviceAccount.length <= 253 &&
    serviceAccount.split(".").every((label) => checkDnsLabel("", label).length === 0)
  ) {
    return [];
  }
  const allowed = "lower-case letters, digits, inner hyphens and dots";
  return [inputProblem("serviceAccount", serviceAccount, allowed, "Give the name of the pods' service account.")];
}

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html (read 2026-08) */
function checkRoleName(roleName: string): InputProblem[] {
  if (/^[\w+=,.@-]{1,64}$/.test(roleName)) return [];
  const allowed = "1 to 64 letters, digits and any of _+=,.@-";
  return [inputProblem("roleName", roleName, allowed, "Rename the role.")];
}
