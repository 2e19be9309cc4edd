import { Cluster, ClusterKind, NvidiaDevicePlugin } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const devicePlugin = new NvidiaDevicePlugin(
  "gpu",
  { namedConfigs: { shared: { timeSlicing: { replicas: 4 } } } },
  { providers: [cluster.provider] },
);
