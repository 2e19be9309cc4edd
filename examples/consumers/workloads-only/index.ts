import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { GpuJob } from "mlstack/workloads";

const kubeconfig = new pulumi.Config().requireSecret("kubeconfig");
const provider = new k8s.Provider("cluster", { kubeconfig });

const training = new GpuJob(
  "train",
  {
    namespace: "research",
    image: "ghcr.io/acme/vision:1.4.0",
    command: ["torchrun", "--nproc-per-node=8", "-m", "vision.train"],
    gpus: 8,
    cpu: "48",
    memory: "512Gi",
    activeDeadlineSeconds: 7200,
  },
  { providers: [provider] },
);

export const trained = training.completed;
