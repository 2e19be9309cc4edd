import {
  artifact,
  containerStep,
  param,
  resourceStep,
  sparkJobManifest,
  type WorkflowArtifactStore,
} from "../../../components/workloads";
import { lineageOf, type StoryGround } from "../story";
import { addressOf, clientAccess, REGISTRY, RUN, sparkAccess } from "./store";

/** User of Spark's image, and of all others. */
const USER = 185;

/** How pods end on simulated nodes, where no container runs. */
const succeeds = { annotations: { "mlstack.dev/simulate": "succeed after=2s" } };

/** Plots and rankings do not run on big nodes. */
const small = { cpu: "250m", memory: "512Mi", runAsUser: USER, ...succeeds };

/** Account that Spark's drivers make executors with. */
export const SPARK_ACCOUNT = "refit-spark";

/** What the steps of a refit stand on. */
export interface RefitGround extends StoryGround {
  /** Where tables, trials and published models lie; the accounts of the story must be granted to read and write it. */
  artifactStore: WorkflowArtifactStore;
}

/** The steps of a refit, each an image of `examples/refit`. */
export function refitSteps({ image, namespace, commit, artifactStore: store }: RefitGround) {
  const generate = containerStep("generate", {
    inputs: { day: param.string() },
    outputs: { raw: artifact("tables", { key: `${RUN}/raw` }) },
    run: ({ inputs, outputs }) => ({
      image: image("refit-generate"),
      command: ["python", "/app/generate.py"],
      args: ["--as-of", inputs.day, "--output", outputs.raw.path],
      ...small,
    }),
  });

  const onSpark = (key: string) => addressOf(store, `${RUN}/${key}`, "s3a");
  const transform = resourceStep("transform", {
    inputs: { day: param.string() },
    manifest: ({ inputs }) =>
      sparkJobManifest("transform", {
        namespace,
        image: image("refit-transform"),
        sparkVersion: "4.0.1",
        mainFile: "local:///app/transform.py",
        args: [
          ...["customers", "usage", "cancellations"].flatMap((table) => [`--${table}`, onSpark(`raw/${table}.csv`)]),
          ...["--as-of", inputs.day],
          ...["training", "validation", "profile"].flatMap((table) => [`--${table}`, onSpark(table)]),
        ],
        executor: { replicas: 2, cpu: "1", memory: "2Gi" },
        ...sparkAccess(store),
        runAsUser: USER,
        serviceAccountName: SPARK_ACCOUNT,
        ...lineageOf({ commit }),
        ...succeeds,
      }),
  });

  const train = containerStep("train", {
    inputs: {
      training: artifact("table", { key: `${RUN}/training` }),
      validation: artifact("table", { key: `${RUN}/validation` }),
      ...{ trial: param.string(), ntrees: param.number(), depth: param.number(), commit: param.string() },
    },
    outputs: { files: artifact("trial", { key: `${RUN}/trials/{{inputs.parameters.trial}}` }) },
    run: ({ inputs, outputs }) => ({
      image: image("refit-train"),
      command: ["python", "/app/train.py"],
      args: [
        ...["--training", inputs.training.path, "--validation", inputs.validation.path],
        ...["--ntrees", inputs.ntrees, "--max-depth", inputs.depth, "--commit", inputs.commit],
        ...["--data-reference", addressOf(store, `${RUN}/raw`), "--output", outputs.files.path],
      ],
      cpu: "2",
      memory: "3Gi",
      runAsUser: USER,
      ...succeeds,
    }),
  });

  const select = containerStep("select", {
    inputs: { trials: artifact("trials", { key: `${RUN}/trials` }) },
    outputs: { best: artifact("trial") },
    run: ({ inputs, outputs }) => ({
      image: image("refit-select"),
      command: ["python", "/app/select_best.py"],
      args: ["--trials", inputs.trials.path, "--output", outputs.best.path],
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
        ...["--name", "cancellation", "--version", inputs.version, "--registry", addressOf(store, REGISTRY)],
      ],
      ...clientAccess(store),
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
