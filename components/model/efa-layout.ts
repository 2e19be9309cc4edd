import { gpuInstanceType } from "./accelerators";

/** One network interface that a machine is launched with. */
export interface EfaInterface {
  /** Network card that it is on, from 0. */
  networkCardIndex: number;
  /** Its place on that card, from 0. */
  deviceIndex: number;
  /** `interface` for IP traffic, `efa-only` for the fabric, which takes no address from the subnet. */
  interfaceType: "interface" | "efa-only";
}

/** First card with an Elastic Fabric Adapter where that is not card 0: that of P6-B300 is for IP traffic only. */
const FIRST_EFA_CARD = new Map([["p6-b300.48xlarge", 1]]);

/**
 * The network interfaces that a machine with all its Elastic Fabric Adapters is launched with, the primary one first; none
 * for types that have no adapter.
 *
 * Every adapter is on a card of its own, first on it but for card 0, whose first place the primary interface has: so each
 * node takes one address from its subnet.
 *
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/efa-acc-inst-types.html (read 2026-11)
 * @see https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/b8d4251/pkg/aws/vpc/limits.go (cards of each type)
 * @see https://github.com/aws/aws-parallelcluster/issues/7143 (cards of P6-B300)
 */
export function efaInterfacesOf(instanceType: string): EfaInterface[] {
  const adapters = gpuInstanceType(instanceType)?.efaInterfaces ?? 0;
  if (adapters === 0) return [];
  const firstCard = FIRST_EFA_CARD.get(instanceType) ?? 0;
  const fabric = Array.from({ length: adapters }, (_, index) => ({
    networkCardIndex: firstCard + index,
    deviceIndex: firstCard + index === 0 ? 1 : 0,
    interfaceType: "efa-only" as const,
  }));
  return [{ networkCardIndex: 0, deviceIndex: 0, interfaceType: "interface" }, ...fabric];
}
