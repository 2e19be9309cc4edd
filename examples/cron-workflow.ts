import {
  Cluster,
  ClusterKind,
  CronWorkflow,
  dag,
  param,
  pyTorchJobManifest,
  resourceStep,
  sparkJobManifest,
  workflowDefinition,
  workflowRun,
} from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

const prepare = resourceStep("prepare", {
  inputs: { until: param.string() },
  manifest: ({ inputs }) =>
    sparkJobManifest("prepare", {
      image: "ghcr.io/acme/rides-spark:1.4.0",
      sparkVersion: "4.0.1",
      mainFile: "local:///opt/rides/prepare.py",
      args: ["--until", inputs.until],
      executor: { replicas: 8, cpu: "4", memory: "16Gi" },
    }),
});

const train = resourceStep("train", {
  inputs: { until: param.string() },
  manifest: ({ inputs }) =>
    pyTorchJobManifest("train", {
      image: "ghcr.io/acme/rides-torch:1.4.0",
      command: ["torchrun", "/opt/rides/train.py"],
      args: ["--until", inputs.until],
      nodes: 3,
      gpus: 4,
    }),
  activeDeadlineSeconds: 4 * 3600,
});

const nightly = dag("nightly", {
  tasks: (graph) => {
    const until = workflowRun.createdAt;
    const prepared = graph.run(prepare, { until });
    graph.run(train, { until }, { after: [prepared] });
  },
});

export const rides = new CronWorkflow(
  "rides",
  {
    definition: workflowDefinition(nightly),
    schedules: ["40 2 * * *"],
    timeZone: "Europe/Berlin",
    namespace: "rides",
  },
  { providers: [cluster.provider] },
);
