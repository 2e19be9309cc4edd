import type * as aws from "@pulumi/aws";
import { compact } from "../../internal";
import type { EksClusterArgs } from "./eks-cluster-args";
import { type AddOnScope, createManagedAddOn, type ManagedAddOn } from "./managed-add-on";

/** Names of the add-ons that a machine needs to become a ready node; EKS Auto Mode brings its own. */
export function networkingAddOns({ autoMode = false }: Pick<EksClusterArgs, "autoMode">): string[] {
  return autoMode ? [] : addOns.map(({ addOnName }) => addOnName);
}

/**
 * Creates what a machine needs to become a ready node: addresses for pods, routes to Services, and the agent that hands
 * out AWS rights. They are there before the first node, and go after the last one.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html (read 2026-08)
 */
export function createNetworkingAddOns(scope: AddOnScope, args: EksClusterArgs): aws.eks.Addon[] {
  const names = networkingAddOns(args);
  return addOns
    .filter(({ addOnName }) => names.includes(addOnName))
    .map((addOn) => {
      const version = args.addOnVersions?.[addOn.addOnName];
      const configuration = settingsOf(addOn, args);
      return createManagedAddOn(scope, compact({ ...addOn, version, configuration }));
    });
}

function settingsOf({ configuration, withPrefixes }: NetworkingAddOn, { prefixDelegation = false }: EksClusterArgs) {
  return prefixDelegation && withPrefixes !== undefined ? { ...configuration, ...withPrefixes } : configuration;
}

interface NetworkingAddOn extends ManagedAddOn {
  /** Settings where pods get addresses in blocks. */
  withPrefixes?: object;
}

const addOns: NetworkingAddOn[] = [
  { addOnName: "eks-pod-identity-agent" },
  { addOnName: "kube-proxy" },
  {
    addOnName: "vpc-cni",
    role: { serviceAccounts: ["aws-node"], managedPolicies: ["AmazonEKS_CNI_Policy"] },
    // Off unless asked for: NetworkPolicies would be there, and nobody would enforce them.
    // https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html (read 2026-08)
    configuration: { enableNetworkPolicy: "true" },
    // https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html (read 2026-08)
    withPrefixes: { env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" } },
  },
];
