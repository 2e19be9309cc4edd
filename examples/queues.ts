import * as pulumi from "@pulumi/pulumi";
import { Cluster, ClusterKind, GpuNodePool, Kueue, Queues, SystemNodePool } from "../components";

const kubeconfig = new pulumi.Config().require("kubeconfig");
const cluster = new Cluster("local", { kind: ClusterKind.local, kubeconfig });
const providers = [cluster.provider];

const system = new SystemNodePool("system", {}, { providers });
const train = new GpuNodePool("train", { instanceType: "p4d.24xlarge", maxNodes: 4 }, { providers });
const serve = new GpuNodePool("serve", { instanceType: "g5.xlarge", maxNodes: 8 }, { providers });
const platform = { simulated: true, systemPool: system.shape.name };
const kueue = new Kueue("kueue", { platform }, { providers });

export const queues = new Queues(
  "queues",
  {
    platform,
    pools: [system.shape, train.shape, serve.shape],
    queues: [
      { name: "research", quotas: [{ pool: "train", gpus: 24 }], fairShareWeight: 3 },
      { name: "products", quotas: [{ pool: "serve" }, { pool: "train", gpus: 8, borrowingLimitGpus: 8 }] },
    ],
    tenants: [{ namespace: "vision", gpus: 16, clusterQueues: ["research"] }],
  },
  { providers, dependsOn: [kueue] },
);
