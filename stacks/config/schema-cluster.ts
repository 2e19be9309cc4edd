import { z } from "zod";
import { ClusterKind, EksAccessPolicy, EksLogType, EksSupportType, NatGateways } from "../../components";
import { count, mapping, nonEmptyText, texts } from "./schema-types";

const subnet = mapping({ availabilityZone: z.string(), subnetId: nonEmptyText });

const vpc = mapping({
  cidr: z.string().exactOptional(),
  availabilityZones: z.array(z.string()).exactOptional(),
  natGateways: z.enum(NatGateways).exactOptional(),
  interfaceEndpoints: z.array(z.string()).exactOptional(),
  flowLogs: mapping({ retentionDays: count.exactOptional() }).exactOptional(),
});

const accessEntry = mapping({
  entryName: z.string(),
  principalArn: z.string(),
  policy: z.enum(EksAccessPolicy).exactOptional(),
  namespaces: z.array(z.string()).exactOptional(),
  kubernetesGroups: z.array(z.string()).exactOptional(),
});

const eks = mapping({
  region: z.string(),
  clusterName: z.string().exactOptional(),
  kubernetesVersion: z.string().exactOptional(),
  supportType: z.enum(EksSupportType).exactOptional(),
  vpc: vpc.exactOptional(),
  existingVpc: mapping({ vpcId: nonEmptyText, subnets: z.array(subnet) }).exactOptional(),
  publicAccessCidrs: z.array(z.string()).exactOptional(),
  privateAccessCidrs: z.array(z.string()).exactOptional(),
  adminRoleArns: z.array(z.string()).exactOptional(),
  accessEntries: z.array(accessEntry).exactOptional(),
  kubeconfigRoleArn: z.string().exactOptional(),
  autoMode: z.boolean().exactOptional(),
  prefixDelegation: z.boolean().exactOptional(),
  addOnVersions: texts.exactOptional(),
  sessionManager: z.boolean().exactOptional(),
  logTypes: z.array(z.enum(EksLogType)).exactOptional(),
  logRetentionDays: count.exactOptional(),
  deletionProtection: z.boolean().exactOptional(),
  kmsKeyArn: z.string().exactOptional(),
  serviceCidr: z.string().exactOptional(),
});

/** What becomes of the platform's controllers where nodes are simulated. */
export enum Controllers {
  /** They are said to be ready, and do nothing. */
  simulated = "simulated",
  /** They run as processes of this machine. */
  processes = "processes",
}

/** Nodes that run pods, beside those that are simulated. */
const realNodes = mapping({
  count: count.exactOptional(),
  gpus: count.exactOptional(),
  cpus: count.exactOptional(),
  namespaces: z.array(nonEmptyText).exactOptional(),
});

/** The Kubernetes cluster. */
export const cluster = mapping({
  kind: z.enum(ClusterKind),
  controllers: z.enum(Controllers).exactOptional(),
  realNodes: realNodes.exactOptional(),
  moduleCharts: nonEmptyText.exactOptional(),
  kubeconfig: nonEmptyText.exactOptional(),
  context: nonEmptyText.exactOptional(),
  awsAccountId: z.string().exactOptional(),
  eks: eks.exactOptional(),
});

/** What a stack's configuration says of a cluster on EKS. */
export type EksConfig = z.infer<typeof eks>;
