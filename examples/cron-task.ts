import { Cluster, ClusterKind, CronTask } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const refit = new CronTask(
  "refit",
  {
    schedule: "40 2 * * *",
    timeZone: "Europe/Berlin",
    job: {
      image: "ghcr.io/acme/demand-train:1.4.0",
      args: ["--estimators=/estimators", "--rides=/rides"],
      volumes: [
        { name: "rides", mountPath: "/rides", persistentVolumeClaim: "rides", readOnly: true },
        { name: "estimators", mountPath: "/estimators", persistentVolumeClaim: "estimators" },
      ],
      activeDeadlineSeconds: 3600,
    },
  },
  { providers: [cluster.provider] },
);
