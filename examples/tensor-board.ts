import { Cluster, ClusterKind, TensorBoard } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const runs = new TensorBoard(
  "runs",
  { namespace: "vision", logsClaim: "runs", logsFolder: "resnet", standalone: true },
  { providers: [cluster.provider] },
);
