import { Cluster, ClusterKind, MpiJob } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

export const speech = new MpiJob(
  "speech",
  {
    namespace: "speech",
    image: "ghcr.io/acme/speech-horovod:1.4.0",
    command: ["mpirun", "-x", "NCCL_DEBUG", "-x", "FI_PROVIDER", "-x", "NCCL_SOCKET_IFNAME"],
    args: ["python", "/opt/speech/train.py"],
    workers: { replicas: 4, gpus: 8, efa: 4, pool: "a100" },
    volumes: [{ name: "checkpoints", mountPath: "/checkpoints", persistentVolumeClaim: "checkpoints" }],
  },
  { providers: [cluster.provider] },
);
