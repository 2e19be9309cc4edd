import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, ClusterKind, GpuNodePool, SystemNodePool } from "mlstack/cluster";
import { BatchJob, GpuJob } from "mlstack/workloads";

const kubeconfig = new pulumi.Config().require("kubeconfig");
const cluster = new Cluster("lab", { kind: ClusterKind.local, kubeconfig });
const opts = { providers: [cluster.provider] };

const system = new SystemNodePool("system", {}, opts);
const pool = new GpuNodePool("train", { instanceType: "g5.12xlarge", maxNodes: 2, desiredNodes: 1 }, opts);

const security = "pod-security.kubernetes.io/enforce";
const labels = { [security]: "baseline", [`${security}-version`]: "v1.36" };
const team = new k8s.core.v1.Namespace(
  "team",
  { metadata: { name: "vision", labels } },
  { provider: cluster.provider },
);

const image = { image: "ghcr.io/acme/mnist:1.4.0", namespace: "vision" };
const training = new GpuJob(
  "mnist",
  { ...image, command: ["python", "-m", "mnist.train"], gpus: 2, pool: "train", activeDeadlineSeconds: 3600 },
  { ...opts, dependsOn: [pool, team] },
);
const report = new BatchJob("report", { ...image, command: ["report"] }, { ...opts, dependsOn: [system, training] });

export const finished = report.completed;
