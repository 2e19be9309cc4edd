import { Cluster, ClusterKind, WebService } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const demand = new WebService(
  "demand",
  {
    image: "ghcr.io/acme/demand:1.4.0",
    command: ["python", "-m", "demand.serve"],
    lineage: { commit: "8f14e45fceea167a5a36dedd4bea2543f0d3a1b2" },
    // Training and pods find the estimator of their own version.
    env: { ESTIMATORS: "/estimators/$(TRAINING_ID)" },
    volumes: [{ name: "estimators", mountPath: "/estimators", persistentVolumeClaim: "estimators", readOnly: true }],
    readiness: { path: "/readyz" },
    maxReplicas: 10,
    memoryScaling: { maxMemory: "8Gi" },
    route: { hosts: ["demand.example.com"], timeoutSeconds: 10 },
    trainFirst: {
      command: ["python", "-m", "demand.train"],
      cpu: "8",
      memory: "32Gi",
      volumes: [
        { name: "rides", mountPath: "/rides", persistentVolumeClaim: "rides", readOnly: true },
        { name: "estimators", mountPath: "/estimators", persistentVolumeClaim: "estimators" },
      ],
      activeDeadlineSeconds: 7200,
    },
  },
  { providers: [cluster.provider] },
);
