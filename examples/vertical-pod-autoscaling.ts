import { CertManager, Cluster, ClusterKind, MetricsServer, VerticalPodAutoscaling } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const providers = [cluster.provider];

const certificates = new CertManager("certificates", {}, { providers });
const metrics = new MetricsServer("metrics", {}, { providers });

export const autoscaling = new VerticalPodAutoscaling(
  "vpa",
  { platform: { certManager: true } },
  { providers, dependsOn: [certificates, metrics] },
);
