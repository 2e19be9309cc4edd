import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { GpuJob } from "mlstack/workloads";

const config = new pulumi.Config();

// An empty text is a setting that nobody has made.
const provider = new k8s.Provider("cluster", { kubeconfig: config.get("kubeconfig") || undefined });

// No pod of the namespace may run as root or with rights on its node.
const security = "pod-security.kubernetes.io/enforce";
const labels = { [security]: "restricted", [`${security}-version`]: "v1.35" };
const name = config.require("namespace");
const namespace = new k8s.core.v1.Namespace("team", { metadata: { name, labels } }, { provider });

// Nothing reaches the pods of the namespace from outside.
new k8s.networking.v1.NetworkPolicy(
  "closed",
  { metadata: { namespace: namespace.metadata.name }, spec: { podSelector: {}, policyTypes: ["Ingress"] } },
  { provider },
);

// The update waits until the job has ended well, at most for activeDeadlineSeconds.
const job = new GpuJob(
  "look",
  {
    namespace: namespace.metadata.name,
    image: config.require("image"),
    command: ["nvidia-smi"],
    gpus: config.requireNumber("gpus"),
    runAsUser: 1000,
    activeDeadlineSeconds: 600,
  },
  { provider },
);

/** Whether the job has ended well. */
export const completed = job.completed;
