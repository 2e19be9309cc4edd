import * as pulumi from "@pulumi/pulumi";
import { Cluster, ClusterKind, Monitoring } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const config = new pulumi.Config();

export const monitoring = new Monitoring(
  "monitoring",
  {
    retention: "30d",
    storage: { size: "300Gi", className: "gp3" },
    alertmanagerConfig: config.getSecret("alertmanager") ?? "route: { receiver: none }\nreceivers: [{ name: none }]\n",
    thresholds: { idleMinutes: 60 },
  },
  { providers: [cluster.provider] },
);
