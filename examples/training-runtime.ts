import { Cluster, ClusterKind, JobSetController, Trainer, TrainingRuntime, TrainingRuntimeKind } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const providers = [cluster.provider];

const jobSet = new JobSetController("job-set", {}, { providers });
const trainer = new Trainer("trainer", {}, { providers, dependsOn: [jobSet] });

export const llm = new TrainingRuntime(
  "llm-h100",
  {
    kind: TrainingRuntimeKind.torch,
    image: "registry.example.com/llm-train:1.4.0",
    nodes: 2,
    gpusPerNode: 8,
    cpu: "90",
    memory: "1000Gi",
    pool: "h100",
    sharedMemory: "200Gi",
    maxRestarts: 3,
  },
  { providers, dependsOn: [trainer] },
);
