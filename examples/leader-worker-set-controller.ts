import { Cluster, ClusterKind, LeaderWorkerSetController } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const leaderWorkerSet = new LeaderWorkerSetController(
  "leader-worker-set",
  { platform: { certManager: true, systemPool: "system" } },
  { providers: [cluster.provider] },
);
