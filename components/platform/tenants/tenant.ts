import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { checkedInputs } from "../../internal";
import type { KubernetesObject } from "../../rendering";
import type { TenantArgs } from "./tenant-args";
import { tenantManifests } from "./tenant-manifests";
import { validateTenant } from "./tenant-validation";

/**
 * A place of its own for a team: a namespace with limits, queues, rights and a network that is closed but for what is
 * allowed.
 *
 * Creates a namespace, a ResourceQuota, a LimitRange, NetworkPolicies, ServiceAccounts, LocalQueues, and Roles with their
 * bindings. With queues, it depends on {@link Queues}.
 */
export class Tenant extends pulumi.ComponentResource {
  /** Namespace of the tenant. */
  public readonly namespace: pulumi.Output<string>;
  /** True once everything of the tenant is there. */
  public readonly ready: pulumi.Output<boolean>;

  /**
   * @throws pulumi.InputPropertiesError when the namespace is Kubernetes' or the platform's own, when rights go to
   * everybody, when a peer of the network is neither a namespace nor a range of addresses, or when a name, number or
   * quantity is misspelt.
   */
  constructor(name: string, args: TenantArgs = {}, opts?: pulumi.ComponentResourceOptions) {
    const errors = validateTenant(name, args);
    super("mlstack:index:Tenant", name, checkedInputs("Tenant", name, args, errors), opts);

    const [first, ...others] = tenantManifests(name, args);
    const namespace = createObject(name, first!, { parent: this }) as k8s.core.v1.Namespace;
    // What bounds the tenant is there before anything of the tenant can be.
    const bounds = create(name, others.filter(isBound), { parent: this, dependsOn: [namespace] });
    const rest = create(
      name,
      others.filter((manifest) => !isBound(manifest)),
      { parent: this, dependsOn: [namespace, ...bounds] },
    );
    this.namespace = namespace.metadata.name;
    this.ready = pulumi.all([...bounds, ...rest].map(({ id }) => id)).apply(() => true);
    this.registerOutputs({ namespace: this.namespace, ready: this.ready });
  }
}

/** Words that names of resources have for the kinds of a tenant, and what makes them. */
const kinds: Record<string, [suffix: string, make: ResourceClass]> = {
  Namespace: ["namespace", k8s.core.v1.Namespace],
  ResourceQuota: ["quota", k8s.core.v1.ResourceQuota],
  LimitRange: ["limits", k8s.core.v1.LimitRange],
  NetworkPolicy: ["network", k8s.networking.v1.NetworkPolicy],
  ServiceAccount: ["account", k8s.core.v1.ServiceAccount],
  Role: ["role", k8s.rbac.v1.Role],
  RoleBinding: ["binding", k8s.rbac.v1.RoleBinding],
  LocalQueue: ["queue", k8s.apiextensions.CustomResource],
};

type ResourceClass = new (name: string, args: never, opts: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** Kueue refuses to lead a LocalQueue elsewhere. */
const remade = { replaceOnChanges: ["spec.clusterQueue"], deleteBeforeReplace: true };

function isBound({ kind }: KubernetesObject): boolean {
  return ["ResourceQuota", "LimitRange", "NetworkPolicy"].includes(kind);
}

function create(name: string, manifests: KubernetesObject[], opts: pulumi.CustomResourceOptions) {
  return manifests.map((manifest) => createObject(name, manifest, opts));
}

/** A kind that there is one of needs no name of its own. */
function createObject(name: string, manifest: KubernetesObject, opts: pulumi.CustomResourceOptions) {
  const [suffix, Resource] = kinds[manifest.kind]!;
  const isOnly = ["Namespace", "ResourceQuota", "LimitRange"].includes(manifest.kind);
  const resourceName = `${name}-${suffix}${isOnly ? "" : `-${manifest.metadata.name}`}`;
  return new Resource(resourceName, manifest as never, { ...opts, ...(manifest.kind === "LocalQueue" ? remade : {}) });
}
