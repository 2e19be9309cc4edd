import { Cluster, ClusterKind, Tenant } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const vision = new Tenant(
  "vision",
  {
    limits: { gpus: 16, storage: "10Ti" },
    queues: [{ clusterQueue: "research" }],
    editors: { groups: ["vision-engineers"] },
    viewers: { groups: ["research-leads"] },
    serviceAccounts: [{ name: "trainer" }, { name: "workflow", runsWorkflows: true }],
    network: {
      to: [{ namespace: "artifacts", ports: [8333] }, { cidr: "0.0.0.0/0" }],
      from: [{ namespace: "monitoring" }],
      podIdentity: true,
    },
  },
  { providers: [cluster.provider] },
);
