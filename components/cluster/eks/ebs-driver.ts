import type { EksFacts } from "../eks-facts";

/** @see https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html (read 2026-08) */
const EBS_DRIVERS = { addOn: "ebs.csi.aws.com", autoMode: "ebs.csi.eks.amazonaws.com" };

/** Name of the driver for EBS that a cluster has: the add-on's, or the one inside EKS Auto Mode. */
export function ebsDriverOf({ autoMode }: Pick<EksFacts, "autoMode">): string {
  return autoMode ? EBS_DRIVERS.autoMode : EBS_DRIVERS.addOn;
}
