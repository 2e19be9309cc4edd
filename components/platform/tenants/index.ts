export * from "./tenant";
export {
  type ContainerDefaults,
  type NetworkPeer,
  type TenantArgs,
  type TenantLimits,
  type TenantMembers,
  type TenantNetwork,
  type TenantQueue,
  type TenantServiceAccount,
} from "./tenant-args";
export { tenantFacts } from "./tenant-facts";
export { tenantManifests, tenantQuota } from "./tenant-manifests";
