import { gpuJobManifest, trainJobManifest } from "../../../../components/workloads";
import {
  artifact,
  containerStep,
  dag,
  param,
  resourceStep,
  sequence,
  suspendStep,
  TaskResult,
  text,
  useTemplate,
  workflowDefinition,
  type WorkflowDefinition,
  workflowRun,
} from "../../../../components/workloads/workflows";

const image = "ghcr.io/acme/demand:1.0.0";

/** Fetches rows, and plans trials over them. */
export const fetch = containerStep("fetch", {
  inputs: { day: param.string(), limit: param.number({ default: 1000, description: "most rows" }) },
  outputs: { table: artifact("csv"), rows: param.number(), depths: param.list(param.number()) },
  run: ({ inputs, outputs }) => ({
    image,
    command: ["python", "-m", "demand.fetch"],
    args: [inputs.day, inputs.limit, outputs.table.path, outputs.rows.path, outputs.depths.path],
    cpu: "500m",
    memory: "1Gi",
  }),
});

/** Trains on one GPU. */
export const train = containerStep("train", {
  inputs: { table: artifact("csv"), depth: param.number(), loss: param.oneOf(["mse", "mae"], { default: "mse" }) },
  outputs: { model: artifact("model"), error: param.number() },
  retry: { limit: 1, permanentExitCodes: [2] },
  activeDeadlineSeconds: 3600,
  run: ({ inputs, outputs }) => ({
    image,
    command: ["python", "-m", "demand.train"],
    args: ["--table", inputs.table.path, "--depth", inputs.depth, "--loss", inputs.loss],
    env: { MODEL: outputs.model.path, ERROR: outputs.error.path },
    gpus: 1,
  }),
});

/** Compares trials. */
export const compare = containerStep("compare", {
  inputs: { errors: param.list(param.number()), title: param.string() },
  outputs: { report: artifact("html", { path: "/srv/report.html" }) },
  retry: { limit: 0 },
  run: ({ inputs }) => ({ image, command: ["python", "-m", "demand.compare"], args: [inputs.errors, inputs.title] }),
});

/** Says how a run ended. */
export const notify = containerStep("notify", {
  inputs: { status: param.string() },
  run: ({ inputs }) => ({ image, command: ["python", "-m", "demand.notify"], args: [inputs.status] }),
});

/** Asks a person. */
export const approve = suspendStep("approve", { outputs: { verdict: param.oneOf(["yes", "no"]) } });

/** Scores in a job of its own. */
export const score = resourceStep("score", {
  inputs: { day: param.string() },
  outputs: { job: param.string({ jsonPath: "{.metadata.name}" }) },
  manifest: ({ inputs }) => gpuJobManifest("score", { image, args: ["--day", inputs.day] }),
});

/** Trains on several nodes. */
export const distributed = resourceStep("distributed", {
  inputs: { day: param.string() },
  outputs: { uid: param.string({ jsonPath: "{.metadata.uid}" }) },
  mutexes: ["cluster"],
  manifest: ({ inputs }) =>
    trainJobManifest("demand", { image, command: ["train", inputs.day], nodes: 2, runtime: "torch-distributed" }),
});

/** Fetches, tries several depths at once, and compares them. */
export const trials = dag("trials", {
  inputs: { day: param.string(), "least-rows": param.number({ default: 100 }) },
  outputs: { model: artifact("model", { optional: true }), error: param.number({ default: 1 }) },
  parallelism: 4,
  tasks: (tasks, inputs) => {
    const fetched = tasks.run(fetch, { day: inputs.day });
    const tried = tasks.each(train, fetched.outputs.depths, (depth) => ({ table: fetched.outputs.table, depth }));
    tasks.run(
      compare,
      { errors: tried.outputs.error, title: text`${workflowRun.name}: ${fetched.outputs.rows} rows` },
      { after: [tried.ended(TaskResult.anySucceeded)] },
    );
    const best = tasks.run(
      train,
      { table: fetched.outputs.table, depth: 8, loss: "mae" },
      { name: "best", when: fetched.outputs.rows.isAtLeast(inputs["least-rows"]), after: [tried] },
    );
    return { model: best.outputs.model, error: best.outputs.error };
  },
});

/** Groups one after another, with every kind of step. */
export const release = sequence("release", {
  inputs: { day: param.string() },
  tasks: (groups, { day }) => {
    const first = groups.next();
    const fetched = first.run(fetch, { day });
    first.run(score, { day });
    first.run(distributed, { day });
    const second = groups.next();
    second.run(approve);
    second.each(train, [{ depth: 2 }, { depth: 4 }], ({ depth }) => ({ table: fetched.outputs.table, depth }));
    groups.next().run(useTemplate("messages", notify), { status: "released" });
  },
});

const atExit = dag("at-exit", {
  tasks: (tasks) => {
    tasks.run(notify, { status: workflowRun.status });
  },
});

/** The definitions that tests use, by what is special in them. */
export const definitions: Record<"minimal" | "trials" | "release" | "single", WorkflowDefinition> = {
  minimal: workflowDefinition(containerStep("main", { run: () => ({ image, command: ["python", "-m", "demand"] }) })),
  trials: workflowDefinition(trials, { onExit: atExit }),
  release: workflowDefinition(release),
  single: workflowDefinition(notify),
};

/** Writes to volumes that a run has for itself, `rides` and `scratch`. */
export const shuffling: WorkflowDefinition = workflowDefinition(
  containerStep("shuffle", {
    run: () => ({
      image,
      command: ["python", "-m", "demand.shuffle"],
      volumes: ["rides", "scratch"].map((name) => ({
        name,
        mountPath: `/mnt/${name}`,
        persistentVolumeClaim: `{{workflow.name}}-${name}`,
      })),
    }),
  }),
);
