import type * as pulumi from "@pulumi/pulumi";
import {
  artifact,
  containerStep,
  type JobVolume,
  param,
  resourceStep,
  sparkJobManifest,
} from "../../../components/workloads";
import { lineageOf, type StoryGround } from "../story";

/** Where the volume is mounted that Spark and H2O share; what is small goes from step to step as an artifact. */
const DATA = "/data";

/** Name of a run that no other one has, also not one of the same name before or after it. */
export const RUN_ID = "{{workflow.name}}-{{workflow.creationTimestamp.s}}";

/** Folder of a run on that volume, its raw tables included: what a lineage refers to is never written again. */
const RUN = `${DATA}/runs/${RUN_ID}`;
const RAW = `${RUN}/raw`;

/**
 * User of Spark's image, and of all others: on a volume that many pods write, no user could write into folders that another
 * one made.
 */
const USER = 185;

/** How pods end on simulated nodes, where no container runs. */
const succeeds = { annotations: { "mlstack.dev/simulate": "succeed after=2s" } };

/** Plots and rankings do not run on big nodes. */
const small = { cpu: "250m", memory: "512Mi", runAsUser: USER, ...succeeds };

/** Account that Spark's drivers make executors with. */
export const SPARK_ACCOUNT = "refit-spark";

/** The steps of a refit, each an image of `examples/refit`. */
export function refitSteps({ image, namespace, commit }: StoryGround, claim: pulumi.Input<string>) {
  const volumes: JobVolume[] = [{ name: "data", mountPath: DATA, persistentVolumeClaim: claim }];

  const generate = containerStep("generate", {
    inputs: { day: param.string() },
    run: ({ inputs }) => ({
      image: image("refit-generate"),
      command: ["python", "/app/generate.py"],
      args: ["--as-of", inputs.day, "--output", RAW],
      volumes,
      ...small,
    }),
  });

  const transform = resourceStep("transform", {
    inputs: { day: param.string() },
    manifest: ({ inputs }) =>
      sparkJobManifest("transform", {
        namespace,
        image: image("refit-transform"),
        sparkVersion: "4.0.1",
        mainFile: "local:///app/transform.py",
        args: [
          ...["customers", "usage", "cancellations"].flatMap((table) => [`--${table}`, `${RAW}/${table}.csv`]),
          ...["--as-of", inputs.day],
          ...["training", "validation", "profile"].flatMap((table) => [`--${table}`, `${RUN}/${table}`]),
        ],
        executor: { replicas: 2, cpu: "1", memory: "2Gi" },
        volumes,
        runAsUser: USER,
        serviceAccountName: SPARK_ACCOUNT,
        ...lineageOf({ commit }),
        ...succeeds,
      }),
  });

  const train = containerStep("train", {
    inputs: { trial: param.string(), ntrees: param.number(), depth: param.number(), commit: param.string() },
    run: ({ inputs }) => ({
      image: image("refit-train"),
      command: ["python", "/app/train.py"],
      args: [
        ...["training", "validation"].flatMap((table) => [`--${table}`, `${RUN}/${table}`]),
        ...["--ntrees", inputs.ntrees, "--max-depth", inputs.depth, "--commit", inputs.commit],
        ...["--data-reference", `file://${RAW}`, "--output", `${RUN}/trials/${inputs.trial}`],
      ],
      volumes,
      cpu: "2",
      memory: "3Gi",
      runAsUser: USER,
      ...succeeds,
    }),
  });

  const select = containerStep("select", {
    outputs: { best: artifact("trial") },
    run: ({ outputs }) => ({
      image: image("refit-select"),
      command: ["python", "/app/select_best.py"],
      args: ["--trials", `${RUN}/trials`, "--output", outputs.best.path],
      volumes,
      ...small,
    }),
  });

  const packaging = containerStep("package", {
    inputs: { trial: artifact("trial"), revision: param.string() },
    outputs: { library: artifact("library") },
    run: ({ inputs, outputs }) => ({
      image: image("refit-scoring-library"),
      command: ["/app/package.sh"],
      args: [inputs.trial.path, inputs.revision, outputs.library.path],
      cpu: "1",
      memory: "2Gi",
      runAsUser: USER,
      ...succeeds,
    }),
  });

  const publish = containerStep("publish", {
    inputs: { trial: artifact("trial"), library: artifact("library"), version: param.string() },
    run: ({ inputs }) => ({
      image: image("refit-publish"),
      command: ["python", "/app/publish.py"],
      args: [
        ...["--library", `${inputs.library.path}/scoring-library.jar`, "--trial", inputs.trial.path],
        ...["--name", "cancellation", "--version", inputs.version, "--registry", `${DATA}/registry`],
      ],
      volumes,
      ...small,
    }),
  });

  const analyse = containerStep("analyse", {
    inputs: { trial: artifact("trial") },
    outputs: { report: artifact("report") },
    run: ({ inputs, outputs }) => ({
      image: image("refit-analyse"),
      command: ["python", "/app/analyse.py"],
      args: ["--selected", inputs.trial.path, "--output", outputs.report.path],
      ...small,
    }),
  });

  return { generate, transform, train, select, packaging, publish, analyse };
}
