import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { accountManifests, bindingManifests, type RightsArgs, roleManifests } from "./argo/rights";

/** Registers what gives a workflow its rights, and returns all of it, so that the workflow comes after it. */
export function workflowRights(name: string, args: RightsArgs, parent: pulumi.Resource): pulumi.Resource[] {
  const objectName = args.objectName ?? name;
  const resource = ({ metadata }: { metadata: object }, suffix: string) => {
    const own = (metadata as { name: string }).name.slice(objectName.length);
    return `${name}${own}-${suffix}`;
  };
  const accounts = accountManifests(objectName, args).map(
    (account) => new k8s.core.v1.ServiceAccount(resource(account, "account"), account as object, { parent }),
  );
  const roles = roleManifests(objectName, args).map(
    (role) => new k8s.rbac.v1.Role(resource(role, "role"), role as object, { parent }),
  );
  // A binding must say in which namespace the account is, also where the provider's default one holds.
  const namespace = args.namespace ?? roles[0]?.metadata.namespace ?? "default";
  const bindings = bindingManifests(objectName, args, namespace).map(
    (binding) =>
      new k8s.rbac.v1.RoleBinding(resource(binding, "binding"), binding as k8s.rbac.v1.RoleBindingArgs, { parent }),
  );
  return [...accounts, ...roles, ...bindings];
}

/** The service account of a spec; empty where it names none. */
export function accountOf(spec: unknown): pulumi.Input<string> {
  return (spec as { serviceAccountName?: pulumi.Input<string> }).serviceAccountName ?? "";
}
