import { artifact, dag, param, useTemplate } from "mlstack/workloads";
import type { refitSteps } from "./steps";
import { RUN_ID } from "./store";

/** WorkflowTemplate whose step packages a trained model; any workflow of the namespace can use it. */
export const PACKAGING = "mojo-packaging";

/** The day that a run was created on, as ISO 8601 writes it. */
const CREATION_DAY = ["Y", "m", "d"].map((part) => `{{workflow.creationTimestamp.${part}}}`).join("-");

/** Parameters of the trials, which train side by side. */
const TRIALS = [
  { trial: "shallow", ntrees: 50, depth: 3 },
  { trial: "medium", ntrees: 50, depth: 5 },
  { trial: "many", ntrees: 100, depth: 5 },
  { trial: "deep", ntrees: 100, depth: 8 },
];

/** The whole refit: prepare on Spark, train trials, take the best, package it where it is proved equal, publish. */
export function refitGraph(steps: ReturnType<typeof refitSteps>) {
  return dag("refit", {
    inputs: { day: param.string({ default: CREATION_DAY }), commit: param.string(), version: param.string() },
    outputs: { report: artifact("report") },
    tasks: (tasks, { day, commit, version }) => {
      // The registry takes each version once, and runs of one version of the code are many.
      const release = `${String(version)}-${RUN_ID}`;
      const raw = tasks.run(steps.generate, { day });
      const tables = tasks.run(steps.transform, { day }, { after: [raw] });
      const trials = tasks.each(steps.train, TRIALS, ({ trial, ntrees, depth }) => ({ trial, ntrees, depth, commit }), {
        name: "trials",
        after: [tables],
      });
      const selected = tasks.run(steps.select, {}, { after: [trials] });
      const trial = selected.outputs.best;
      const packaged = tasks.run(useTemplate(PACKAGING, steps.packaging), { trial, revision: release });
      tasks.run(steps.publish, { trial, library: packaged.outputs.library, version: release });
      const { report } = tasks.run(steps.analyse, { trial }).outputs;
      return { report };
    },
  });
}
