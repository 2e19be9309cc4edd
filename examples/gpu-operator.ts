import { Cluster, ClusterKind, GpuOperator, MigStrategy } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const operator = new GpuOperator(
  "gpu",
  { operands: { migManager: true }, migStrategy: MigStrategy.mixed },
  { providers: [cluster.provider] },
);
