import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Cluster, ClusterKind } from "mlstack/cluster";
import { NvidiaDevicePlugin } from "mlstack/platform";
import { CronTask, GpuJob } from "mlstack/workloads";

const config = new pulumi.Config();
const cluster = new Cluster("lab", {
  kind: ClusterKind.existing,
  // Empty texts are settings that nobody has made.
  kubeconfig: config.get("kubeconfig") || undefined,
  context: config.get("context") || undefined,
});
const opts = { providers: [cluster.provider] };

// Leave it out where the nodes' images or the GPU operator bring one.
const devicePlugin = new NvidiaDevicePlugin("gpu", {}, opts);

const security = "pod-security.kubernetes.io/enforce";
const labels = { [security]: "restricted", [`${security}-version`]: "v1.35" };
const team = new k8s.core.v1.Namespace(
  "team",
  { metadata: { name: "ml-lab", labels } },
  { provider: cluster.provider },
);

// Nothing reaches the pods of the namespace from outside.
new k8s.networking.v1.NetworkPolicy(
  "closed",
  { metadata: { namespace: team.metadata.name }, spec: { podSelector: {}, policyTypes: ["Ingress"] } },
  { provider: cluster.provider },
);

const job = { image: "ghcr.io/acme/mnist:1.4.0", gpus: 1, runAsUser: 1000, activeDeadlineSeconds: 3600 };
const after = { ...opts, dependsOn: [devicePlugin, team] };

// Without a pool, a pod runs on any node that has a GPU.
const training = new GpuJob("mnist", { ...job, namespace: "ml-lab", command: ["python", "-m", "mnist.train"] }, after);
const nightly = new CronTask(
  "mnist-nightly",
  { namespace: "ml-lab", schedule: "40 2 * * *", job: { ...job, command: ["python", "-m", "mnist.train"] } },
  after,
);

export const finished = training.completed;
export const retraining = nightly.objectName;
