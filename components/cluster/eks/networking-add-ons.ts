import type * as aws from "@pulumi/aws";
import { type AddOnScope, createManagedAddOn, type ManagedAddOn } from "./managed-add-on";

/**
 * Creates what a machine needs to become a ready node: addresses for pods, routes to Services, and the agent that hands
 * out AWS rights. They are there before the first node, and go after the last one.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html (read 2026-08)
 */
export function createNetworkingAddOns(scope: AddOnScope, prefixDelegation: boolean): aws.eks.Addon[] {
  const addOns: ManagedAddOn[] = [
    { addOnName: "eks-pod-identity-agent" },
    { addOnName: "kube-proxy" },
    {
      addOnName: "vpc-cni",
      role: { serviceAccounts: ["aws-node"], managedPolicies: ["AmazonEKS_CNI_Policy"] },
      ...(prefixDelegation ? { configuration: { env: prefixDelegationEnv } } : {}),
    },
  ];
  return addOns.map((addOn) => createManagedAddOn(scope, addOn));
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses-procedure.html (read 2026-08) */
const prefixDelegationEnv = { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" };
