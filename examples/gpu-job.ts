import { Cluster, ClusterKind, GpuJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const mnist = new GpuJob(
  "mnist",
  {
    image: "ghcr.io/acme/mnist:1.4.0",
    command: ["python", "-m", "mnist.train"],
    args: ["--steps", "500"],
    pool: "train",
    secretEnv: { TRACKING_TOKEN: { name: "tracking", key: "token" } },
    volumes: [
      { name: "data", mountPath: "/data", persistentVolumeClaim: "mnist", readOnly: true },
      { name: "scratch", mountPath: "/scratch", scratch: { sizeLimit: "20Gi" } },
    ],
    permanentExitCodes: [2],
    activeDeadlineSeconds: 3600,
  },
  { providers: [cluster.provider] },
);
