import { BatchJob, Cluster, ClusterKind, ModelVersion } from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });
const opts = { providers: [cluster.provider] };

const metrics = { name: "metrics", mountPath: "/metrics", persistentVolumeClaim: "metrics" };

const evaluation = new BatchJob(
  "evaluation",
  {
    namespace: "vision",
    image: "ghcr.io/acme/evaluate:1.4.0",
    args: ["--model=s3://acme-models/resnet/0123abc", "--output=/metrics/resnet.json"],
    volumes: [metrics],
  },
  opts,
);

export const resnet = new ModelVersion(
  "resnet",
  {
    namespace: "vision",
    model: "resnet",
    uri: "s3://acme-models/resnet/0123abc",
    format: "onnx",
    lineage: { commit: "0123abc", data: "s3://acme-lake/imagenet/?versionId=7", parameters: { lr: "0.1" } },
    metricsFile: "/metrics/resnet.json",
    volumes: [{ ...metrics, readOnly: true }],
    gate: { metric: "accuracy", atLeast: 0.92 },
  },
  { ...opts, dependsOn: [evaluation] },
);
