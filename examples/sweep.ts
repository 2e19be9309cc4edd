import {
  categoricalSpace,
  Cluster,
  ClusterKind,
  doubleSpace,
  gpuJobManifest,
  intSpace,
  SpaceDistribution,
  Sweep,
  SweepAlgorithm,
  SweepDirection,
  sweepTrial,
} from "../components";

const cluster = new Cluster("lab", { kind: ClusterKind.existing });

const parameters = {
  learningRate: doubleSpace({ min: 1e-5, max: 0.1, distribution: SpaceDistribution.logUniform }),
  layers: intSpace({ min: 2, max: 8 }),
  optimizer: categoricalSpace(["sgd", "adamw"]),
};

export const mnist = new Sweep(
  "mnist",
  {
    namespace: "vision",
    parameters,
    trial: sweepTrial(parameters, (p) =>
      gpuJobManifest("trial", {
        image: "ghcr.io/acme/mnist:1.4.0",
        command: ["python", "-m", "mnist.train"],
        args: [`--lr=${p.learningRate}`, `--layers=${p.layers}`, `--optimizer=${p.optimizer}`],
        queue: "default",
        activeDeadlineSeconds: 3600,
      }),
    ),
    objective: { metric: "accuracy", direction: SweepDirection.maximize, goal: 0.99 },
    algorithm: SweepAlgorithm.tpe,
    maxTrials: 30,
    parallelTrials: 4,
  },
  { providers: [cluster.provider] },
);
