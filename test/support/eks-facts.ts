import type { EksFacts } from "../../components";
import { compact } from "../../components/internal";

/** A cluster on EKS with three zones, as pools and controllers see it. */
export const eksFacts: EksFacts = {
  name: "lab",
  clusterName: "lab",
  region: "us-east-1",
  kubernetesVersion: "1.35",
  vpcId: "vpc-1",
  subnets: ["a", "b", "c"].map((letter) => ({
    availabilityZone: `us-east-1${letter}`,
    subnetId: `subnet-${letter}`,
  })),
  clusterSecurityGroupId: "sg-cluster",
  nodeRoleArn: "arn:aws:iam::123456789012:role/lab-node",
  nodeRoleName: "lab-node",
  kmsKeyArn: "arn:aws:kms:us-east-1:123456789012:key/lab",
  tags: { "mlstack:cluster": "lab" },
};

/** The same in Auto Mode. */
export const autoFacts: EksFacts = { ...eksFacts, autoMode: true };

/** The same without a key of its own. */
export const keyless: EksFacts = compact({ ...eksFacts, kmsKeyArn: undefined });
