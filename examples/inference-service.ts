import { Cluster, ClusterKind, InferenceService } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const churn = new InferenceService(
  "churn",
  {
    namespace: "vision",
    model: { format: "sklearn", protocol: "v2", runtime: "kserve-sklearnserver" },
    storageUri: "s3://acme-models/churn/7",
    serviceAccountName: "models",
    runAsNonRoot: true,
    maxReplicas: 6,
    cpuPercent: 70,
    // One request in ten goes to the next version; testers ask for it by a header.
    canaries: [{ name: "next", storageUri: "s3://acme-models/churn/8", trafficPercent: 10 }],
    versionHeader: "x-model-version",
    route: { hosts: ["churn.example.com"] },
    timeoutSeconds: 30,
  },
  { providers: [cluster.provider] },
);
