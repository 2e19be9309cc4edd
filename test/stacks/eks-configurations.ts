import type { Written } from "./configurations";

/** The configuration of a stack on EKS in which most keys are written. */
export const eksConfig = {
  cluster: {
    kind: "eks",
    eks: {
      region: "us-east-1",
      kubernetesVersion: "1.35",
      vpc: { cidr: "10.0.0.0/16", availabilityZones: ["us-east-1a", "us-east-1b", "us-east-1c"] },
      adminRoleArns: ["arn:aws:iam::123456789012:role/operators"],
    },
  },
  systemPool: { instanceType: "m7i.xlarge", nodes: 2, maxNodes: 4 },
  gpuPools: [
    {
      name: "training",
      instanceType: "p5.48xlarge",
      capacityType: "capacity-block",
      capacityReservationId: "cr-0123456789abcdef0",
      availabilityZones: ["us-east-1b"],
      efa: true,
      placementGroup: true,
      maxGpus: 32,
    },
    {
      name: "batch",
      backEnd: "karpenter",
      instanceTypes: ["g5.xlarge", "g6.xlarge"],
      capacityType: "spot",
      maxUsdPerHour: 20,
      schedules: [{ name: "nightly", from: "01:00", to: "05:00", nodes: 2 }],
    },
    { name: "serving", instanceType: "g6.12xlarge", purpose: "serving", minNodes: 1, maxNodes: 3 },
  ],
  addOns: {
    install: ["coredns", "aws-efs-csi-driver", "aws-fsx-csi-driver", "aws-mountpoint-s3-csi-driver"],
  },
  storage: {
    artifacts: { grants: [{ namespace: "training", serviceAccount: "trainer", access: "read-write" }] },
    volumes: [{ name: "checkpoints", namespace: "training", kind: "efs" }],
    datasets: [
      {
        name: "corpus",
        namespace: "training",
        kind: "s3-mount",
        bucket: { bucketName: "example-corpus", serviceAccounts: ["trainer"] },
      },
    ],
  },
  scenarios: ["mnist", "two-gpu-pod"],
  tags: { "cost-center": "ml" },
  protect: true,
} satisfies Written;
