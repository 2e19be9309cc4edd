import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { compact } from "../../internal";
import { type IamStatement, managedPolicyArn, TrustedService } from "../identity/iam-policy";
import { createServiceRole } from "../identity/service-role";

/** Rights of an add-on, and the service accounts that have them. */
export interface AddOnRole {
  serviceAccounts: string[];
  /** Names of policies of AWS, with the part before the name where there is one, for example `service-role/`. */
  managedPolicies?: string[];
  statements?: IamStatement[];
}

/** What an add-on is made from. */
export interface ManagedAddOn {
  addOnName: string;
  /** EKS's default version for the cluster's version of Kubernetes where not given. */
  version?: string;
  /** Settings, as the add-on's own schema has them. */
  configuration?: object;
  role?: AddOnRole;
}

/** Cluster that add-ons are for. */
export interface AddOnScope {
  /** Name of the component; names of add-ons begin with it. */
  name: string;
  clusterName: pulumi.Input<string>;
  region: string;
  tags: Record<string, string>;
  parent: pulumi.Resource;
  dependsOn: pulumi.Resource[];
}

/**
 * Creates an add-on that EKS keeps, with its rights in AWS.
 *
 * What somebody changed on the cluster is set back. Destroying the add-on removes it from the cluster, so that nothing
 * that it made is left unattended.
 */
export function createManagedAddOn(scope: AddOnScope, addOn: ManagedAddOn): aws.eks.Addon {
  const { clusterName, tags, parent, dependsOn } = scope;
  const name = `${scope.name}-${addOn.addOnName}`;
  return new aws.eks.Addon(
    name,
    compact({
      clusterName,
      addonName: addOn.addOnName,
      addonVersion: addOn.version,
      configurationValues: addOn.configuration === undefined ? undefined : JSON.stringify(addOn.configuration),
      podIdentityAssociations: addOn.role === undefined ? undefined : associations(scope, name, addOn.role),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      preserve: false,
      tags: { ...tags, Name: name },
    }),
    { parent, dependsOn },
  );
}

function associations({ region, tags, parent }: AddOnScope, name: string, role: AddOnRole) {
  const { serviceAccounts, managedPolicies = [], statements = [] } = role;
  const { arn } = createServiceRole(
    `${name}-role`,
    {
      service: TrustedService.podIdentity,
      description: `EKS add-on ${name}`,
      managedPolicyArns: managedPolicies.map((policy) => managedPolicyArn(region, policy)),
      statements,
      tags,
    },
    parent,
  );
  return serviceAccounts.map((serviceAccount) => ({ serviceAccount, roleArn: arn }));
}
