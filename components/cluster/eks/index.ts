export * from "./eks-add-ons";
export * from "./eks-add-ons-args";
export {
  CLUSTER_TAG,
  EksAccessPolicy,
  type EksAccessEntryArgs,
  type EksClusterArgs,
  EksLogType,
  EksSupportType,
  type ExistingVpcArgs,
} from "./eks-cluster-args";
export { Vpc } from "./vpc";
export { type FlowLogsArgs, NatGateways, type NetworkArgs, validateVpc, type VpcArgs } from "./vpc-args";
