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
export { tenantManifests, tenantQuota } from "./tenant-manifests";
