import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type InputProblem, problemAt } from "../../internal";
import type { EksFacts } from "../eks-facts";
import { type IamStatement, policyDocument } from "../identity/iam-policy";
import { PodIdentityRole } from "../identity/pod-identity-role";

/** Rights that the pods of one service account are to have. */
export interface WorkloadRights {
  namespace: string;
  serviceAccount: string;
  statements: IamStatement[];
}

/** Roles by workload identity, which is spelt `namespace/serviceAccount`. */
export type RolesByIdentity = Record<string, pulumi.Output<string>>;

/** Where IAM's 64 characters leave no room for what Pulumi puts behind the name of a role. */
const ROLE_NAME_LIMIT = 56;

/** How a workload identity is spelt wherever roles are listed. */
export function identityOf({ namespace, serviceAccount }: { namespace: string; serviceAccount: string }): string {
  return `${namespace}/${serviceAccount}`;
}

/**
 * Grants rights to workload identities, and tells the name of each one's role.
 *
 * EKS lets a service account have one role. So rights go into the role that `roleNames` lists, and only where it lists
 * none, a role is created.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-association.html
 */
export function grantWorkloadRights(
  name: string,
  eks: EksFacts,
  workloads: WorkloadRights[],
  roleNames: Record<string, pulumi.Input<string>>,
  parent: pulumi.Resource,
): RolesByIdentity {
  const roles = workloads.map(({ namespace, serviceAccount, statements }) => {
    const identity = identityOf({ namespace, serviceAccount });
    const childName = `${name}-${namespace}-${serviceAccount}`;
    const given = roleNames[identity];
    if (given === undefined) {
      const role = new PodIdentityRole(childName, { eks, namespace, serviceAccount, statements }, { parent });
      return [identity, role.roleName] as const;
    }
    const policy = policyDocument(statements);
    const rights = new aws.iam.RolePolicy(`${childName}-rights`, { role: given, policy }, { parent });
    return [identity, pulumi.all([given, rights.id]).apply(([roleName]) => roleName)] as const;
  });
  return Object.fromEntries(roles);
}

/** Checks that names of roles belong to identities that are granted something. */
export function checkRoleNames(
  roleNames: Record<string, pulumi.Input<string>> | undefined,
  identities: string[],
): InputProblem[] {
  return Object.keys(roleNames ?? {}).flatMap((key) => {
    if (identities.includes(key)) return [];
    const remedy = "Write it as namespace/serviceAccount, or remove it.";
    return [problemAt(`roleNames["${key}"]`, "of nobody who is granted anything", identities.join(", "), remedy)];
  });
}

/** Checks that the role which an identity is to get can be named after it. */
export function checkRoleLength(
  path: string,
  name: string,
  workload: { namespace: string; serviceAccount: string },
): InputProblem[] {
  const length = `${name}-${workload.namespace}-${workload.serviceAccount}-role`.length;
  if (length <= ROLE_NAME_LIMIT) return [];
  const remedy =
    "Shorten the name of the component, the namespace or the service account, or list a role in roleNames.";
  return [problemAt(path, `the reason for a role name of ${length} characters`, `at most ${ROLE_NAME_LIMIT}`, remedy)];
}
