import { Cluster, ClusterKind, MasterWorkerJob, WorkersStart } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const demand = new MasterWorkerJob(
  "demand",
  {
    image: "ghcr.io/acme/demand-fleet:1.4.0",
    lineage: { commit: "8f14e45fceea167a5a36dedd4bea2543f0d3a1b2" },
    env: { FLEET_RUN: "$(TRAINING_ID)", RIDES: "/rides", ESTIMATORS: "/estimators" },
    volumes: [
      { name: "rides", mountPath: "/rides", persistentVolumeClaim: "rides", readOnly: true },
      { name: "estimators", mountPath: "/estimators", persistentVolumeClaim: "estimators" },
    ],
    // This master waits for all results, and publishes them if they are good enough.
    workersStart: WorkersStart.withMaster,
    master: { args: ["master", "--districts", "center", "harbor", "north", "south"] },
    workers: { args: ["worker"], replicas: 4, cpu: "2" },
    activeDeadlineSeconds: 7200,
    afterTraining: {
      image: "ghcr.io/acme/demand-serve:1.4.0",
      port: 8000,
      readiness: { path: "/readyz" },
    },
  },
  { providers: [cluster.provider] },
);
