import { Cluster, ClusterKind, DcgmExporter } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const exporter = new DcgmExporter(
  "dcgm",
  { platform: { prometheus: true }, tolerations: [{ key: "example.com/team" }] },
  { providers: [cluster.provider] },
);
