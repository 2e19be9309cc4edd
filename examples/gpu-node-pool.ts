import * as pulumi from "@pulumi/pulumi";
import { CapacityType, Cluster, ClusterKind, GpuNodePool } from "../components";

const kubeconfig = new pulumi.Config().require("kubeconfig");
const cluster = new Cluster("local", { kind: ClusterKind.local, kubeconfig });

export const training = new GpuNodePool(
  "train",
  { instanceType: "g5.12xlarge", maxNodes: 4, desiredNodes: 1, capacityType: CapacityType.spot },
  { providers: [cluster.provider] },
);
